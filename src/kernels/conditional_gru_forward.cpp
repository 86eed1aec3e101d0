#include <torch/types.h>

#include <algorithm>
#include <vector>

#include "kernels/attention_row.h"
#include "kernels/conditional_gru_steps.h"
#include "kernels/frozen_weights.h"
#include "kernels/gru_row.h"
#include "kernels/matmul.h"
#include "kernels/sequence_steps.h"

namespace weft::kernels {
namespace {

struct ForwardWeights {
  PackedWeight first, query, context, second;
  ForwardWeights(const ConditionalGruInputs& in, const ProductContext& products)
      : first(forward_weight(in.weight_hh, products)),
        query(forward_weight(in.query_weight, products)),
        context(forward_weight(in.context_weight_ih, products)),
        second(forward_weight(in.context_weight_hh, products)) {}
};

// Some sentences' way through all steps. Its arrays hold a row for each of them.
class ForwardPart {
 public:
  ForwardPart(const ConditionalGruInputs& in, const ConditionalGruSizes& n,
              const ForwardWeights& weights, RowRange range, ConditionalGruOutputs& out,
              ConditionalGruSaved& saved)
      : in_(in), n_(n), weights_(weights), range_(range), out_(out), saved_(saved) {
    const float* initial = in.initial.data_ptr<float>();
    state_.assign(initial + range.begin * n.hidden, initial + range.end * n.hidden);
    const auto rows = static_cast<size_t>(range.size());
    between_.resize(rows * static_cast<size_t>(n.hidden));
    queries_.resize(rows * static_cast<size_t>(n.width));
    contexts_.resize(rows * static_cast<size_t>(n.annotation_width));
    context_gates_.resize(rows * static_cast<size_t>(3 * n.hidden));
    state_gates_.resize(rows * static_cast<size_t>(3 * n.hidden));
  }

  void run() {
    for (int64_t step = 0; step < n_.steps; ++step) {
      first_cell(step);
      attend(step);
      second_cell(step);
    }
  }

 private:
  // s' = GRU_1(y; s)
  void first_cell(int64_t step) {
    const int64_t h = n_.hidden;
    weights_.first.multiply(state_.data(), range_.size(), state_gates_.data());
    for (int64_t row = 0; row < range_.size(); ++row) {
      const int64_t cell = (range_.begin + row) * n_.steps + step;
      float* between = between_.data() + row * h;
      gru_forward_row(
          {in_.input_gates.data_ptr<float>() + cell * 3 * h, state_gates_.data() + row * 3 * h,
           in_.bias_hh.data_ptr<float>(), state_.data() + row * h, between,
           saved_.first_gates.data_ptr<float>() + cell * kGruSavedGates * h},
          h);
      std::copy_n(between, h, saved_.between.data_ptr<float>() + cell * h);
    }
  }

  // α and c of every sentence
  void attend(int64_t step) {
    weights_.query.multiply(between_.data(), range_.size(), queries_.data());
    for (int64_t row = 0; row < range_.size(); ++row) {
      const int64_t sentence = range_.begin + row;
      const int64_t cell = sentence * n_.steps + step;
      const float* query = queries_.data() + row * n_.width;
      float* context = contexts_.data() + row * n_.annotation_width;
      attention_forward_row(
          {query, in_.keys.data_ptr<float>() + sentence * n_.positions * n_.width,
           in_.energy.data_ptr<float>(),
           in_.annotations.data_ptr<float>() + sentence * n_.positions * n_.annotation_width,
           in_.mask.data_ptr<bool>() + sentence * n_.positions, n_.positions, n_.width,
           n_.annotation_width},
          out_.weights.data_ptr<float>() + cell * n_.positions, context);
      std::copy_n(query, n_.width, saved_.queries.data_ptr<float>() + cell * n_.width);
      std::copy_n(context, n_.annotation_width,
                  out_.contexts.data_ptr<float>() + cell * n_.annotation_width);
    }
  }

  // s = GRU_2(c; s')
  void second_cell(int64_t step) {
    const int64_t h = n_.hidden;
    for (int64_t row = 0; row < range_.size(); ++row) {
      std::copy_n(in_.context_bias_ih.data_ptr<float>(), 3 * h,
                  context_gates_.data() + row * 3 * h);
    }
    weights_.context.multiply(contexts_.data(), range_.size(), context_gates_.data(), Write::kAdd);
    weights_.second.multiply(between_.data(), range_.size(), state_gates_.data());
    for (int64_t row = 0; row < range_.size(); ++row) {
      const int64_t cell = (range_.begin + row) * n_.steps + step;
      float* state = state_.data() + row * h;
      gru_forward_row({context_gates_.data() + row * 3 * h, state_gates_.data() + row * 3 * h,
                       in_.context_bias_hh.data_ptr<float>(), between_.data() + row * h, state,
                       saved_.second_gates.data_ptr<float>() + cell * kGruSavedGates * h},
                      h);
      std::copy_n(state, h, out_.states.data_ptr<float>() + cell * h);
    }
  }

  const ConditionalGruInputs& in_;
  const ConditionalGruSizes& n_;
  const ForwardWeights& weights_;
  RowRange range_;
  ConditionalGruOutputs& out_;
  ConditionalGruSaved& saved_;
  std::vector<float> state_;          // s
  std::vector<float> between_;        // s'
  std::vector<float> queries_;        // W_q s'
  std::vector<float> contexts_;       // c
  std::vector<float> context_gates_;  // of the second cell, from c
  std::vector<float> state_gates_;    // of either cell, from the state
};

}  // namespace

void conditional_gru_forward(const ConditionalGruInputs& inputs, const ConditionalGruSizes& sizes,
                             const ProductContext& context, ConditionalGruOutputs& outputs,
                             ConditionalGruSaved& saved) {
  const ForwardWeights weights(inputs, context);
  const int64_t parts = sentence_parts(sizes.batch);
  parallel_tasks(parts, [&](int64_t part) {
    ForwardPart(inputs, sizes, weights, part_of(sizes.batch, parts, part), outputs, saved).run();
  });
}

}  // namespace weft::kernels
