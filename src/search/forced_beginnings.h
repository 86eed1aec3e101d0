#pragma once
// Translations whose first tokens are given.

#include <cstdint>
#include <utility>
#include <vector>

#include "search/token_policy.h"

namespace weft {

/// Every hypothesis of sentence i begins with beginnings[i]; its probability counts these too.
class ForcedBeginnings : public TokenPolicy {
 public:
  /// For each sentence of the batch; without an end of sentence.
  explicit ForcedBeginnings(std::vector<std::vector<int32_t>> beginnings)
      : beginnings_(std::move(beginnings)) {}

  int64_t given_tokens(std::size_t sentence) const override {
    return static_cast<int64_t>(beginnings_.at(sentence).size());
  }
  void apply(StepChoice& choice) override {
    for (int64_t row = 0; row < choice.rows(); ++row) {
      const auto& beginning = beginnings_.at(choice[row].sentence);
      const auto length = static_cast<std::size_t>(choice.length());
      if (length < beginning.size()) choice.force(row, beginning[length]);
    }
  }

 private:
  std::vector<std::vector<int32_t>> beginnings_;
};

}  // namespace weft
