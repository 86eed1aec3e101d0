#include "spoken-digits/corpus.h"

#include <cstdio>
#include <functional>
#include <vector>

#include "base/atomic_file.h"
#include "base/error.h"
#include "base/write_file.h"
#include "data/random.h"

namespace weft::digits {
namespace {

/// What a part of the corpus is made of.
struct Part {
  std::string name;
  int64_t size = 0;
  std::function<bool(const Take&)> has;
  TakeChanges changes = {};
};

void write_part(const Part& part, const std::vector<Take>& takes, const std::string& directory,
                std::mt19937_64 generator) {
  std::vector<const Take*> own;
  for (const Take& take : takes) {
    if (part.has(take)) own.push_back(&take);
  }
  if (own.empty() && part.size > 0) throw UserError("there are no takes for the part " + part.name);
  make_directories(directory + '/' + part.name);
  std::string sounds, lines, regions;
  for (int64_t i = 0; i < part.size; ++i) {
    char number[32];
    std::snprintf(number, sizeof number, "/%05lld.wav", static_cast<long long>(i));
    const std::string sound = part.name + number;
    const Utterance utterance = draw_utterance(own, generator, part.changes);
    write_file(directory + '/' + sound, encode_wav(utterance.samples));
    sounds += sound + '\n';
    lines += to_line(utterance.digits) + '\n';
    regions += gold_regions(utterance, sound) + '\n';
  }
  write_file_atomically(directory + '/' + part.name + ".sounds", sounds);
  write_file_atomically(directory + '/' + part.name + ".en", lines);
  write_file_atomically(directory + '/' + part.name + ".en.regions", regions);
}

}  // namespace

void write_corpus(const CorpusOptions& options) {
  constexpr int kTest = 5, kValid = 10;  // the first takes of none of them
  const auto takes = read_takes(options.recordings);
  const auto unseen = [&](const Take& take) { return take.speaker == options.unseen_speaker; };
  const std::vector<Part> parts = {
      {"train", options.train, [&](const Take& t) { return !unseen(t) && t.number >= kValid; },
       options.changes},
      {"valid", options.valid,
       [&](const Take& t) { return !unseen(t) && t.number >= kTest && t.number < kValid; }},
      {"test", options.test, [&](const Take& t) { return !unseen(t) && t.number < kTest; }},
      {"unseen", options.unseen_speaker.empty() ? 0 : options.unseen, unseen}};
  for (std::size_t i = 0; i < parts.size(); ++i)
    write_part(parts[i], takes, options.output, seeded_generator({options.seed, i}));
}

}  // namespace weft::digits
