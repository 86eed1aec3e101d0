#include "kernels/smoothed_cross_entropy.h"

#include <torch/autograd.h>
#include <torch/types.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "kernels/cross_entropy_row.h"
#include "kernels/frozen_weights.h"
#include "kernels/matmul.h"
#include "kernels/sequence_steps.h"
#include "kernels/vector_math.h"

namespace weft::kernels {
namespace {

using torch::Tensor;
using torch::autograd::AutogradContext;
using torch::autograd::tensor_list;

// Tokens whose logits exist at one time, and tokens one thread takes at once.
constexpr int64_t kBlockTokens = 256;
constexpr int64_t kTaskTokens = 16;

/// Infinite where it is more than float32 has: an update of such a loss is skipped.
float in_float(double value) {
  const bool fits = std::abs(value) <= std::numeric_limits<float>::max();
  return fits || std::isnan(value)
             ? static_cast<float>(value)
             : std::copysign(std::numeric_limits<float>::infinity(), value > 0 ? 1.0F : -1.0F);
}

struct CrossEntropyGradients {
  Tensor readout;  // [N, R]
  Tensor weight;   // [V, R]
  Tensor bias;     // [V]
};

// Goes through the tokens block by block. `gradients` may be null.
class BlockwiseLoss {
 public:
  BlockwiseLoss(const OutputLayer& layer, double smoothing, const ProductContext& context,
                CrossEntropyGradients* gradients)
      : layer_(layer),
        smoothing_(smoothing),
        precision_(context.precision),
        gradients_(gradients),
        forward_(forward_weight(layer.weight, context)),
        losses_(static_cast<size_t>(layer.readout.size(0))) {
    if (gradients != nullptr) {
      backward_.emplace(layer.weight, WeightUse::kBackward, precision_);
    }
  }

  CrossEntropySums run() {
    const int64_t tokens = layer_.readout.size(0);
    const int64_t vocabulary = layer_.weight.size(0);
    logits_ = torch::empty({std::min(tokens, kBlockTokens), vocabulary}, layer_.readout.options());
    for (int64_t begin = 0; begin < tokens; begin += kBlockTokens) {
      const RowRange block{begin, std::min(tokens, begin + kBlockTokens)};
      const int64_t tasks = (block.size() + kTaskTokens - 1) / kTaskTokens;
      parallel_tasks(tasks, [&](int64_t task) {
        const int64_t first = begin + task * kTaskTokens;
        run_tokens(block, {first, std::min(block.end, first + kTaskTokens)});
      });
      if (gradients_ != nullptr) add_parameter_gradients(block);
    }
    return sums();
  }

 private:
  void run_tokens(RowRange block, RowRange range) {
    const int64_t vocabulary = layer_.weight.size(0);
    const int64_t width = layer_.weight.size(1);
    float* logits = logits_.data_ptr<float>() + (range.begin - block.begin) * vocabulary;
    forward_.multiply(layer_.readout.data_ptr<float>() + range.begin * width, range.size(), logits);
    for (int64_t n = range.begin; n < range.end; ++n) {
      const CrossEntropyRow row{logits + (n - range.begin) * vocabulary,
                                layer_.bias.data_ptr<float>(), vocabulary,
                                layer_.targets.data_ptr<int64_t>()[n], smoothing_};
      auto& loss = losses_[static_cast<size_t>(n)];
      loss = gradients_ != nullptr ? cross_entropy_gradient_row(row) : cross_entropy_row(row);
      if (!layer_.weights.defined()) continue;
      const float token_weight = layer_.weights.data_ptr<float>()[n];
      loss.loss *= token_weight;
      if (gradients_ != nullptr)
        std::for_each_n(row.logits, vocabulary, [&](float& gradient) { gradient *= token_weight; });
    }
    if (gradients_ != nullptr) {
      backward_->multiply(logits, range.size(),
                          gradients_->readout.data_ptr<float>() + range.begin * width);
    }
  }

  void add_parameter_gradients(RowRange block) {
    const int64_t vocabulary = layer_.weight.size(0);
    const int64_t width = layer_.weight.size(1);
    const Write write = block.begin == 0 ? Write::kReplace : Write::kAdd;
    const float* logit_gradient = logits_.data_ptr<float>();
    compute_weight_gradient(
        {logit_gradient, vocabulary, layer_.readout.data_ptr<float>() + block.begin * width,
         block.size(), vocabulary, width, gradients_->weight.data_ptr<float>(), write},
        precision_);
    compute_column_sum({logit_gradient, vocabulary, block.size(), vocabulary,
                        gradients_->bias.data_ptr<float>(), write});
  }

  CrossEntropySums sums() const {
    TokenLoss sum{0, 0};
    const auto options = layer_.readout.options().requires_grad(false);
    const Tensor log_probs = torch::empty({static_cast<int64_t>(losses_.size())}, options);
    float* log_prob = log_probs.data_ptr<float>();
    for (const TokenLoss& token : losses_) {
      sum.loss += token.loss;
      sum.negative_log_likelihood += token.negative_log_likelihood;
      *log_prob++ = static_cast<float>(-token.negative_log_likelihood);
    }
    return {torch::full({}, in_float(sum.loss), options),
            torch::full({}, in_float(sum.negative_log_likelihood), options), log_probs};
  }

  const OutputLayer& layer_;
  double smoothing_;
  Precision precision_;
  CrossEntropyGradients* gradients_;
  PackedWeight forward_;
  std::optional<PackedWeight> backward_;
  std::vector<TokenLoss> losses_;
  Tensor logits_;  // of one block; then their gradient
};

class CrossEntropyFunction : public torch::autograd::Function<CrossEntropyFunction> {
 public:
  static tensor_list forward(AutogradContext* ctx, const Tensor& readout, const Tensor& weight,
                             const Tensor& bias, const Tensor& targets, const Tensor& weights,
                             double smoothing, const ProductContext& context) {
    CrossEntropyGradients gradients{torch::empty_like(readout), torch::zeros_like(weight),
                                    torch::zeros_like(bias)};
    const OutputLayer layer{readout, weight, bias, targets,
                            weights.numel() > 0 ? weights : Tensor()};
    const auto sums = BlockwiseLoss(layer, smoothing, context, &gradients).run();
    ctx->save_for_backward({gradients.readout, gradients.weight, gradients.bias});
    ctx->mark_non_differentiable({sums.negative_log_likelihood, sums.log_probs});
    return {sums.loss, sums.negative_log_likelihood, sums.log_probs};
  }

  static tensor_list backward(AutogradContext* ctx, tensor_list gradients) {
    const auto saved = ctx->get_saved_variables();
    const Tensor& scale = gradients[0];
    return {saved[0] * scale, saved[1] * scale, saved[2] * scale, {}, {}, {}, {}};
  }
};

void check(const OutputLayer& layer) {
  const int64_t vocabulary = layer.weight.size(0);
  TORCH_CHECK(layer.readout.dim() == 2 && layer.readout.size(1) == layer.weight.size(1) &&
                  layer.bias.numel() == vocabulary,
              "smoothed_cross_entropy: readout ", layer.readout.sizes(), ", weight ",
              layer.weight.sizes(), ", bias ", layer.bias.sizes());
  TORCH_CHECK(layer.targets.dim() == 1 && layer.targets.size(0) == layer.readout.size(0) &&
                  layer.targets.scalar_type() == torch::kInt64,
              "smoothed_cross_entropy: targets ", layer.targets.sizes(), " ",
              layer.targets.scalar_type());
  TORCH_CHECK(!layer.weights.defined() || layer.weights.sizes() == layer.targets.sizes(),
              "smoothed_cross_entropy: weights ", layer.weights.sizes(), " of targets ",
              layer.targets.sizes());
}

// Without the tokens that count nothing.
OutputLayer counted_tokens(const OutputLayer& layer) {
  const Tensor targets = layer.targets.contiguous();
  const int64_t* target = targets.data_ptr<int64_t>();
  std::vector<int64_t> rows;
  for (int64_t n = 0; n < targets.size(0); ++n) {
    TORCH_CHECK(target[n] < layer.weight.size(0), "smoothed_cross_entropy: target ", target[n],
                " of a vocabulary of ", layer.weight.size(0));
    if (target[n] >= 0) rows.push_back(n);
  }
  OutputLayer result{layer.readout, layer.weight.contiguous(), layer.bias.contiguous(), targets,
                     layer.weights};
  if (static_cast<int64_t>(rows.size()) < targets.size(0)) {
    const Tensor index = torch::tensor(rows, torch::kInt64);
    result.readout = layer.readout.index_select(0, index);
    result.targets = targets.index_select(0, index);
    if (layer.weights.defined()) result.weights = layer.weights.index_select(0, index);
  }
  result.readout = result.readout.contiguous();
  if (layer.weights.defined()) result.weights = result.weights.contiguous();
  return result;
}

// Log-probabilities of all tokens, from those of the tokens that count.
Tensor of_all_tokens(const Tensor& log_probs, const Tensor& targets) {
  if (log_probs.size(0) == targets.size(0)) return log_probs;
  return torch::zeros({targets.size(0)}, log_probs.options())
      .masked_scatter(targets.ge(0), log_probs);
}

}  // namespace

CrossEntropySums smoothed_cross_entropy(const OutputLayer& layer, double smoothing,
                                        const ProductContext& context) {
  check(layer);
  const OutputLayer counted = counted_tokens(layer);
  if (!needs_gradient({counted.readout, counted.weight, counted.bias})) {
    auto sums = BlockwiseLoss(counted, smoothing, context, nullptr).run();
    sums.log_probs = of_all_tokens(sums.log_probs, layer.targets);
    return sums;
  }
  // A function of LibTorch's takes no undefined tensor.
  const Tensor weights = counted.weights.defined() ? counted.weights : torch::empty({0});
  const auto sums = CrossEntropyFunction::apply(counted.readout, counted.weight, counted.bias,
                                                counted.targets, weights, smoothing, context);
  return {sums[0], sums[1], of_all_tokens(sums[2], layer.targets)};
}

}  // namespace weft::kernels
