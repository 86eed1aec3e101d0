#pragma once
// Sub-word pieces: Kudo & Richardson 2018 (SentencePiece, arXiv:1808.06226).

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "text/piece_spans.h"
#include "text/sentencepiece_ids.h"
#include "text/vocabulary.h"

namespace weft {

/// A SentencePiece model. encode() and decode() may be called from several threads at once.
class SentencePieceVocabulary final : public Vocabulary {
 public:
  static constexpr std::string_view kFileEnding = ".spm";

  /// `model`: the bytes of a SentencePiece model, whatever ids it reserves. Throws UserError, which
  /// calls the model `name`, if they are not one or its pieces are not UTF-8.
  SentencePieceVocabulary(std::string model, const std::string& name);

  int64_t size() const override { return ids_->size(); }
  /// The model's own number of a piece; SentencePieceIds::kNone for a reserved one that it lacks.
  int64_t model_id(int64_t id) const { return ids_->to_model(id); }
  std::string_view piece(int64_t id) const override;
  /// A U+2581 of the text is a character like any other, not the space that SentencePiece writes
  /// with it. Throws std::invalid_argument on ill-formed UTF-8.
  EncodedLine encode(std::string_view line) const override { return sample(line, {}); }
  EncodedLine sample(std::string_view line, const SegmentationDraw& draw) const override;
  std::string text_of(int64_t id) const override;
  DecodedLine decode(const std::vector<int32_t>& ids) const override;
  std::vector<int32_t> unprintable_ids() const override;
  const std::string& serialized() const override { return model_bytes_; }
  std::string_view file_ending() const override { return kFileEnding; }

 private:
  struct FreeModel {
    void operator()(WeftSpModel* model) const;
  };

  /// Throws UserError, which calls the model `name`, if a piece is not text.
  void read_pieces(const std::string& name);
  /// Gives back the U+2581 of `line` that SentencePiece was not shown: as unknown text, or as the
  /// bytes of the character.
  void restore_space_marks(std::string_view line, std::vector<int32_t>& ids,
                           std::vector<ReportedPiece>& pieces) const;

  std::string model_bytes_;
  std::unique_ptr<WeftSpModel, FreeModel> model_;
  std::unique_ptr<SentencePieceIds> ids_;
  std::vector<std::string> pieces_;  // by Weft's id
  std::vector<bool> is_byte_;
  bool ends_with_blank_ = false;       // every word of the model ends in a space, the last one too
  std::array<int32_t, 256> byte_ids_;  // kNone where the model has no piece for a byte
};

}  // namespace weft
