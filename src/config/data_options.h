#pragma once
// Where text comes from and how it becomes tokens.

#include <cstdint>
#include <string>
#include <vector>

#include "config/media_options.h"

namespace weft {

/// Line i of all source files together pairs with line i of all target files together.
/// Plain text, .gz or .zst by their ending. Relative paths start at the working directory.
struct DataOptions {
  /// The files of the first source, as many as train_target has, then of the second, and so on.
  std::vector<std::string> train_source;
  std::vector<std::string> train_target;
  std::vector<std::string> valid_source;  ///< likewise; empty: no validation
  std::vector<std::string> valid_target;
  std::vector<SourceKind> source_kind = {SourceKind::kText};  ///< of each source, at least one
  std::string source_root;  ///< where relative paths in the lines of items start; empty: the
                            ///< working directory
  ImageOptions image;
  AudioOptions audio;
  FeatureOptions features;
  std::string feature_cache;  ///< folder for what networks and spectra make of items, between runs
  int64_t max_source_length = 0;  ///< annotations of an item; a longer training pair is left out
                                  ///< and counted; 0: no limit
  int64_t max_length = 100;  ///< tokens without the end of sentence, >= 1; a longer training pair
                             ///< is left out and counted
  std::string factor_separator = "|";  ///< between a source word and its factors, of which
                                       ///< EmbeddingOptions says how many there are
  bool right_to_left = false;          ///< the decoder writes the last token first
  std::string tempdir;  ///< folder of the temporary files that hold the encoded pairs; empty: the
                        ///< model's
};

enum class VocabularyType { kSentencePiece, kWords };
enum class SentencePieceModel { kUnigram, kBpe };
/// What SentencePiece does to characters before it looks for pieces.
enum class Normalization {
  kNmtNfkc,  ///< Unicode NFKC and odd blanks made plain; full-width "！" becomes "!" on both sides
  kIdentity,  ///< nothing: what is translated into keeps its own punctuation
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
  bool byte_fallback = true;       ///< an unseen character becomes its bytes instead of <unk>
  int64_t sample_lines = 200'000;  ///< >= 1000; lines a SentencePiece model is trained on, drawn
                                   ///< at random if there are more. More lines take more memory:
                                   ///< about 20 bytes for a byte
  std::string source_file;  ///< an existing vocabulary (.model or word list) for the first source,
                            ///< instead of training one
  std::string target_file;
  int64_t factor_size = 8000;  ///< values of each source factor, >= 8; an upper limit
};

/// The entry for source `k` of a list that has one for each source, or one for all.
template <class Entry>
const Entry& entry_of_source(const std::vector<Entry>& list, std::size_t k) {
  return list.size() == 1 ? list.front() : list.at(k);
}

}  // namespace weft
