#include "nn/best_tokens.h"

#include <torch/types.h>

#include <limits>

#include "kernels/best_tokens.h"
#include "nn/fast_path.h"

namespace weft {

BestTokens best_tokens(const torch::Tensor& logits, int64_t count,
                       const std::vector<int64_t>& excluded) {
  if (use_search_kernels(logits)) {
    const auto best = kernels::best_tokens(logits, count, excluded);
    return {best.log_probs, best.tokens};
  }
  auto log_probs = torch::log_softmax(logits, 1);
  if (!excluded.empty()) {
    log_probs.index_fill_(1, torch::tensor(excluded).to(logits.device()),
                          -std::numeric_limits<float>::infinity());
  }
  const auto best = log_probs.topk(count, 1);
  return {std::get<0>(best), std::get<1>(best)};
}

torch::Tensor token_log_probs(const torch::Tensor& logits, const torch::Tensor& tokens) {
  if (use_search_kernels(logits)) return kernels::token_log_probs(logits, tokens);
  return torch::log_softmax(logits, 1).gather(1, tokens);
}

}  // namespace weft
