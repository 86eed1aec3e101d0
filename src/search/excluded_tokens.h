#pragma once
// Tokens that no translation has.

#include <cstdint>
#include <vector>

#include "search/token_policy.h"

namespace weft {

class ExcludedTokens : public TokenPolicy {
 public:
  explicit ExcludedTokens(const std::vector<int32_t>& tokens)
      : tokens_(tokens.begin(), tokens.end()) {}
  std::vector<int64_t> excluded() const override { return tokens_; }

 private:
  std::vector<int64_t> tokens_;
};

}  // namespace weft
