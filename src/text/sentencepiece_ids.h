#pragma once
// Between the ids of a SentencePiece model and Weft's.

#include <cstdint>
#include <vector>

#include "text/sentencepiece_module/sentencepiece_module.h"

namespace weft {

/// Weft reserves ids 0 to 3; a model that a person brings may have its reserved tokens elsewhere,
/// or lack some (spm_train's default: no pad). Then Weft's reserved ids come first and the model's
/// other pieces follow in their order.
class SentencePieceIds {
 public:
  static constexpr int32_t kNone = -1;

  SentencePieceIds(int32_t model_size, const WeftSpReserved& reserved);

  int64_t size() const { return static_cast<int64_t>(to_model_.size()); }
  int32_t from_model(int32_t model_id) const {
    return from_model_.at(static_cast<std::size_t>(model_id));
  }
  /// kNone for a reserved token the model lacks.
  int32_t to_model(int64_t id) const { return to_model_.at(static_cast<std::size_t>(id)); }

 private:
  std::vector<int32_t> to_model_;
  std::vector<int32_t> from_model_;
};

}  // namespace weft
