#pragma once
// Translations that do not end too soon.

#include <torch/types.h>

#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include "search/token_policy.h"
#include "text/vocabulary.h"

namespace weft {

/// No hypothesis of sentence i ends before it has least[i] tokens, the end of sentence not counted.
class MinimumLength : public TokenPolicy {
 public:
  MinimumLength(std::vector<int64_t> least, int64_t vocabulary)
      : least_(std::move(least)), goes_on_(torch::zeros({vocabulary})) {
    goes_on_[kEndId] = -std::numeric_limits<float>::infinity();
  }

  void apply(StepChoice& choice) override {
    for (int64_t row = 0; row < choice.rows(); ++row) {
      if (choice.length() < least_.at(choice[row].sentence)) choice.prefer(row, goes_on_);
    }
  }

 private:
  std::vector<int64_t> least_;
  torch::Tensor goes_on_;  // float [V], -inf at the end of sentence
};

}  // namespace weft
