#include "ops/best_tokens.h"

#include <torch/types.h>

#include <limits>

namespace weft::ops {
namespace {

template <typename Input>
bool ranks_on_cpu(const ComputeContext& compute, const Input& in) {
  return is_for_search(compute, in.logits);
}

BestTokens cpu_best_tokens(const ComputeContext& /*compute*/, const Ranking& in) {
  return kernels::best_tokens(in.logits, in.count, in.excluded);
}

BestTokens plain_best_tokens(const ComputeContext& /*compute*/, const Ranking& in) {
  auto log_probs = torch::log_softmax(in.logits, 1);
  if (!in.excluded.empty()) {
    log_probs.index_fill_(1, torch::tensor(in.excluded).to(in.logits.device()),
                          -std::numeric_limits<float>::infinity());
  }
  const auto best = log_probs.topk(in.count, 1);
  return {std::get<0>(best), std::get<1>(best)};
}

torch::Tensor cpu_token_log_probs(const ComputeContext& /*compute*/, const ChosenTokens& in) {
  return kernels::token_log_probs(in.logits, in.tokens);
}

torch::Tensor plain_token_log_probs(const ComputeContext& /*compute*/, const ChosenTokens& in) {
  return torch::log_softmax(in.logits, 1).gather(1, in.tokens);
}

/// Without a copy of the columns for each hypothesis.
torch::Tensor cpu_listed_logits(const ComputeContext& /*compute*/, const ListedTokens& in) {
  return kernels::listed_logits(in.logits, in.columns, in.sentences);
}

torch::Tensor plain_listed_logits(const ComputeContext& /*compute*/, const ListedTokens& in) {
  return in.logits.gather(1, in.columns.index_select(0, in.sentences));
}

constexpr Backend<BestTokens, Ranking> kBestTokens[] = {
    {"cpu", ranks_on_cpu, cpu_best_tokens},
    {"plain", always, plain_best_tokens},
};

constexpr Backend<torch::Tensor, ChosenTokens> kTokenLogProbs[] = {
    {"cpu", ranks_on_cpu, cpu_token_log_probs},
    {"plain", always, plain_token_log_probs},
};

constexpr Backend<torch::Tensor, ListedTokens> kListedLogits[] = {
    {"cpu", ranks_on_cpu, cpu_listed_logits},
    {"plain", always, plain_listed_logits},
};

}  // namespace

constinit const Op<BestTokens, Ranking> best_tokens{kBestTokens};
constinit const Op<torch::Tensor, ChosenTokens> token_log_probs{kTokenLogProbs};
constinit const Op<torch::Tensor, ListedTokens> listed_logits{kListedLogits};

}  // namespace weft::ops
