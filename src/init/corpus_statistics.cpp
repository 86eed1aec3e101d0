#include "init/corpus_statistics.h"

#include <unicode/uchar.h>
#include <unicode/uscript.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <string_view>
#include <unordered_set>
#include <utility>

#include "base/utf8.h"
#include "base/words.h"

namespace weft {
namespace {

/// FNV-1a of 64 bits, finished as in MurmurHash3 so that all bits depend on all bytes.
uint64_t hash_of(std::string_view bytes, uint64_t hash = 0xcbf29ce484222325) {
  for (const char byte : bytes) hash = (hash ^ static_cast<unsigned char>(byte)) * 0x100000001b3;
  hash ^= hash >> 33;
  hash *= 0xff51afd7ed558ccd;
  return hash ^ (hash >> 33);
}

/// Counts what one side has, line by line.
class SideCounter {
 public:
  /// Returns its number of words.
  int64_t add(std::string_view line) {
    const auto words = split_words(line);
    side_.bytes += static_cast<int64_t>(line.size());
    side_.spaced_words += static_cast<int64_t>(split_whitespace(line).size());
    side_.words += static_cast<int64_t>(words.size());
    for (const Span& span : words) {
      const auto word = line.substr(span.begin, span.end - span.begin);
      if (++types_[hash_of(word)] == 2) ++side_.repeated_types;
      for (std::size_t offset = 0; offset < word.size();)
        ++side_.characters[next_code_point(word, offset)];
    }
    return static_cast<int64_t>(words.size());
  }

  SideStatistics take() {
    side_.types = static_cast<int64_t>(types_.size());
    return std::move(side_);
  }

 private:
  SideStatistics side_;
  std::unordered_map<uint64_t, int64_t> types_;
};

/// Of the words alone, so that blanks make no difference; 0 if there are none.
uint64_t sentence_hash(std::string_view line) {
  const auto words = split_whitespace(line);
  if (words.empty()) return 0;
  uint64_t hash = 1;
  for (const Span& span : words)
    hash = hash_of(line.substr(span.begin, span.end - span.begin), hash);
  return std::max<uint64_t>(1, hash);
}

bool is_letter(char32_t c) { return u_isalpha(static_cast<UChar32>(c)); }

bool has_script(char32_t c, std::initializer_list<UScriptCode> scripts) {
  return std::any_of(scripts.begin(), scripts.end(), [c](UScriptCode script) {
    return uscript_hasScript(static_cast<UChar32>(c), script);
  });
}

bool is_wide_mark(char32_t c) {
  const int width = u_getIntPropertyValue(static_cast<UChar32>(c), UCHAR_EAST_ASIAN_WIDTH);
  return u_ispunct(static_cast<UChar32>(c)) && (width == U_EA_WIDE || width == U_EA_FULLWIDTH);
}

int64_t letters_of(const SideStatistics& side) {
  int64_t letters = 0;
  for (const auto& [character, count] : side.characters)
    letters += is_letter(character) ? count : 0;
  return letters;
}

}  // namespace

std::vector<SentenceHashes> hash_sentences(const ParallelFiles& files) {
  std::vector<SentenceHashes> hashes;
  ParallelReader reader(files);
  for (std::string source, target; reader.next(source, target);)
    hashes.push_back({sentence_hash(source), sentence_hash(target)});
  return hashes;
}

CorpusStatistics measure_corpus(const ParallelFiles& files,
                                const std::vector<SentenceHashes>& hashes,
                                const std::vector<bool>& excluded) {
  CorpusStatistics statistics;
  statistics.lengths.resize(CorpusStatistics::kLongestCounted + 1);
  SideCounter sources, targets;
  std::unordered_set<uint64_t> seen;
  ParallelReader reader(files);
  std::size_t line = 0;
  for (std::string source, target; reader.next(source, target); ++line) {
    if (!excluded.empty() && excluded.at(line)) continue;
    const auto& [source_hash, target_hash] = hashes.at(line);
    if (hashes[line].is_usable()) {
      ++statistics.pairs;
      if (source_hash == target_hash) ++statistics.copies;
      if (!seen.insert(source_hash * 31 + target_hash).second) ++statistics.duplicates;
      const auto longer = std::max(sources.add(source), targets.add(target));
      ++statistics
            .lengths[static_cast<std::size_t>(std::min(longer, CorpusStatistics::kLongestCounted))];
    } else if (source_hash == target_hash) {
      ++statistics.both_blank;
    } else if (statistics.one_sided_blank++ == 0) {
      const auto& places = source_hash == 0 ? reader.source_places() : reader.target_places();
      statistics.first_one_sided_blank = places[reader.count()];
    }
  }
  statistics.source = sources.take();
  statistics.target = targets.take();
  return statistics;
}

int64_t CorpusStatistics::length_of(double part) const {
  const auto wanted = static_cast<int64_t>(std::ceil(part * static_cast<double>(pairs)));
  int64_t seen = 0;
  for (std::size_t length = 0; length < lengths.size(); ++length) {
    seen += lengths[length];
    if (seen >= wanted) return static_cast<int64_t>(length);
  }
  return 0;
}

int64_t CorpusStatistics::longer_than(int64_t words) const {
  int64_t count = 0;
  for (auto length = static_cast<std::size_t>(words + 1); length < lengths.size(); ++length)
    count += lengths[length];
  return count;
}

ScriptProfile script_profile(const SideStatistics& side, int64_t sentences) {
  double chinese = 0, kana = 0, southeast_asian = 0, marks = 0;
  for (const auto& [character, count] : side.characters) {
    const auto times = static_cast<double>(count);
    if (is_wide_mark(character)) marks += times;
    if (!is_letter(character)) continue;
    if (has_script(character, {USCRIPT_HIRAGANA, USCRIPT_KATAKANA})) {
      kana += times;
    } else if (has_script(character, {USCRIPT_HAN, USCRIPT_BOPOMOFO})) {
      chinese += times;
    } else if (has_script(character, {USCRIPT_THAI, USCRIPT_LAO, USCRIPT_KHMER, USCRIPT_MYANMAR})) {
      southeast_asian += times;
    }
  }
  const auto letters = static_cast<double>(std::max<int64_t>(1, letters_of(side)));
  ScriptProfile profile;
  profile.chinese = chinese / letters;
  profile.kana = kana / letters;
  profile.unspaced = (chinese + kana + southeast_asian) / letters;
  profile.wide_marks = marks / static_cast<double>(std::max<int64_t>(1, sentences));
  // split_words() leaves a line alone whose own spaces stand between words.
  profile.segmented = profile.is_unspaced() && side.words * 5 <= side.spaced_words * 6;
  return profile;
}

double shared_letters(const SideStatistics& a, const SideStatistics& b) {
  const auto all_a = static_cast<double>(std::max<int64_t>(1, letters_of(a)));
  const auto all_b = static_cast<double>(std::max<int64_t>(1, letters_of(b)));
  double shared = 0;
  for (const auto& [character, count] : a.characters) {
    const auto other = b.characters.find(character);
    if (other == b.characters.end() || !is_letter(character)) continue;
    shared +=
        std::min(static_cast<double>(count) / all_a, static_cast<double>(other->second) / all_b);
  }
  return shared;
}

int64_t characters_covering(const SideStatistics& side, double part) {
  std::vector<int64_t> counts;
  int64_t all = 0;
  for (const auto& [character, count] : side.characters) {
    counts.push_back(count);
    all += count;
  }
  std::sort(counts.begin(), counts.end(), std::greater<>());
  int64_t covered = 0;
  std::size_t used = 0;
  while (used < counts.size() && static_cast<double>(covered) < part * static_cast<double>(all))
    covered += counts[used++];
  return static_cast<int64_t>(used);
}

}  // namespace weft
