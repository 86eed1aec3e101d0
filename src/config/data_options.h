#pragma once
// Where text comes from and how it becomes tokens.

#include <cstdint>
#include <string>
#include <vector>

#include "config/media_options.h"

namespace weft {

/// How a file of text holds sentence pairs.
enum class TextFormat {
  kLines,  ///< one side alone: a file for each side
  kTsv,    ///< source<TAB>target
  kBars,   ///< source ||| target
  kJson,   ///< a JSON object a line
  kNBest,  ///< the source as lines, the target as a list in Moses' form whose ids are those lines
};

/// The training text as several corpora: file i of each side is one.
struct CorporaOptions {
  std::vector<double> weights = {};  ///< of each corpus: what part of the pairs trained on is from
                                     ///< it; empty: every pair once in an epoch
  double temperature = 0;            ///< likewise, in proportion to pairs^(1 / this); 0: not so
  std::vector<std::string> tags =
      {};  ///< of each corpus: a word put before its source lines, or ""
  bool mixes() const { return !weights.empty() || temperature > 0; }
};

/// Which training pairs are left out, and counted, besides those that are too long.
struct FilterOptions {
  int64_t min_length = 0;   ///< fewest tokens of a side
  double max_ratio = 0;     ///< tokens of the longer side / tokens of the shorter one; 0: no limit
  bool duplicates = false;  ///< pairs whose lines are those of an earlier pair
};

/// Segmentations drawn anew for every epoch, from SentencePiece models. Unigram: Kudo 2018,
/// "Subword regularization" (arXiv:1804.10959). BPE: Provilkov et al. 2020, "BPE-dropout"
/// (arXiv:1910.13267).
struct SubwordSamplingOptions {
  double source = 0;  ///< unigram: the exponent alpha of a segmentation's probability; BPE: the
                      ///< probability that a merge is left out; 0: the best segmentation
  double target = 0;
  int64_t nbest = 0;  ///< unigram: segmentations drawn from; 0: all
  bool is_on() const { return source > 0 || target > 0; }
};

/// Line i of all source files together pairs with line i of all target files together.
/// Plain text, .gz or .zst by their ending. Relative paths start at the working directory.
struct DataOptions {
  /// The files of the first source, as many as train_target has, then of the second, and so on.
  std::vector<std::string> train_source;
  std::vector<std::string> train_target;
  std::vector<std::string> valid_source;  ///< likewise; empty: no validation
  std::vector<std::string> valid_target;
  /// Of each corpus, or of all. A file of pairs is named once, in train_source, or on both sides.
  std::vector<TextFormat> train_format = {TextFormat::kLines};
  std::vector<TextFormat> valid_format = {TextFormat::kLines};
  std::vector<std::string> json_keys = {"source", "target"};  ///< in JSON lines; "/a/b": b within a
  CorporaOptions corpora;
  /// A number for each training line, that the loss of its words is multiplied by; a file for each
  /// corpus. Empty: 1.
  std::vector<std::string> train_sentence_weights;
  std::vector<std::string> train_word_weights;  ///< likewise, numbers for the words of target lines
  FilterOptions filter;
  SubwordSamplingOptions subword_sampling;
  std::vector<SourceKind> source_kind = {SourceKind::kText};  ///< of each source, at least one
  std::string source_root;  ///< where relative paths in the lines of items start; empty: the
                            ///< working directory
  ImageOptions image;
  AudioOptions audio;
  FeatureOptions features;
  SpecAugmentOptions spec_augment;
  std::string feature_cache;      ///< folder for what networks make of pictures, between runs
  int64_t max_source_length = 0;  ///< annotations of an item; a longer training pair is left out
                                  ///< and counted; 0: no limit
  int64_t max_length = 100;  ///< tokens without the end of sentence, >= 1; a longer training pair
                             ///< is left out and counted
  std::string factor_separator = "|";  ///< between a source word and its factors, of which
                                       ///< EmbeddingOptions says how many there are
  bool right_to_left = false;          ///< the decoder writes the last token first
  std::string text_cache;  ///< folder that keeps the encoded training text between runs; empty:
                           ///< each run encodes it, into temporary files
  int64_t text_cache_megabytes = 20'000;  ///< beyond which entries of text_cache are removed that
                                          ///< nobody has used for the longest time; 0: no limit
  std::string tempdir;  ///< folder of the temporary files that hold the encoded pairs; empty: the
                        ///< model's
};

enum class VocabularyType { kSentencePiece, kWords };
enum class SentencePieceModel { kUnigram, kBpe };
/// What SentencePiece does to characters before it looks for pieces.
enum class Normalization {
  kNmtNfkc,  ///< Unicode NFKC and odd blanks made plain; full-width "！" becomes "!" on both sides
  kIdentity,   ///< nothing: what is translated into keeps its own punctuation
  kNfkc,       ///< Unicode NFKC alone
  kNmtNfkcCf,  ///< kNmtNfkc, and then Unicode's case folding: all is lower case
  kNfkcCf,     ///< kNfkc and case folding
};

/// What a vocabulary of words does to each word of a line before it looks for it.
enum class WordNormalization {
  kNone,       ///< nothing
  kNfc,        ///< Unicode NFC: a letter and its accent are one character
  kNfkc,       ///< Unicode NFKC: also variants of a character, such as full-width letters
  kNfcLower,   ///< NFC and lower case
  kNfkcLower,  ///< NFKC and lower case
};

struct VocabularyOptions {
  VocabularyType type = VocabularyType::kSentencePiece;
  SentencePieceModel model = SentencePieceModel::kUnigram;
  std::vector<int64_t> source_size = {8000};  ///< most tokens of each source's vocabulary, >= 8, or
                                              ///< of all; a small text yields fewer
  int64_t target_size = 8000;  ///< tokens, >= 8; equals the first source's when shared
  bool shared = false;         ///< one vocabulary for both sides, trained on both
  double character_coverage =
      0.9999;  ///< part of the characters seen that get a piece of their own, in (0, 1]
  Normalization normalization = Normalization::kNmtNfkc;
  WordNormalization source_word_normalization = WordNormalization::kNone;  ///< of every source
  WordNormalization target_word_normalization = WordNormalization::kNone;  ///< likewise of what is
                                                                           ///< written
  bool byte_fallback = true;       ///< an unseen character becomes its bytes instead of <unk>
  int64_t sample_lines = 200'000;  ///< >= 1000; lines a SentencePiece model is trained on, drawn
                                   ///< at random if there are more. More lines take more memory:
                                   ///< about 20 bytes for a byte
  std::string source_file;  ///< an existing vocabulary (.model or word list) for the first source,
                            ///< instead of training one
  std::string target_file;
  int64_t factor_size = 8000;  ///< values of each source factor, >= 8; an upper limit
};

/// How many corpora the training text is.
inline std::size_t corpus_count(const DataOptions& data) {
  return data.source_kind.empty() ? 0 : data.train_source.size() / data.source_kind.size();
}

/// The entry for source `k` of a list that has one for each source, or one for all.
template <class Entry>
const Entry& entry_of_source(const std::vector<Entry>& list, std::size_t k) {
  return list.size() == 1 ? list.front() : list.at(k);
}

}  // namespace weft
