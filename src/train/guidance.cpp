#include "train/guidance.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <utility>

#include "align/pharaoh.h"
#include "base/line_reader.h"
#include "base/log.h"
#include "base/messages.h"
#include "base/stopwatch.h"
#include "train/heartbeat.h"
#include "train/link_teacher.h"

namespace weft {
namespace {

constexpr std::size_t kPairBlock = 1000;

/// What the teacher says of some pairs, beside their pieces.
std::vector<PairGuidance> guidance_of(const std::vector<TextPair>& pairs, LinkTeacher& teacher,
                                      const Vocabularies& vocabularies, WorkerPool& pool) {
  auto links = teacher.links(pairs);
  std::vector<PairGuidance> guidance(pairs.size());
  pool.run(pairs.size(), [&](std::size_t i) {
    guidance[i] = {std::move(links[i]),
                   {vocabularies.source->encode(pairs[i].source).spans,
                    vocabularies.target->encode(pairs[i].target).spans}};
  });
  return guidance;
}

CorpusText text_of(const ParallelCorpus& corpus, const Config& config) {
  return {training_files(config.data), factor_format(config), corpus};
}

void log_guidance(const std::string& teacher, int64_t pairs, int64_t links, double seconds) {
  char text[100];
  std::snprintf(text, sizeof text, "%ld pairs, %.1f links a pair, in %.1f s", pairs,
                static_cast<double>(links) / static_cast<double>(pairs), seconds);
  log_info("guided alignment: " + teacher + ": " + text);
}

/// The first mistake among links for the lines of a text.
void read_links_beside_text(const Config& config) {
  const auto& path = config.training.guided_alignment.links;
  const auto text = training_files(config.data);
  ParallelReader reader({text.source, text.target});
  LineReader links(path);
  std::string source, target, line;
  int64_t read = 0;
  while (reader.next(source, target)) {
    if (!links.next(line)) {
      throw UserError(unequal_lines({path, read}, {LineStream(text.source).names(), std::nullopt}));
    }
    ++read;
    const auto words = split_factors(source, factor_format(config)).text;
    check_bounds(parse_pharaoh(line, links.location()),
                 {split_words(words, word_splitting(config)).size(),
                  split_words(target, word_splitting(config)).size()},
                 links.location());
  }
  if (!links.next(line)) return;
  while (links.next(line)) ++read;
  throw UserError(
      unequal_lines({path, read + 1}, {LineStream(text.source).names(), reader.count()}));
}

}  // namespace

WordSplitting word_splitting(const Config& config) {
  return factor_format(config).count > 0 ? WordSplitting::kWhitespace : WordSplitting::kAuto;
}

void check_links_file(const Config& config, Problems& problems) {
  if (config.training.guided_alignment.links.empty()) return;
  try {
    read_links_beside_text(config);
  } catch (const UserError& error) {
    problems.add(error.what());
  }
}

void guide(ParallelCorpus& corpus, const Config& config, const Vocabularies& vocabularies,
           const std::string& directory) {
  const Stopwatch watch;
  const Heartbeat heartbeat("aligning the training text");
  const auto& file = config.training.guided_alignment.links;
  WorkerPool pool(at::get_num_threads());
  const auto teacher = file.empty() ? teach_by_aligner(text_of(corpus, config), pool)
                                    : teach_by_file(file, word_splitting(config));
  GuidanceStore store(directory);
  auto text = text_of(corpus, config);
  int64_t links = 0;
  for (auto block = text.take(kPairBlock); !block.empty(); block = text.take(kPairBlock)) {
    const auto guidance = guidance_of(block, *teacher, vocabularies, pool);
    for (const auto& pair : guidance) links += static_cast<int64_t>(pair.words.links.size());
    store.add(guidance);
  }
  log_guidance(file.empty() ? "Weft's word aligner" : file, corpus.size(), links, watch.seconds());
  // The aligner's links follow from the text; those of a file are data of their own.
  const std::string mark = file.empty() ? std::string() : store.fingerprint();
  corpus.guide(std::move(store), mark);
}

}  // namespace weft
