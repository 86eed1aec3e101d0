#pragma once
// What a parallel text looks like: how much of it there is, in which script, and what is wrong with
// it.

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/error.h"
#include "data/parallel_files.h"

namespace weft {

/// One side of the sentence pairs. Lines of pairs that are blank on either side do not count.
struct SideStatistics {
  int64_t words = 0;         ///< as split_words() finds them
  int64_t spaced_words = 0;  ///< stretches between spaces
  int64_t bytes = 0;
  int64_t types = 0;                                 ///< different words, counted by their hashes
  int64_t repeated_types = 0;                        ///< those that occur more than once
  std::unordered_map<char32_t, int64_t> characters;  ///< how often each occurs, blanks left out
};

/// Two sentences as hashes of their words; equal sentences have equal hashes, whatever blanks stand
/// between their words. 0: the line is blank.
struct SentenceHashes {
  uint64_t source = 0;
  uint64_t target = 0;
  bool is_usable() const { return source != 0 && target != 0; }
};

struct CorpusStatistics {
  SideStatistics source, target;
  int64_t pairs = 0;  ///< with words on both sides
  int64_t both_blank = 0;
  int64_t one_sided_blank = 0;
  Location first_one_sided_blank;  ///< the blank line; line 0: there is none
  int64_t duplicates = 0;          ///< pairs that stand further up already, word for word
  int64_t copies = 0;              ///< pairs whose two sentences are the same
  std::vector<int64_t> lengths;    ///< pairs by the words of their longer side, none longer than
                                   ///< kLongestCounted, where the longer ones are counted too

  static constexpr int64_t kLongestCounted = 2000;
  /// The fewest words that the longer side of at least this part of the pairs does not exceed.
  int64_t length_of(double part) const;
  /// Pairs whose longer side has more words than this.
  int64_t longer_than(int64_t words) const;
};

/// Reads both sides through; 16 bytes of memory for a line. Throws UserError as ParallelReader
/// does.
std::vector<SentenceHashes> hash_sentences(const ParallelFiles& files);

/// Measures the lines of `files` that are not `excluded` (empty: none is), in a second reading
/// after hash_sentences(), which gave `hashes`. Throws UserError as ParallelReader does.
CorpusStatistics measure_corpus(const ParallelFiles& files,
                                const std::vector<SentenceHashes>& hashes,
                                const std::vector<bool>& excluded = {});

/// How written words are told apart, and in which letters.
struct ScriptProfile {
  double unspaced = 0;     ///< part of the letters whose script puts no spaces between words
  double chinese = 0;      ///< part of the letters that are Han or Bopomofo
  double kana = 0;         ///< part of the letters that are Hiragana or Katakana
  double wide_marks = 0;   ///< full-width punctuation for each sentence
  bool segmented = false;  ///< spaces stand between the words all the same
  bool is_unspaced() const { return unspaced > 0.5; }
};

ScriptProfile script_profile(const SideStatistics& side, int64_t sentences);

/// How much of the letters of both sides is the same, in [0, 1]: the sum over all letters of the
/// lesser of their two relative frequencies.
double shared_letters(const SideStatistics& a, const SideStatistics& b);

/// How many different characters, the most frequent first, make up at least this part of the text.
int64_t characters_covering(const SideStatistics& side, double part);

}  // namespace weft
