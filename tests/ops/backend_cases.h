#pragma once
// Every backend of every op with random inputs: what is held against the op's plain twin, on the
// processor and on a GPU. An op gets its case here, a backend none: it is found in the op's table.

#include <gtest/gtest.h>
#include <torch/types.h>
#include <torch/utils.h>

#include <cmath>
#include <functional>
#include <string>
#include <type_traits>
#include <vector>

#include "config/enum_names.h"
#include "kernels/gradient_compare.h"
#include "ops/affine.h"
#include "ops/attention.h"
#include "ops/best_tokens.h"
#include "ops/conditional_gru.h"
#include "ops/cross_entropy.h"
#include "ops/precision.h"
#include "ops/recurrence.h"
#include "ops/update.h"

namespace weft::ops {

using Tensors = std::vector<torch::Tensor>;

/// A backend and inputs for it; all results are made from `inputs`, which are floats.
struct BackendCase {
  using Run = std::function<Tensors(const ComputeContext&, const Tensors&)>;

  std::string name;
  bool is_for_gpu;
  bool learns;  ///< whether gradients are asked for too
  Tensors inputs;
  std::function<bool(const ComputeContext&, const Tensors&)> fits;
  Run run, plain;
};

/// Makes cases of an op: for each of its backends, and each of several lists of inputs. `make`
/// gives the op's input, (context, tensors) -> Input; `read` lists what is compared, of the op's
/// output or, if that is void, of its input.
template <typename Output, typename Input, typename Make, typename Read>
void add_cases(std::vector<BackendCase>& cases, const std::string& name,
               const Op<Output, Input>& op, bool learns, const std::vector<Tensors>& inputs,
               Make make, Read read) {
  const auto run_of = [=](const Backend<Output, Input>& backend) -> BackendCase::Run {
    return [=](const ComputeContext& compute, const Tensors& tensors) -> Tensors {
      const Input input = make(compute, tensors);
      if constexpr (std::is_void_v<Output>) {
        backend.run(compute, input);
        return read(input);
      } else {
        return read(backend.run(compute, input));
      }
    };
  };
  for (const auto& backend : op.backends().first(op.backends().size() - 1)) {
    const std::string of = backend.name;
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      cases.push_back({name + "_" + of + "_" + std::to_string(i), of == "gpu" || of == "cudnn",
                       learns, inputs[i],
                       [=](const ComputeContext& compute, const Tensors& tensors) {
                         return backend.fits(compute, make(compute, tensors));
                       },
                       run_of(backend), run_of(op.plain())});
    }
  }
}

inline const auto kAlone = [](const torch::Tensor& output) { return Tensors{output}; };

inline torch::Tensor random_matrix(int64_t rows, int64_t columns) {
  return torch::randn({rows, columns}) / std::sqrt(static_cast<double>(columns));
}

/// bool [B, S] on the device of `like`: sentences of all lengths from 1 to S.
inline torch::Tensor lengths_mask(int64_t batch, int64_t steps, const torch::Tensor& like) {
  return kernels::triangle_mask(batch, steps).to(like.device());
}

inline void add_products(std::vector<BackendCase>& cases) {
  std::vector<Tensors> inputs;
  for (const int64_t rows : {1, 7, 8, 33, 70})
    inputs.push_back({torch::randn({rows, 3, 20}), random_matrix(45, 20), torch::randn({45})});
  add_cases(
      cases, "affine", affine, true, inputs,
      [](const ComputeContext&, const Tensors& x) {
        return AffineInput{x[0], x[1], x[2]};
      },
      kAlone);
  std::vector<Tensors> layers;
  for (const int64_t rows : {1, 8, 33, 600})
    layers.push_back({torch::randn({rows, 12}), random_matrix(53, 12), torch::randn({53})});
  layers.push_back({torch::randn({10, 12}), 1000 * random_matrix(53, 12), torch::randn({53})});
  add_cases(
      cases, "cross_entropy", cross_entropy, true, layers,
      [](const ComputeContext&, const Tensors& x) {
        const auto token = torch::arange(x[0].size(0), x[0].options().dtype(torch::kInt64));
        const auto targets = (token * 7).remainder(53).masked_fill(token.remainder(5).eq(1), -1);
        const auto weights = (token.remainder(3) + 1).to(x[0].scalar_type()) / 2;
        return OutputTokens{{x[0], x[1], x[2], targets, weights}, 0.1};
      },
      [](const CrossEntropy& sums) {
        return Tensors{sums.loss, sums.negative_log_likelihood, sums.log_probs};
      });
}

/// Of a cell with this many blocks of units in its gates and its state.
inline void add_cell(std::vector<BackendCase>& cases, const std::string& cell, int64_t gates,
                     int64_t states, const Op<torch::Tensor, CellStep>& steps,
                     const Op<torch::Tensor, CellSequence>& sequences,
                     const Op<torch::Tensor, CellLayer>& layers) {
  constexpr int64_t kHidden = 17, kSteps = 5, kInputs = 6;
  std::vector<Tensors> of_step, of_sequence, of_layer;
  for (const int64_t rows : {1, 7, 8, 33, 40}) {
    const auto state = torch::randn({rows, states * kHidden});
    const auto weight = random_matrix(gates * kHidden, kHidden);
    const auto bias = torch::randn({gates * kHidden});
    of_step.push_back({torch::randn({rows, gates * kHidden}), state, weight, bias});
    of_sequence.push_back({torch::randn({rows, kSteps, gates * kHidden}), state, weight, bias});
    of_layer.push_back({torch::randn({rows, kSteps, kInputs}), state,
                        random_matrix(gates * kHidden, kInputs), weight,
                        torch::randn({gates * kHidden}), bias});
  }
  add_cases(
      cases, cell + "_step", steps, true, of_step,
      [](const ComputeContext&, const Tensors& x) {
        return CellStep{x[0], x[1], x[2], x[3]};
      },
      kAlone);
  for (const auto direction : {Direction::kForward, Direction::kBackward}) {
    const std::string way = direction == Direction::kForward ? "_forward" : "_backward";
    add_cases(
        cases, cell + "_sequence" + way, sequences, true, of_sequence,
        [=](const ComputeContext&, const Tensors& x) {
          const auto mask = lengths_mask(x[0].size(0), kSteps, x[0]);
          return CellSequence{{x[0], x[1], x[2], x[3], mask}, direction};
        },
        kAlone);
    add_cases(
        cases, cell + "_layer" + way, layers, true, of_layer,
        [=](const ComputeContext&, const Tensors& x) {
          const auto mask = lengths_mask(x[0].size(0), kSteps, x[0]);
          return CellLayer{x[0], x[1], x[2], x[3], x[4], x[5], mask, direction};
        },
        kAlone);
  }
}

inline void add_attention(std::vector<BackendCase>& cases) {
  constexpr int64_t kPositions = 6, kWidth = 9, kValues = 11;
  std::vector<Tensors> inputs;
  for (const int64_t sentences : {1, 7, 8, 33}) {
    inputs.push_back({torch::randn({sentences, kWidth}),
                      torch::randn({sentences, kPositions, kWidth}), torch::randn({kWidth}),
                      torch::randn({sentences, kPositions, kValues})});
  }
  add_cases(
      cases, "attention", attend, true, inputs,
      [](const ComputeContext& compute, const Tensors& x) {
        const auto mask = lengths_mask(x[1].size(0), kPositions, x[0]);
        const kernels::AttentionStep of_sentences{x[0], x[1], x[2], x[3], mask, {}};
        if (torch::GradMode::is_enabled())
          return AttentionStep{of_sentences, share_attention(compute, of_sentences)};
        const auto query = torch::arange(3 * x[1].size(0), mask.options().dtype(torch::kInt64));
        return AttentionStep{
            {x[0].repeat({3, 1}), x[1], x[2], x[3], mask, query.remainder(x[1].size(0))}};
      },
      [](const Attended& attended) {
        return Tensors{attended.context, attended.weights};
      });
  constexpr int64_t kHidden = 10, kSteps = 4, kGates = 3 * kHidden;
  std::vector<Tensors> decoders;
  for (const int64_t sentences : {1, 7, 8, 33}) {
    decoders.push_back(
        {torch::randn({sentences, kSteps, kGates}), torch::randn({sentences, kHidden}),
         random_matrix(kGates, kHidden), torch::randn({kGates}), random_matrix(kWidth, kHidden),
         torch::randn({sentences, kPositions, kWidth}), torch::randn({kWidth}),
         torch::randn({sentences, kPositions, kValues}), random_matrix(kGates, kValues),
         torch::randn({kGates}), random_matrix(kGates, kHidden), torch::randn({kGates})});
  }
  add_cases(
      cases, "conditional_gru", conditional_gru, true, decoders,
      [](const ComputeContext&, const Tensors& x) {
        const auto mask = lengths_mask(x[0].size(0), kPositions, x[0]);
        return ConditionalGruInputs{x[0], x[1], x[2], x[3], x[4],  x[5], x[6],
                                    x[7], mask, x[8], x[9], x[10], x[11]};
      },
      [](const ConditionalGruOutputs& out) {
        return Tensors{out.states, out.contexts, out.weights};
      });
}

inline void add_rankings(std::vector<BackendCase>& cases) {
  const std::vector<Tensors> logits{{torch::randn({1, 5})}, {torch::randn({33, 1000}) * 5}};
  add_cases(
      cases, "best_tokens", best_tokens, false, logits,
      [](const ComputeContext&, const Tensors& x) {
        return Ranking{x[0], 3, {1}};
      },
      [](const BestTokens& best) {
        return Tensors{best.log_probs, best.tokens.to(torch::kFloat64)};
      });
  add_cases(
      cases, "token_log_probs", token_log_probs, false, logits,
      [](const ComputeContext&, const Tensors& x) {
        const auto row = torch::arange(x[0].size(0), x[0].options().dtype(torch::kInt64));
        return ChosenTokens{x[0], torch::stack({row.remainder(5), (row * 3).remainder(5)}, 1)};
      },
      kAlone);
}

inline void add_lists(std::vector<BackendCase>& cases) {
  const std::vector<Tensors> logits{{torch::randn({1, 5})}, {torch::randn({33, 100})}};
  add_cases(
      cases, "listed_logits", listed_logits, false, logits,
      [](const ComputeContext&, const Tensors& x) {
        const auto whole = x[0].options().dtype(torch::kInt64);
        const auto columns = (torch::arange(12, whole) * 7).remainder(5).reshape({3, 4});
        return ListedTokens{x[0], columns, torch::arange(x[0].size(0), whole).remainder(3)};
      },
      kAlone);
}

inline void add_updates(std::vector<BackendCase>& cases) {
  std::vector<Tensors> parameters;
  for (const int64_t rows : {1, 300}) {
    const auto tensor = [rows] { return torch::randn({rows, 33}); };
    parameters.push_back({tensor(), tensor(), tensor(), tensor().abs(), tensor()});
  }
  add_cases(
      cases, "adam_update", adam_update, false, parameters,
      [](const ComputeContext&, const Tensors& x) {
        return AdamUpdate{{{x[0], x[1], x[2], x[3], x[4]}},
                          {.gradient_scale = 0.5, .step_size = 0.1, .average_decay = 0.9}};
      },
      [](const AdamUpdate& update) {
        const auto& of = update.tensors.front();
        return Tensors{of.parameter, of.mean, of.variance, of.average};
      });
  add_cases(
      cases, "adam_update_unseen", adam_update_unseen, false, parameters,
      [](const ComputeContext&, const Tensors& x) {
        const auto number = [&](double value) { return torch::full({}, value, x[0].options()); };
        return UnseenAdamUpdate{.parameters = {x[0]},
                                .gradients = {x[1]},
                                .means = {x[2]},
                                .variances = {x[3]},
                                .updates = number(3),
                                .gradient_divisor = number(2),
                                .is_finite = number(1),
                                .rate = 0.1,
                                .beta1 = 0.9,
                                .beta2 = 0.99,
                                .epsilon = 1e-8};
      },
      [](const UnseenAdamUpdate& update) {
        return Tensors{update.parameters[0], update.means[0], update.variances[0]};
      });
  add_cases(
      cases, "gradient_norm", gradient_norm, false, parameters,
      [](const ComputeContext&, const Tensors& x) { return x; },
      [](double norm) { return Tensors{torch::full({}, norm)}; });
}

inline std::vector<BackendCase> backend_cases(bool for_gpu) {
  torch::manual_seed(1);
  std::vector<BackendCase> cases;
  add_products(cases);
  add_cell(cases, "gru", 3, 1, gru_step, gru_sequence, gru_layer);
  add_cell(cases, "lstm", 4, 2, lstm_step, lstm_sequence, lstm_layer);
  add_attention(cases);
  add_rankings(cases);
  add_lists(cases);
  add_updates(cases);
  std::erase_if(cases, [=](const BackendCase& tested) { return tested.is_for_gpu != for_gpu; });
  return cases;
}

/// Rounding of factors to 8 bits: a few times their last digit.
inline kernels::Tolerance tolerance_of(Precision precision) {
  switch (precision) {
    case Precision::kBfloat16:
      return {0.03, 0.01};
    case Precision::kInt8:
      return {0.06, 0.03};
    default:
      return {};
  }
}

/// Whether the backend computes so; then its values, and gradients if they are asked for, are held
/// against those of the plain twin in float64.
inline bool is_held_to_twin(const BackendCase& tested, const ComputeContext& compute,
                            bool gradients, const torch::Device& device) {
  const torch::AutoGradMode mode(gradients);
  Tensors inputs, wide;
  for (const auto& input : tested.inputs) {
    inputs.push_back(input.to(device).clone());
    wide.push_back(inputs.back().to(torch::kFloat64));
  }
  if (!tested.fits(compute, inputs)) return false;
  const auto run = [&](const Tensors& x) { return tested.run(compute, x); };
  const auto plain = [&](const Tensors& x) { return tested.plain({}, x); };
  const auto tolerance = tolerance_of(compute.precision);
  if (gradients) {
    kernels::expect_same_function(run, plain, inputs, tolerance, [&] {
      if (compute.collector != nullptr) compute.collector->finish();
    });
    if (compute.collector == nullptr) kernels::expect_repeatable_gradients(run, inputs);
    return true;
  }
  const auto found = run(inputs), expected = plain(wide);
  for (std::size_t i = 0; i < expected.size(); ++i)
    kernels::expect_close(found[i], expected[i], tolerance, "output " + std::to_string(i));
  return true;
}

/// The case in every precision of the device, with and without gradients, and as an update of
/// training does it: weights packed once, and their gradients collected.
inline void expect_plain_twin(const BackendCase& tested, const torch::Device& device) {
  int64_t ways = 0;
  for (const auto precision : {Precision::kFloat32, Precision::kBfloat16, Precision::kInt8}) {
    if (!has_products_in(precision, device)) continue;
    for (const bool gradients : {false, true}) {
      if (gradients && (!tested.learns || precision == Precision::kInt8)) continue;
      for (const bool within_update : {false, true}) {
        SCOPED_TRACE(to_name(precision) + (gradients ? " with gradients" : "") +
                     (within_update ? " within an update" : ""));
        kernels::FrozenWeights frozen;
        kernels::WeightGradients collected;
        ComputeContext compute(precision);
        if (within_update) compute = {precision, &frozen, &collected};
        ways += is_held_to_twin(tested, compute, gradients, device) ? 1 : 0;
      }
    }
  }
  EXPECT_GT(ways, 0) << "the backend computes nothing here";
}

}  // namespace weft::ops
