#include "text/word_counts.h"

#include <algorithm>
#include <limits>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "base/error.h"
#include "base/line_reader.h"
#include "base/words.h"
#include "text/vocabulary.h"
#include "text/word_normalizer.h"

namespace weft {
namespace {

using Counts = std::unordered_map<std::string, int64_t>;
using WordCount = std::pair<std::string, int64_t>;

/// UTF-8 compares in code point order byte by byte.
bool comes_first(const WordCount& a, const WordCount& b) {
  return a.second != b.second ? a.second > b.second : a.first < b.first;
}

/// The most frequent, "" if there is none.
std::string list_most_frequent(Counts counts, int64_t size) {
  for (const char* reserved : {"<pad>", "<unk>", "<s>", "</s>"}) counts.erase(reserved);
  std::vector<WordCount> sorted(counts.begin(), counts.end());
  std::sort(sorted.begin(), sorted.end(), comes_first);
  const auto room = static_cast<std::size_t>(std::max<int64_t>(size - kFirstOrdinaryId, 0));
  sorted.resize(std::min(sorted.size(), room));
  std::string list;
  for (const WordCount& count : sorted) list += count.first + '\n';
  return list;
}

void require_words(const std::string& list, const std::vector<TextFile>& files) {
  if (!list.empty()) return;
  std::string names;
  for (const TextFile& file : files)
    names += (names.empty() ? "" : ", ") + display_name(file.column.path);
  throw UserError("no words to make a vocabulary of in " + names);
}

}  // namespace

std::string list_frequent_words(const std::vector<TextFile>& files, int64_t size,
                                const std::vector<std::string>& required,
                                WordNormalization normalization) {
  Counts counts;
  TextReader reader(files);
  for (std::string line; reader.next(line);) {
    for (const Span& span : split_whitespace(line)) {
      const auto word = std::string_view(line).substr(span.begin, span.end - span.begin);
      ++counts[normalized_word(word, normalization)];
    }
  }
  for (const auto& word : required)
    if (!word.empty())
      counts[normalized_word(word, normalization)] = std::numeric_limits<int64_t>::max();
  const std::string list = list_most_frequent(std::move(counts), size);
  require_words(list, files);
  return list;
}

std::vector<std::string> list_frequent_factors(const std::vector<TextColumn>& files,
                                               const FactorFormat& format, int64_t size) {
  std::vector<TextFile> factored;
  for (const TextColumn& file : files) factored.emplace_back(file, format);
  std::vector<Counts> counts(format.count);
  TextReader reader(factored);
  for (FactoredLine line; reader.next(line);) {
    for (std::size_t k = 0; k < counts.size(); ++k) {
      for (const std::string& value : line.factors[k]) ++counts[k][value];
    }
  }
  std::vector<std::string> lists;
  for (Counts& of_factor : counts) {
    lists.push_back(list_most_frequent(std::move(of_factor), size));
    require_words(lists.back(), factored);
  }
  return lists;
}

}  // namespace weft
