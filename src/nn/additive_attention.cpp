#include "nn/additive_attention.h"

#include <torch/torch.h>

#include <cmath>
#include <limits>

#include "kernels/search_step.h"
#include "nn/fast_path.h"

namespace weft {

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
  return {annotations, key(annotations), mask, {}};
}

AttentionOutput AdditiveAttentionImpl::forward(const torch::Tensor& query_rows,
                                               const AttentionMemory& memory) {
  if (use_search_kernels(query_rows)) {
    const auto attended = kernels::attention_step(
        {query(query_rows), memory.keys, energy, memory.values, memory.mask, memory.sets});
    return {attended.context, attended.weights};
  }
  const auto each = [&](const torch::Tensor& x) {
    return memory.sets.defined() ? x.index_select(0, memory.sets) : x;
  };
  const auto projected = query(query_rows).unsqueeze(1);                            // [N, 1, A]
  const auto energies = torch::tanh(projected + each(memory.keys)).matmul(energy);  // [N, S]
  const auto weights = torch::softmax(energies.masked_fill(each(memory.mask).logical_not(),
                                                           -std::numeric_limits<float>::infinity()),
                                      1);
  const auto context = torch::bmm(weights.unsqueeze(1), each(memory.values)).squeeze(1);
  return {context, weights};
}

}  // namespace weft
