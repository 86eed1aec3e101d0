#include "kernels/search_step.h"

#include <torch/types.h>
#include <torch/utils.h>

#include <algorithm>
#include <vector>

#include "kernels/attention_row.h"
#include "kernels/frozen_weights.h"
#include "kernels/gru_row.h"
#include "kernels/lstm_row.h"
#include "kernels/parallel.h"

namespace weft::kernels {
namespace {

using torch::Tensor;

CellStep checked(const CellStep& s, int64_t gates, int64_t state_parts) {
  const int64_t hidden = s.weight_hh.size(1);
  const int64_t rows = s.state.size(0);
  TORCH_CHECK(s.input_gates.sizes() == torch::IntArrayRef({rows, gates * hidden}) &&
                  s.state.size(1) == state_parts * hidden &&
                  s.weight_hh.size(0) == gates * hidden && s.bias_hh.numel() == gates * hidden,
              "cell step: gates ", s.input_gates.sizes(), ", state ", s.state.sizes(), ", weight ",
              s.weight_hh.sizes());
  return {s.input_gates.contiguous(), s.state.contiguous(), s.weight_hh.contiguous(),
          s.bias_hh.contiguous()};
}

}  // namespace

Tensor gru_step(const CellStep& step, const ProductContext& context) {
  const torch::NoGradGuard no_gradient;
  const CellStep s = checked(step, 3, 1);
  const int64_t h = s.weight_hh.size(1);
  const int64_t rows = s.state.size(0);
  const PackedWeight weight = forward_weight(s.weight_hh, context);
  Tensor next = torch::empty_like(s.state);
  const RowBlocks blocks(rows);
  parallel_tasks(blocks.count(), [&](int64_t index) {
    const RowRange range = blocks[index];
    std::vector<float> state_gates(static_cast<size_t>(range.size() * 3 * h));
    std::vector<float> unused(static_cast<size_t>(kGruSavedGates * h));
    const float* state = s.state.data_ptr<float>();
    weight.multiply(state + range.begin * h, range.size(), state_gates.data());
    for (int64_t n = range.begin; n < range.end; ++n) {
      gru_forward_row({s.input_gates.data_ptr<float>() + n * 3 * h,
                       state_gates.data() + (n - range.begin) * 3 * h, s.bias_hh.data_ptr<float>(),
                       state + n * h, next.data_ptr<float>() + n * h, unused.data()},
                      h);
    }
  });
  return next;
}

Tensor lstm_step(const CellStep& step, const ProductContext& context) {
  const torch::NoGradGuard no_gradient;
  const CellStep s = checked(step, 4, 2);
  const int64_t h = s.weight_hh.size(1);
  const int64_t rows = s.state.size(0);
  const PackedWeight weight = forward_weight(s.weight_hh, context);
  const Tensor previous = s.state.narrow(1, 0, h).contiguous();
  Tensor next = s.state.clone();
  const RowBlocks blocks(rows);
  parallel_tasks(blocks.count(), [&](int64_t index) {
    const RowRange range = blocks[index];
    std::vector<float> state_gates(static_cast<size_t>(range.size() * 4 * h));
    std::vector<float> unused(static_cast<size_t>(kLstmSavedGates * h));
    weight.multiply(previous.data_ptr<float>() + range.begin * h, range.size(), state_gates.data());
    for (int64_t n = range.begin; n < range.end; ++n) {
      float* state = next.data_ptr<float>() + n * 2 * h;
      lstm_forward_row({s.input_gates.data_ptr<float>() + n * 4 * h,
                        state_gates.data() + (n - range.begin) * 4 * h, s.bias_hh.data_ptr<float>(),
                        state, state + h, unused.data()},
                       h);
    }
  });
  return next;
}

AttentionStepOutput attention_step(const AttentionStep& step) {
  const torch::NoGradGuard no_gradient;
  const AttentionStep s{step.query.contiguous(),
                        step.keys.contiguous(),
                        step.energy.contiguous(),
                        step.values.contiguous(),
                        step.mask.contiguous(),
                        step.sets.defined() ? step.sets.contiguous()
                                            : torch::arange(step.query.size(0), torch::kInt64)};
  const int64_t rows = s.query.size(0);
  const int64_t sentences = s.keys.size(0);
  const int64_t positions = s.keys.size(1);
  const int64_t width = s.keys.size(2);
  const int64_t value_width = s.values.size(2);
  TORCH_CHECK(s.sets.sizes() == torch::IntArrayRef({rows}) && s.query.size(1) == width &&
                  s.energy.numel() == width && s.values.size(0) == sentences &&
                  s.values.size(1) == positions &&
                  s.mask.sizes() == torch::IntArrayRef({sentences, positions}) &&
                  s.mask.scalar_type() == torch::kBool,
              "attention_step: query ", s.query.sizes(), ", keys ", s.keys.sizes(), ", energy ",
              s.energy.sizes(), ", values ", s.values.sizes(), ", mask ", s.mask.sizes(), ", sets ",
              s.sets.sizes());
  const int64_t* sets = s.sets.data_ptr<int64_t>();
  TORCH_CHECK(std::all_of(sets, sets + rows, [&](int64_t i) { return i >= 0 && i < sentences; }),
              "attention_step: a query reads a set that does not exist");
  AttentionStepOutput out{torch::empty({rows, value_width}, s.query.options()),
                          torch::empty({rows, positions}, s.query.options())};
  const RowBlocks blocks(rows);
  parallel_tasks(blocks.count(), [&](int64_t index) {
    const RowRange range = blocks[index];
    for (int64_t n = range.begin; n < range.end; ++n) {
      const int64_t sentence = sets[n];
      attention_forward_row(
          {s.query.data_ptr<float>() + n * width,
           s.keys.data_ptr<float>() + sentence * positions * width, s.energy.data_ptr<float>(),
           s.values.data_ptr<float>() + sentence * positions * value_width,
           s.mask.data_ptr<bool>() + sentence * positions, positions, width, value_width},
          out.weights.data_ptr<float>() + n * positions,
          out.context.data_ptr<float>() + n * value_width);
    }
  });
  return out;
}

}  // namespace weft::kernels
