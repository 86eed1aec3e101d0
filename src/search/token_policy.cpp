#include "search/token_policy.h"

#include <torch/types.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "ops/best_tokens.h"
#include "text/vocabulary.h"

namespace weft {
namespace {

constexpr float kNever = -std::numeric_limits<float>::infinity();

template <class Value>
torch::Tensor row_numbers(const std::map<int64_t, Value>& by_row) {
  std::vector<int64_t> rows;
  for (const auto& entry : by_row) rows.push_back(entry.first);
  return torch::tensor(rows, torch::kInt64);
}

}  // namespace

void StepChoice::prefer(int64_t row, const torch::Tensor& bonus) {
  auto& sum = preferred_[row];
  sum = sum.defined() ? sum + bonus : bonus;
}

void StepChoice::consider(int64_t row, std::vector<int64_t> tokens) {
  if (!tokens.empty()) considered_[row] = std::move(tokens);
}

StepChoice::Candidates StepChoice::best(const torch::Tensor& logits, int64_t count,
                                        const std::vector<int64_t>& excluded) const {
  const bool listed = columns_.are_listed();
  const auto best =
      ops::best_tokens({}, {logits, count, listed ? std::vector<int64_t>() : excluded});
  Candidates candidates{best.tokens.to(torch::kCPU), best.log_probs.to(torch::kCPU), {}, {}};
  if (listed) candidates.tokens = columns_.tokens_in(candidates.tokens);
  candidates.ranks = candidates.log_probs;
  if (preferred_.empty() && forced_.empty() && considered_.empty()) return candidates;
  candidates.ranks = candidates.log_probs.clone();
  if (!preferred_.empty()) put_preferred(logits, excluded, candidates);
  if (!forced_.empty()) put_forced(logits, candidates);
  if (!considered_.empty()) put_further(logits, candidates);
  return candidates;
}

StepChoice::Candidates StepChoice::draw(const torch::Tensor& given, int64_t count,
                                        const std::vector<int64_t>& excluded,
                                        TokenPolicy& drawer) const {
  const auto logits =
      columns_.are_listed() ? columns_.of_all_tokens(given, torch::arange(rows())) : given;
  const auto log_probs = torch::log_softmax(logits, 1).to(torch::kCPU).contiguous();
  auto ranks = log_probs.clone();
  for (const auto& [row, bonus] : preferred_) ranks[row].add_(bonus);
  for (const int64_t token : excluded) ranks.select(1, token).fill_(kNever);
  for (const auto& [row, token] : forced_) {
    ranks[row].fill_(kNever);
    ranks[row][token] = log_probs[row][token];
  }
  drawer.draw(*this, ranks);
  const auto [best, tokens] = ranks.topk(count, 1);
  return {tokens,
          ops::token_log_probs({}, {logits, tokens.to(logits.device())}).to(torch::kCPU),
          best,
          {}};
}

void StepChoice::put_preferred(const torch::Tensor& logits, const std::vector<int64_t>& excluded,
                               Candidates& candidates) const {
  const auto rows = row_numbers(preferred_);
  std::vector<torch::Tensor> bonuses;
  for (const auto& entry : preferred_) bonuses.push_back(entry.second);
  const auto of_rows = columns_.of_all_tokens(logits, rows);
  const auto log_probs = torch::log_softmax(of_rows, 1).to(torch::kCPU);
  auto ranks = log_probs + torch::stack(bonuses);
  for (const int64_t token : excluded) ranks.select(1, token).fill_(kNever);
  const auto [best, tokens] = ranks.topk(candidates.tokens.size(1), 1);
  candidates.tokens.index_copy_(0, rows, tokens);
  candidates.log_probs.index_copy_(
      0, rows, ops::token_log_probs({}, {of_rows, tokens.to(logits.device())}).to(torch::kCPU));
  candidates.ranks.index_copy_(0, rows, best);
}

void StepChoice::put_forced(const torch::Tensor& logits, Candidates& candidates) const {
  const auto rows = row_numbers(forced_);
  std::vector<int64_t> of_rows;
  for (const auto& entry : forced_) of_rows.push_back(entry.second);
  const auto tokens = torch::tensor(of_rows, torch::kInt64).unsqueeze(1);
  const auto log_probs =
      ops::token_log_probs({}, {columns_.of_all_tokens(logits, rows), tokens.to(logits.device())})
          .to(torch::kCPU);
  candidates.ranks.index_fill_(0, rows, kNever);
  for (auto& [to, from] :
       {std::pair{candidates.log_probs, log_probs}, std::pair{candidates.ranks, log_probs}}) {
    to.select(1, 0).index_copy_(0, rows, from.squeeze(1));
  }
  candidates.tokens.select(1, 0).index_copy_(0, rows, tokens.squeeze(1));
}

void StepChoice::put_further(const torch::Tensor& logits, Candidates& candidates) const {
  const auto rows = row_numbers(considered_);
  const auto log_probs =
      torch::log_softmax(columns_.of_all_tokens(logits, rows), 1).to(torch::kCPU);
  const auto probable = log_probs.accessor<float, 2>();
  const auto best = candidates.tokens.accessor<int64_t, 2>();
  int64_t number = -1;
  for (const auto& [row, tokens] : considered_) {
    ++number;
    if (forced_.count(row) > 0) continue;
    const auto preferred = preferred_.find(row);
    for (const int64_t token : tokens) {
      const auto* begin = best[row].data();
      if (std::find(begin, begin + best.size(1), token) != begin + best.size(1)) continue;
      const float log_prob = probable[number][token];
      const float bonus =
          preferred == preferred_.end() ? 0.0F : preferred->second[token].item<float>();
      candidates.further.push_back({row, token, log_prob, log_prob + bonus});
    }
  }
}

}  // namespace weft
