#include "search/token_lists.h"

#include <torch/types.h>

#include <algorithm>
#include <limits>

#include "text/vocabulary.h"

namespace weft {
namespace {

/// Whatever a processor adds at a time divides this.
constexpr std::size_t kListStep = 64;

}  // namespace

TokenLists pad_lists(const std::vector<std::vector<int64_t>>& lists) {
  std::size_t longest = 1;
  for (const auto& list : lists) longest = std::max(longest, list.size());
  const auto width = (longest + kListStep - 1) / kListStep * kListStep;
  auto tokens = torch::full({static_cast<int64_t>(lists.size()), static_cast<int64_t>(width)},
                            kPadId, torch::kInt64);
  for (std::size_t i = 0; i < lists.size(); ++i)
    std::copy(lists[i].begin(), lists[i].end(), tokens.data_ptr<int64_t>() + i * width);
  return {tokens};
}

torch::Tensor ListedColumns::tokens_in(const torch::Tensor& columns) const {
  auto found = torch::empty_like(columns, torch::MemoryFormat::Contiguous);
  const auto from = columns.accessor<int64_t, 2>();
  const auto of_lists = tokens.accessor<int64_t, 2>();
  const auto lists = sentences.accessor<int64_t, 1>();
  auto to = found.accessor<int64_t, 2>();
  for (int64_t n = 0; n < columns.size(0); ++n)
    for (int64_t k = 0; k < columns.size(1); ++k) to[n][k] = of_lists[lists[n]][from[n][k]];
  return found;
}

torch::Tensor ListedColumns::of_all_tokens(const torch::Tensor& logits,
                                           const torch::Tensor& rows) const {
  const auto some = logits.index_select(0, rows.to(logits.device()));
  if (!are_listed()) return some;
  auto all = torch::full({rows.size(0), vocabulary}, -std::numeric_limits<float>::infinity(),
                         some.options());
  // What is padding has -inf, and so has kPadId.
  const auto ids = tokens.index_select(0, sentences.index_select(0, rows)).to(logits.device());
  return all.scatter_(1, ids, some);
}

}  // namespace weft
