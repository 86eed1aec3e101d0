#include "nn/additive_attention.h"

#include <torch/torch.h>

#include <cmath>
#include <limits>

#include "kernels/search_step.h"
#include "nn/fast_path.h"

namespace weft {

AttentionMemory AttentionMemory::select(const torch::Tensor& rows) const {
  return {annotations.index_select(0, rows), keys.index_select(0, rows),
          mask.index_select(0, rows)};
}

AdditiveAttentionImpl::AdditiveAttentionImpl(int64_t query_width, int64_t annotation_width,
                                             int64_t width)
    : query(register_module("query", Linear(query_width, width, Bias::kWithout))),
      key(register_module("key", Linear(annotation_width, width))),
      energy(register_parameter("energy", torch::empty({width}))) {}

void AdditiveAttentionImpl::initialize() {
  query->initialize();
  key->initialize();
  const double bound = 1 / std::sqrt(static_cast<double>(energy.size(0)));
  torch::nn::init::uniform_(energy, -bound, bound);
}

AttentionMemory AdditiveAttentionImpl::remember(const torch::Tensor& annotations,
                                                const torch::Tensor& mask) {
  return {annotations, key(annotations), mask};
}

AttentionOutput AdditiveAttentionImpl::forward(const torch::Tensor& query_rows,
                                               const AttentionMemory& memory) {
  const int64_t sets = memory.keys.size(0);
  TORCH_CHECK(query_rows.size(0) % sets == 0, "attention got ", query_rows.size(0), " queries for ",
              sets, " sets of annotations; expected a multiple");
  if (use_search_kernels(query_rows)) {
    const auto attended = kernels::attention_step(
        {query(query_rows), memory.keys, energy, memory.annotations, memory.mask});
    return {attended.context, attended.weights};
  }
  const auto projected =
      query(query_rows).view({sets, -1, 1, memory.keys.size(2)});  // [B, K, 1, A]
  const auto energies =
      torch::tanh(projected + memory.keys.unsqueeze(1)).matmul(energy);  // [B, K, S]
  const auto masked = energies.masked_fill(memory.mask.logical_not().unsqueeze(1),
                                           -std::numeric_limits<float>::infinity());
  const auto weights = torch::softmax(masked, 2);
  const auto context = torch::bmm(weights, memory.annotations);  // [B, K, C]
  return {context.flatten(0, 1), weights.flatten(0, 1)};
}

}  // namespace weft
