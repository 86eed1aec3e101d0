#include "quickstart/corpus.h"

#include <filesystem>
#include <system_error>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "base/atomic_file.h"
#include "base/error.h"

namespace weft::quickstart {
namespace {

constexpr std::size_t kMaxRejectedInARow = 100000;

std::string join(const std::vector<std::string>& words, const std::string& separator) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : separator) + word;
  return text;
}

std::string pharaoh(const std::vector<Link>& links) {
  std::string text;
  for (const Link& link : links) {
    if (!text.empty()) text += ' ';
    text += std::to_string(link.source) + (link.sure ? "-" : "p") + std::to_string(link.target);
  }
  return text;
}

// Tells whether a pair is new on both sides.
class SeenSentences {
 public:
  bool insert(const SentencePair& pair) {
    const std::string source = join(pair.source, " ");
    const std::string target = join(pair.target, " ");
    const auto known = translations_.find(source);
    if (known != translations_.end() && known->second != target) {
      throw UserError("the grammar is ambiguous: '" + source + "' is both '" + known->second +
                      "' and '" + target + "'");
    }
    const bool new_source = translations_.emplace(source, target).second;
    return targets_.insert(target).second && new_source;
  }

 private:
  std::unordered_map<std::string, std::string> translations_;
  std::unordered_set<std::string> targets_;
};

std::vector<SentencePair> draw_pairs(Sampler& sampler, std::size_t size, std::size_t max_words) {
  std::vector<SentencePair> pairs;
  SeenSentences seen;
  for (std::size_t rejected = 0; pairs.size() < size;) {
    SentencePair pair = sampler.draw();
    if (pair.source.size() <= max_words && pair.target.size() <= max_words && seen.insert(pair)) {
      pairs.push_back(std::move(pair));
      rejected = 0;
    } else if (++rejected == kMaxRejectedInARow) {
      throw UserError("the grammar gave only " + std::to_string(pairs.size()) +
                      " different sentence pairs; " + std::to_string(size) + " are wanted");
    }
  }
  return pairs;
}

void write_part(const std::vector<SentencePair>& pairs, const std::string& stem) {
  std::string english, chinese, raw, links;
  for (const SentencePair& pair : pairs) {
    english += join(pair.source, " ") + '\n';
    chinese += join(pair.target, " ") + '\n';
    raw += join(pair.target, "") + '\n';
    links += pharaoh(pair.links) + '\n';
  }
  write_file_atomically(stem + ".en", english);
  write_file_atomically(stem + ".zh", chinese);
  write_file_atomically(stem + ".raw.zh", raw);
  write_file_atomically(stem + ".align", links);
}

}  // namespace

Corpus draw_corpus(Sampler& sampler, const CorpusSizes& sizes) {
  std::vector<SentencePair> pairs =
      draw_pairs(sampler, sizes.train + sizes.valid + sizes.test, sizes.max_words);
  // Short sentences run out early, so the order of drawing must not decide which part gets them.
  for (std::size_t i = 1; i < pairs.size(); ++i) std::swap(pairs[i], pairs[sampler.below(i + 1)]);
  const auto train_end = pairs.begin() + static_cast<std::ptrdiff_t>(sizes.train);
  const auto valid_end = train_end + static_cast<std::ptrdiff_t>(sizes.valid);
  return {{pairs.begin(), train_end}, {train_end, valid_end}, {valid_end, pairs.end()}};
}

void write_corpus(const Corpus& corpus, const std::string& directory) {
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  if (error) throw UserError(directory + ": cannot be made: " + error.message());
  const std::string stem = directory + "/";
  write_part(corpus.train, stem + "train");
  write_part(corpus.valid, stem + "valid");
  write_part(corpus.test, stem + "test");
}

}  // namespace weft::quickstart
