#include <torch/autograd.h>
#include <torch/types.h>
#include <torch/utils.h>

#include <algorithm>
#include <vector>

#include "kernels/cell_sequence.h"
#include "kernels/frozen_weights.h"
#include "kernels/lstm_row.h"
#include "kernels/matmul.h"
#include "kernels/sequence_steps.h"
#include "kernels/vector_math.h"
#include "kernels/weight_gradients.h"

namespace weft::kernels {
namespace {

using torch::Tensor;
using torch::autograd::AutogradContext;
using torch::autograd::tensor_list;

constexpr CellKind kLstm{4, 2, "lstm_sequence"};

// The two halves of some sentences' states, a row each; the product reads h alone.
struct SplitState {
  std::vector<float> hidden, memory;

  SplitState(int64_t rows, int64_t width)
      : hidden(static_cast<size_t>(rows * width)), memory(hidden.size()) {}

  void load(int64_t row, int64_t width, const float* state) {
    std::copy_n(state, width, hidden.data() + row * width);
    std::copy_n(state + width, width, memory.data() + row * width);
  }
  void add(int64_t row, int64_t width, const float* state) {
    add_to(state, hidden.data() + row * width, width);
    add_to(state + width, memory.data() + row * width, width);
  }
  void store(int64_t row, int64_t width, float* state) const {
    std::copy_n(hidden.data() + row * width, width, state);
    std::copy_n(memory.data() + row * width, width, state + width);
  }
};

// Takes the sentences of `range` through all steps. `saved` [B, S, 5H] or, where no gradient is
// wanted, null.
void lstm_forward_part(const CellSequence& s, const SequenceSizes& n, const PackedWeight& weight,
                       RowRange range, float* states, float* saved) {
  const int64_t h = n.hidden;
  SplitState state(range.size(), h);
  for (int64_t row = 0; row < range.size(); ++row) {
    state.load(row, h, s.initial.data_ptr<float>() + (range.begin + row) * 2 * h);
  }
  std::vector<float> state_gates(static_cast<size_t>(range.size() * 4 * h));
  std::vector<float> unused(static_cast<size_t>(kLstmSavedGates * h));
  for (int64_t k = 0; k < n.steps; ++k) {
    weight.multiply(state.hidden.data(), range.size(), state_gates.data());
    for (int64_t row = 0; row < range.size(); ++row) {
      const int64_t cell = n.cell(range.begin + row, n.position(k));
      if (s.mask.data_ptr<bool>()[cell]) {
        lstm_forward_row({s.input_gates.data_ptr<float>() + cell * 4 * h,
                          state_gates.data() + row * 4 * h, s.bias_hh.data_ptr<float>(),
                          state.hidden.data() + row * h, state.memory.data() + row * h,
                          saved != nullptr ? saved + cell * kLstmSavedGates * h : unused.data()},
                         h);
      }
      state.store(row, h, states + cell * 2 * h);
    }
  }
}

Tensor lstm_run_forward(const CellSequence& s, const SequenceSizes& n,
                        const ProductContext& context, float* saved) {
  Tensor states = torch::empty({n.batch, n.steps, 2 * n.hidden}, s.initial.options());
  const PackedWeight weight = forward_weight(s.weight_hh, context);
  const int64_t parts = sentence_parts(n.batch);
  parallel_tasks(parts, [&](int64_t part) {
    lstm_forward_part(s, n, weight, part_of(n.batch, parts, part), states.data_ptr<float>(), saved);
  });
  return states;
}

struct LstmGradients {
  Tensor gates;     // [B, S, 4H]
  Tensor initial;   // [B, 2H]
  Tensor previous;  // [B, S, H]: not a gradient but the h that every step read
};

void lstm_backward_part(const CellSequence& s, const SequenceSizes& n, const PackedWeight& weight,
                        RowRange range, const Tensor& saved, const Tensor& states,
                        const Tensor& state_gradient, LstmGradients& out) {
  const int64_t h = n.hidden;
  SplitState carried(range.size(), h);
  std::vector<float> gates(static_cast<size_t>(range.size() * 4 * h));
  for (int64_t k = n.steps - 1; k >= 0; --k) {
    for (int64_t row = 0; row < range.size(); ++row) {
      const int64_t sentence = range.begin + row;
      const int64_t cell = n.cell(sentence, n.position(k));
      const float* previous =
          k == 0 ? s.initial.data_ptr<float>() + sentence * 2 * h
                 : states.data_ptr<float>() + n.cell(sentence, n.position(k - 1)) * 2 * h;
      float* gate_gradient = out.gates.data_ptr<float>() + cell * 4 * h;
      std::copy_n(previous, h, out.previous.data_ptr<float>() + cell * h);
      carried.add(row, h, state_gradient.data_ptr<float>() + cell * 2 * h);
      if (s.mask.data_ptr<bool>()[cell]) {
        lstm_backward_row(
            {saved.data_ptr<float>() + cell * kLstmSavedGates * h, previous + h,
             carried.hidden.data() + row * h, carried.memory.data() + row * h, gate_gradient},
            h);
      } else {
        std::fill_n(gate_gradient, 4 * h, 0.0F);
      }
      std::copy_n(gate_gradient, 4 * h, gates.data() + row * 4 * h);
    }
    weight.multiply(gates.data(), range.size(), carried.hidden.data(), Write::kAdd);
  }
  for (int64_t row = 0; row < range.size(); ++row) {
    carried.store(row, h, out.initial.data_ptr<float>() + (range.begin + row) * 2 * h);
  }
}

class LstmFunction : public torch::autograd::Function<LstmFunction> {
 public:
  static Tensor forward(AutogradContext* ctx, const Tensor& input_gates, const Tensor& initial,
                        const Tensor& weight_hh, const Tensor& bias_hh, const Tensor& mask,
                        int64_t direction, const ProductContext& context) {
    const CellSequence s{input_gates, initial, weight_hh, bias_hh, mask};
    const SequenceSizes n = sizes_of(s, static_cast<Direction>(direction), kLstm);
    Tensor saved = torch::empty({n.batch, n.steps, kLstmSavedGates * n.hidden}, initial.options());
    Tensor states = lstm_run_forward(s, n, context, saved.data_ptr<float>());
    // The input gates themselves are not needed again.
    ctx->save_for_backward({initial, weight_hh, bias_hh, mask, saved, states});
    ctx->saved_data["direction"] = direction;
    save_context(ctx, context);
    return states;
  }

  static tensor_list backward(AutogradContext* ctx, tensor_list gradients) {
    const auto kept = ctx->get_saved_variables();
    const CellSequence s{{}, kept[0], kept[1], kept[2], kept[3]};
    const Tensor& saved = kept[4];
    const Tensor& states = kept[5];
    const auto context = saved_context(ctx);
    const SequenceSizes n{states.size(0), states.size(1), s.weight_hh.size(1),
                          static_cast<Direction>(ctx->saved_data["direction"].toInt())};
    const Tensor state_gradient = gradients[0].contiguous();
    LstmGradients out{torch::empty({n.batch, n.steps, 4 * n.hidden}, states.options()),
                      torch::empty_like(s.initial),
                      torch::empty({n.batch, n.steps, n.hidden}, states.options())};
    const PackedWeight weight = backward_weight(s.weight_hh, context);
    const int64_t parts = sentence_parts(n.batch);
    parallel_tasks(parts, [&](int64_t part) {
      lstm_backward_part(s, n, weight, part_of(n.batch, parts, part), saved, states, state_gradient,
                         out);
    });
    const float* gates = out.gates.data_ptr<float>();
    const int64_t rows = n.batch * n.steps;
    Tensor weight_gradient;
    Tensor bias_gradient = torch::empty_like(s.bias_hh);
    const bool wants_weight = ctx->needs_input_grad(2);
    auto* collector = collector_of(s.weight_hh, rows, context);
    if (collector != nullptr && wants_weight && n.steps == 1) {
      collector->add(s.weight_hh, out.gates.select(1, 0), out.previous.select(1, 0),
                     context.precision);
    } else if (wants_weight) {
      weight_gradient = torch::empty_like(s.weight_hh);
      compute_weight_gradient({gates, 4 * n.hidden, out.previous.data_ptr<float>(), rows,
                               4 * n.hidden, n.hidden, weight_gradient.data_ptr<float>()},
                              context.precision);
    }
    compute_column_sum({gates, 4 * n.hidden, rows, 4 * n.hidden, bias_gradient.data_ptr<float>()});
    return {out.gates, out.initial, weight_gradient, bias_gradient, {}, {}, {}};
  }
};

}  // namespace

Tensor lstm_sequence(const CellSequence& sequence, Direction direction,
                     const ProductContext& context) {
  const SequenceSizes n = sizes_of(sequence, direction, kLstm);
  const CellSequence s = contiguous(sequence);
  if (!needs_gradient({s.input_gates, s.initial, s.weight_hh, s.bias_hh})) {
    const torch::NoGradGuard no_gradient;
    return lstm_run_forward(s, n, context, nullptr);
  }
  return LstmFunction::apply(s.input_gates, s.initial, s.weight_hh, s.bias_hh, s.mask,
                             static_cast<int64_t>(direction), context);
}

}  // namespace weft::kernels
