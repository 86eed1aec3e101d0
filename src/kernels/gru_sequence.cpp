#include <torch/autograd.h>
#include <torch/types.h>
#include <torch/utils.h>

#include <vector>

#include "kernels/cell_sequence.h"
#include "kernels/frozen_weights.h"
#include "kernels/gru_gradients.h"
#include "kernels/gru_row.h"
#include "kernels/matmul.h"
#include "kernels/sequence_steps.h"
#include "kernels/vector_math.h"
#include "kernels/weight_gradients.h"

namespace weft::kernels {
namespace {

using torch::Tensor;
using torch::autograd::AutogradContext;
using torch::autograd::tensor_list;

constexpr CellKind kGru{3, 1, "gru_sequence"};

// Takes the sentences of `range` through all steps. `saved` [B, S, 4H] or, where no gradient is
// wanted, null.
void gru_forward_part(const CellSequence& s, const SequenceSizes& n, const PackedWeight& weight,
                      RowRange range, float* states, float* saved) {
  const int64_t h = n.hidden;
  std::vector<float> previous(s.initial.data_ptr<float>() + range.begin * h,
                              s.initial.data_ptr<float>() + range.end * h);
  std::vector<float> state_gates(static_cast<size_t>(range.size() * 3 * h));
  std::vector<float> unused(static_cast<size_t>(kGruSavedGates * h));
  for (int64_t k = 0; k < n.steps; ++k) {
    weight.multiply(previous.data(), range.size(), state_gates.data());
    for (int64_t b = range.begin; b < range.end; ++b) {
      const int64_t cell = n.cell(b, n.position(k));
      float* state = previous.data() + (b - range.begin) * h;
      if (s.mask.data_ptr<bool>()[cell]) {
        gru_forward_row(
            {s.input_gates.data_ptr<float>() + cell * 3 * h,
             state_gates.data() + (b - range.begin) * 3 * h, s.bias_hh.data_ptr<float>(), state,
             state, saved != nullptr ? saved + cell * kGruSavedGates * h : unused.data()},
            h);
      }
      std::copy_n(state, h, states + cell * h);
    }
  }
}

Tensor gru_run_forward(const CellSequence& s, const SequenceSizes& n, const ProductContext& context,
                       float* saved) {
  Tensor states = torch::empty({n.batch, n.steps, n.hidden}, s.initial.options());
  const PackedWeight weight = forward_weight(s.weight_hh, context);
  const int64_t parts = sentence_parts(n.batch);
  parallel_tasks(parts, [&](int64_t part) {
    gru_forward_part(s, n, weight, part_of(n.batch, parts, part), states.data_ptr<float>(), saved);
  });
  return states;
}

struct GruGradients {
  Tensor input_gates;       // [B, S, 3H]
  Tensor hidden_candidate;  // [B, S, H], of U_n h + c_n
  Tensor initial;           // [B, H]
  Tensor previous;          // [B, S, H]: not a gradient but the h that every step read
};

void gru_backward_part(const CellSequence& s, const SequenceSizes& n, const PackedWeight& weight,
                       RowRange range, const Tensor& saved, const Tensor& states,
                       const Tensor& state_gradient, GruGradients& out) {
  const int64_t h = n.hidden;
  std::vector<float> carried(static_cast<size_t>(range.size() * h), 0.0F);
  std::vector<float> gates(static_cast<size_t>(range.size() * 3 * h));
  for (int64_t k = n.steps - 1; k >= 0; --k) {
    for (int64_t b = range.begin; b < range.end; ++b) {
      const int64_t cell = n.cell(b, n.position(k));
      float* d = carried.data() + (b - range.begin) * h;
      float* gate_gradient = out.input_gates.data_ptr<float>() + cell * 3 * h;
      float* candidate_gradient = out.hidden_candidate.data_ptr<float>() + cell * h;
      float* product_input = gates.data() + (b - range.begin) * 3 * h;
      const float* previous = k == 0 ? s.initial.data_ptr<float>() + b * h
                                     : states.data_ptr<float>() + n.cell(b, n.position(k - 1)) * h;
      std::copy_n(previous, h, out.previous.data_ptr<float>() + cell * h);
      add_to(state_gradient.data_ptr<float>() + cell * h, d, h);
      if (s.mask.data_ptr<bool>()[cell]) {
        gru_backward_row({saved.data_ptr<float>() + cell * kGruSavedGates * h, previous, d,
                          gate_gradient, candidate_gradient, d},
                         h);
      } else {
        std::fill_n(gate_gradient, 3 * h, 0.0F);
        std::fill_n(candidate_gradient, h, 0.0F);
      }
      std::copy_n(gate_gradient, 2 * h, product_input);
      std::copy_n(candidate_gradient, h, product_input + 2 * h);
    }
    weight.multiply(gates.data(), range.size(), carried.data(), Write::kAdd);
  }
  std::copy_n(carried.data(), range.size() * h, out.initial.data_ptr<float>() + range.begin * h);
}

class GruFunction : public torch::autograd::Function<GruFunction> {
 public:
  static Tensor forward(AutogradContext* ctx, const Tensor& input_gates, const Tensor& initial,
                        const Tensor& weight_hh, const Tensor& bias_hh, const Tensor& mask,
                        int64_t direction, const ProductContext& context) {
    const CellSequence s{input_gates, initial, weight_hh, bias_hh, mask};
    const SequenceSizes n = sizes_of(s, static_cast<Direction>(direction), kGru);
    Tensor saved = torch::empty({n.batch, n.steps, kGruSavedGates * n.hidden}, initial.options());
    Tensor states = gru_run_forward(s, n, context, saved.data_ptr<float>());
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
    const SequenceSizes n{states.size(0), states.size(1), states.size(2),
                          static_cast<Direction>(ctx->saved_data["direction"].toInt())};
    const Tensor state_gradient = gradients[0].contiguous();
    GruGradients out{torch::empty({n.batch, n.steps, 3 * n.hidden}, states.options()),
                     torch::empty_like(states), torch::empty_like(s.initial),
                     torch::empty_like(states)};
    const PackedWeight weight = backward_weight(s.weight_hh, context);
    const int64_t parts = sentence_parts(n.batch);
    parallel_tasks(parts, [&](int64_t part) {
      gru_backward_part(s, n, weight, part_of(n.batch, parts, part), saved, states, state_gradient,
                        out);
    });
    const bool wants_weight = ctx->needs_input_grad(2);
    if (!wants_weight && !ctx->needs_input_grad(3)) {
      return {out.input_gates, out.initial, {}, {}, {}, {}, {}};
    }
    auto* collector = collector_of(s.weight_hh, n.batch, context);
    if (collector != nullptr && wants_weight && n.steps == 1) {
      const Tensor of_product = torch::cat({out.input_gates.select(1, 0).narrow(1, 0, 2 * n.hidden),
                                            out.hidden_candidate.select(1, 0)},
                                           1);
      collector->add(s.weight_hh, of_product, out.previous.select(1, 0), context.precision);
      return {out.input_gates, out.initial, {}, of_product.sum(0), {}, {}, {}};
    }
    Tensor weight_gradient = torch::empty_like(s.weight_hh);
    Tensor bias_gradient = torch::empty_like(s.bias_hh);
    gru_parameter_gradients(
        {out.input_gates.data_ptr<float>(), out.hidden_candidate.data_ptr<float>(),
         out.previous.data_ptr<float>(), n.batch * n.steps, n.hidden,
         weight_gradient.data_ptr<float>(), bias_gradient.data_ptr<float>()},
        context.precision);
    return {out.input_gates, out.initial, weight_gradient, bias_gradient, {}, {}, {}};
  }
};

}  // namespace

Tensor gru_sequence(const CellSequence& sequence, Direction direction,
                    const ProductContext& context) {
  const SequenceSizes n = sizes_of(sequence, direction, kGru);
  const CellSequence s = contiguous(sequence);
  if (!needs_gradient({s.input_gates, s.initial, s.weight_hh, s.bias_hh})) {
    const torch::NoGradGuard no_gradient;
    return gru_run_forward(s, n, context, nullptr);
  }
  return GruFunction::apply(s.input_gates, s.initial, s.weight_hh, s.bias_hh, s.mask,
                            static_cast<int64_t>(direction), context);
}

}  // namespace weft::kernels
