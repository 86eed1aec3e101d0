#include "text/sentencepiece_ids.h"

#include <algorithm>

namespace weft {

SentencePieceIds::SentencePieceIds(int32_t model_size, const WeftSpReserved& reserved)
    : to_model_{reserved.pad, reserved.unknown, reserved.begin, reserved.end},
      from_model_(static_cast<std::size_t>(model_size), kNone) {
  for (int32_t id = 0; id < model_size; ++id) {
    const auto reserved_end = to_model_.begin() + 4;
    const auto found = std::find(to_model_.begin(), reserved_end, id);
    if (found != reserved_end) {
      from_model_[static_cast<std::size_t>(id)] = static_cast<int32_t>(found - to_model_.begin());
    } else {
      from_model_[static_cast<std::size_t>(id)] = static_cast<int32_t>(to_model_.size());
      to_model_.push_back(id);
    }
  }
}

}  // namespace weft
