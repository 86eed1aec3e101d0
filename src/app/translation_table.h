#pragma once
// Translations of words, from a file that this program or another has written.

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace weft {

/// Target words for source words. Words are compared as word_key() has them: without regard to
/// case.
class TranslationTable {
 public:
  struct Entry {
    std::string target;
    double log_prob;  ///< given the source word
  };

  /// Reads a table a line an entry, in one of these forms, which the first line tells:
  ///   - weft lexicon: "source<TAB>target<TAB>p(target|source)...", or its JSON objects;
  ///   - "target source p(target|source)", as Moses (lex.f2e) and Marian (lex.s2t) have it;
  ///   - "source target log p(target|source)", as fast_align -p has it: a probability below 0
  ///   tells.
  /// or what an aligner has learnt, a directory that weft aligner --save made.
  /// Entries of no word ("NULL", "<eps>") are left out. Throws UserError with the line of a
  /// mistake.
  explicit TranslationTable(const std::string& path);

  /// The likeliest first; nothing if the table lacks the word.
  const std::vector<Entry>& of(std::string_view source) const;
  /// All source words, by their keys.
  const std::map<std::string, std::vector<Entry>, std::less<>>& entries() const { return entries_; }
  const std::string& path() const { return path_; }

 private:
  void read_file(const std::string& path);
  void read_aligner(const std::string& path);

  std::string path_;
  std::map<std::string, std::vector<Entry>, std::less<>> entries_;
};

}  // namespace weft
