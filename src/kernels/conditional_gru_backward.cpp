#include <torch/types.h>

#include <algorithm>
#include <vector>

#include "kernels/attention_row.h"
#include "kernels/conditional_gru_steps.h"
#include "kernels/gru_gradients.h"
#include "kernels/gru_row.h"
#include "kernels/matmul.h"
#include "kernels/sequence_steps.h"
#include "kernels/vector_math.h"

namespace weft::kernels {
namespace {

using torch::Tensor;

struct BackwardWeights {
  PackedWeight first, query, context, second;
  BackwardWeights(const ConditionalGruInputs& in, Precision precision)
      : first(in.weight_hh, WeightUse::kBackward, precision),
        query(in.query_weight, WeightUse::kBackward, precision),
        context(in.context_weight_ih, WeightUse::kBackward, precision),
        second(in.context_weight_hh, WeightUse::kBackward, precision) {}
};

// What the steps leave behind: the parameters' gradients come from these in one product each.
struct StepGradients {
  Tensor first_gates, first_candidate;    // [B, T, 3H], [B, T, H], see gru_row.h
  Tensor first_previous;                  // [B, T, H]: s_{i-1} itself
  Tensor second_gates, second_candidate;  // [B, T, 3H], [B, T, H]
  Tensor queries;                         // [B, T, A]
  Tensor contexts;                        // [B, T, C]
  Tensor initial;                         // [B, H]
  Tensor keys;                            // [B, S, A]
  Tensor annotations;                     // [B, S, C]
  Tensor energy;                          // [parts, A]
};

StepGradients empty_gradients(const ConditionalGruSizes& n, int64_t parts,
                              const torch::TensorOptions& options) {
  const auto steps_of = [&](int64_t columns) {
    return torch::empty({n.batch, n.steps, columns}, options);
  };
  return {steps_of(3 * n.hidden),
          steps_of(n.hidden),
          steps_of(n.hidden),
          steps_of(3 * n.hidden),
          steps_of(n.hidden),
          steps_of(n.width),
          steps_of(n.annotation_width),
          torch::empty({n.batch, n.hidden}, options),
          torch::zeros({n.batch, n.positions, n.width}, options),
          torch::zeros({n.batch, n.positions, n.annotation_width}, options),
          torch::zeros({parts, n.width}, options)};
}

struct Pass {
  const ConditionalGruInputs& in;
  const ConditionalGruSizes& n;
  const BackwardWeights& weights;
  const ConditionalGruOutputs& out;
  const ConditionalGruSaved& saved;
  const ConditionalGruOutputs& out_gradients;
  StepGradients& gradients;
};

// Some sentences' way back through all steps. Its arrays hold a row for each of them.
class BackwardPart {
 public:
  BackwardPart(const Pass& pass, RowRange range, int64_t part)
      : p_(pass),
        n_(pass.n),
        range_(range),
        energy_(pass.gradients.energy.data_ptr<float>() + part * n_.width) {
    const auto rows = static_cast<size_t>(range.size());
    state_.assign(rows * static_cast<size_t>(n_.hidden), 0.0F);
    between_.resize(rows * static_cast<size_t>(n_.hidden));
    gates_.resize(rows * static_cast<size_t>(3 * n_.hidden));
    state_gates_.resize(rows * static_cast<size_t>(3 * n_.hidden));
    contexts_.resize(rows * static_cast<size_t>(n_.annotation_width));
    queries_.resize(rows * static_cast<size_t>(n_.width));
    energies_.resize(static_cast<size_t>(n_.positions));
  }

  void run() {
    for (int64_t step = n_.steps - 1; step >= 0; --step) {
      second_cell(step);
      attend(step);
      first_cell(step);
    }
    std::copy_n(state_.data(), range_.size() * n_.hidden,
                p_.gradients.initial.data_ptr<float>() + range_.begin * n_.hidden);
    for (int64_t b = range_.begin; b < range_.end; ++b) annotation_gradient(b);
  }

 private:
  int64_t cell(int64_t row, int64_t step) const { return (range_.begin + row) * n_.steps + step; }

  // From ds to the gradients of the second cell's gates, the cell's part of ds', and dc.
  void second_cell(int64_t step) {
    const int64_t h = n_.hidden;
    const int64_t c = n_.annotation_width;
    for (int64_t row = 0; row < range_.size(); ++row) {
      const int64_t at = cell(row, step);
      add_to(p_.out_gradients.states.data_ptr<float>() + at * h, state_.data() + row * h, h);
      float* gates = p_.gradients.second_gates.data_ptr<float>() + at * 3 * h;
      float* candidate = p_.gradients.second_candidate.data_ptr<float>() + at * h;
      gru_backward_row({p_.saved.second_gates.data_ptr<float>() + at * kGruSavedGates * h,
                        p_.saved.between.data_ptr<float>() + at * h, state_.data() + row * h, gates,
                        candidate, between_.data() + row * h},
                       h);
      std::copy_n(gates, 3 * h, gates_.data() + row * 3 * h);
      gather_state_gates(gates, candidate, row);
      std::copy_n(p_.out_gradients.contexts.data_ptr<float>() + at * c, c,
                  contexts_.data() + row * c);
    }
    p_.weights.second.multiply(state_gates_.data(), range_.size(), between_.data(), Write::kAdd);
    p_.weights.context.multiply(gates_.data(), range_.size(), contexts_.data(), Write::kAdd);
  }

  // From dc and dα to the keys', and through the query to ds'.
  void attend(int64_t step) {
    const int64_t c = n_.annotation_width;
    for (int64_t row = 0; row < range_.size(); ++row) {
      const int64_t sentence = range_.begin + row;
      const int64_t at = cell(row, step);
      const float* context = contexts_.data() + row * c;
      float* query = queries_.data() + row * n_.width;
      attention_backward_row(
          {p_.saved.queries.data_ptr<float>() + at * n_.width,
           p_.in.keys.data_ptr<float>() + sentence * n_.positions * n_.width,
           p_.in.energy.data_ptr<float>(),
           p_.in.annotations.data_ptr<float>() + sentence * n_.positions * c,
           p_.in.mask.data_ptr<bool>() + sentence * n_.positions, n_.positions, n_.width, c},
          {p_.out.weights.data_ptr<float>() + at * n_.positions, context,
           p_.out_gradients.weights.data_ptr<float>() + at * n_.positions, energies_.data(), query,
           p_.gradients.keys.data_ptr<float>() + sentence * n_.positions * n_.width, energy_});
      std::copy_n(query, n_.width, p_.gradients.queries.data_ptr<float>() + at * n_.width);
      std::copy_n(context, c, p_.gradients.contexts.data_ptr<float>() + at * c);
    }
    p_.weights.query.multiply(queries_.data(), range_.size(), between_.data(), Write::kAdd);
  }

  // From ds' to the gradients of the first cell's gates and ds of the step before.
  void first_cell(int64_t step) {
    const int64_t h = n_.hidden;
    for (int64_t row = 0; row < range_.size(); ++row) {
      const int64_t at = cell(row, step);
      const float* previous = step == 0 ? p_.in.initial.data_ptr<float>() + (range_.begin + row) * h
                                        : p_.out.states.data_ptr<float>() + (at - 1) * h;
      float* gates = p_.gradients.first_gates.data_ptr<float>() + at * 3 * h;
      float* candidate = p_.gradients.first_candidate.data_ptr<float>() + at * h;
      gru_backward_row({p_.saved.first_gates.data_ptr<float>() + at * kGruSavedGates * h, previous,
                        between_.data() + row * h, gates, candidate, state_.data() + row * h},
                       h);
      gather_state_gates(gates, candidate, row);
      std::copy_n(previous, h, p_.gradients.first_previous.data_ptr<float>() + at * h);
    }
    p_.weights.first.multiply(state_gates_.data(), range_.size(), state_.data(), Write::kAdd);
  }

  // What the product with U reads: r, z and the candidate behind the reset gate.
  void gather_state_gates(const float* gates, const float* candidate, int64_t row) {
    const int64_t h = n_.hidden;
    std::copy_n(gates, 2 * h, state_gates_.data() + row * 3 * h);
    std::copy_n(candidate, h, state_gates_.data() + row * 3 * h + 2 * h);
  }

  // dh_j = Σ_i α_ij dc_i, for all steps at once: the annotations' gradient is written once.
  void annotation_gradient(int64_t sentence) {
    const int64_t c = n_.annotation_width;
    for (int64_t j = 0; j < n_.positions; ++j) {
      float* gradient =
          p_.gradients.annotations.data_ptr<float>() + (sentence * n_.positions + j) * c;
      for (int64_t step = 0; step < n_.steps; ++step) {
        const int64_t at = sentence * n_.steps + step;
        const float weight = p_.out.weights.data_ptr<float>()[at * n_.positions + j];
        add_scaled(weight, p_.gradients.contexts.data_ptr<float>() + at * c, gradient, c);
      }
    }
  }

  const Pass& p_;
  const ConditionalGruSizes& n_;
  RowRange range_;
  float* energy_;                   // dv of this part
  std::vector<float> state_;        // ds
  std::vector<float> between_;      // ds'
  std::vector<float> gates_;        // of the second cell, for the product with its W
  std::vector<float> state_gates_;  // of either cell, for the product with its U
  std::vector<float> contexts_;     // dc
  std::vector<float> queries_;
  std::vector<float> energies_;  // of one sentence
};

float* data(const Tensor& tensor) { return tensor.data_ptr<float>(); }

// The gradients of the inputs from what the steps left.
ConditionalGruInputs collect(const Pass& p, Precision precision) {
  const auto& g = p.gradients;
  const int64_t rows = p.n.batch * p.n.steps;
  const int64_t h = p.n.hidden;
  ConditionalGruInputs result{g.first_gates,
                              g.initial,
                              torch::empty_like(p.in.weight_hh),
                              torch::empty_like(p.in.bias_hh),
                              torch::empty_like(p.in.query_weight),
                              g.keys,
                              torch::empty_like(p.in.energy),
                              g.annotations,
                              {},
                              torch::empty_like(p.in.context_weight_ih),
                              torch::empty_like(p.in.context_bias_ih),
                              torch::empty_like(p.in.context_weight_hh),
                              torch::empty_like(p.in.context_bias_hh)};
  gru_parameter_gradients({data(g.first_gates), data(g.first_candidate), data(g.first_previous),
                           rows, h, data(result.weight_hh), data(result.bias_hh)},
                          precision);
  gru_parameter_gradients({data(g.second_gates), data(g.second_candidate), data(p.saved.between),
                           rows, h, data(result.context_weight_hh), data(result.context_bias_hh)},
                          precision);
  compute_weight_gradient({data(g.second_gates), 3 * h, data(p.out.contexts), rows, 3 * h,
                           p.n.annotation_width, data(result.context_weight_ih)},
                          precision);
  compute_column_sum({data(g.second_gates), 3 * h, rows, 3 * h, data(result.context_bias_ih)});
  compute_weight_gradient({data(g.queries), p.n.width, data(p.saved.between), rows, p.n.width, h,
                           data(result.query_weight)},
                          precision);
  compute_column_sum({data(g.energy), p.n.width, g.energy.size(0), p.n.width, data(result.energy)});
  return result;
}

}  // namespace

ConditionalGruInputs conditional_gru_backward(const ConditionalGruInputs& inputs,
                                              const ConditionalGruSizes& sizes, Precision precision,
                                              const ConditionalGruOutputs& outputs,
                                              const ConditionalGruSaved& saved,
                                              const ConditionalGruOutputs& output_gradients) {
  const BackwardWeights weights(inputs, precision);
  const int64_t parts = sentence_parts(sizes.batch);
  StepGradients gradients = empty_gradients(sizes, parts, inputs.initial.options());
  const Pass pass{inputs, sizes, weights, outputs, saved, output_gradients, gradients};
  parallel_tasks(parts, [&](int64_t part) {
    BackwardPart(pass, part_of(sizes.batch, parts, part), part).run();
  });
  return collect(pass, precision);
}

}  // namespace weft::kernels
