#include "text/word_counts.h"

#include <algorithm>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "base/error.h"
#include "base/line_reader.h"
#include "base/words.h"
#include "text/vocabulary.h"

namespace weft {
namespace {

using WordCount = std::pair<std::string, int64_t>;

std::vector<WordCount> count_words(const std::vector<std::string>& files) {
  std::unordered_map<std::string, int64_t> counts;
  std::string line;
  for (const std::string& file : files) {
    LineReader reader(file);
    while (reader.next(line)) {
      for (const Span& span : split_whitespace(line)) {
        ++counts[line.substr(span.begin, span.end - span.begin)];
      }
    }
  }
  for (const char* reserved : {"<pad>", "<unk>", "<s>", "</s>"}) counts.erase(reserved);
  return {counts.begin(), counts.end()};
}

/// UTF-8 compares in code point order byte by byte.
bool comes_first(const WordCount& a, const WordCount& b) {
  return a.second != b.second ? a.second > b.second : a.first < b.first;
}

}  // namespace

std::string list_frequent_words(const std::vector<std::string>& files, int64_t size) {
  std::vector<WordCount> counts = count_words(files);
  if (counts.empty()) {
    std::string names;
    for (const std::string& file : files) names += (names.empty() ? "" : ", ") + display_name(file);
    throw UserError("no words to make a vocabulary of in " + names);
  }
  std::sort(counts.begin(), counts.end(), comes_first);
  const auto room = static_cast<std::size_t>(std::max<int64_t>(size - kFirstOrdinaryId, 0));
  counts.resize(std::min(counts.size(), room));
  std::string list;
  for (const WordCount& count : counts) list += count.first + '\n';
  return list;
}

}  // namespace weft
