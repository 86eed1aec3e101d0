#include "kernels/weight_gradients.h"

#include <torch/types.h>
#include <torch/utils.h>

#include <algorithm>

#include "kernels/matmul.h"
#include "kernels/sequence_steps.h"

namespace weft::kernels {
namespace {

thread_local WeightGradients* collecting_on_thread = nullptr;

}  // namespace

void WeightGradients::add(const torch::Tensor& weight, const torch::Tensor& output_gradient,
                          const torch::Tensor& input, Precision precision) {
  auto entry = std::find_if(entries_.begin(), entries_.end(), [&](const Entry& known) {
    return known.weight.is_same(weight) && known.precision == precision;
  });
  if (entry == entries_.end()) entry = entries_.insert(entry, Entry{weight, precision, {}, {}});
  entry->output_gradients.push_back(output_gradient);
  entry->inputs.push_back(input);
}

void WeightGradients::finish() {
  const torch::NoGradGuard no_gradient;
  for (auto& [weight, precision, output_gradients, inputs] : entries_) {
    const auto dy = torch::cat(output_gradients);
    const auto x = torch::cat(inputs);
    auto gradient = torch::empty_like(weight);
    compute_weight_gradient({dy.data_ptr<float>(), weight.size(0), x.data_ptr<float>(), x.size(0),
                             weight.size(0), weight.size(1), gradient.data_ptr<float>()},
                            precision);
    auto& sum = weight.mutable_grad();
    sum = sum.defined() ? sum.add_(gradient) : gradient;
  }
  entries_.clear();
}

WeightGradientsGuard::WeightGradientsGuard(WeightGradients& gradients)
    : outer_(collecting_on_thread) {
  collecting_on_thread = &gradients;
}

WeightGradientsGuard::~WeightGradientsGuard() { collecting_on_thread = outer_; }

WeightGradients* collector_of(const torch::Tensor& weight, int64_t rows) {
  // Many rows are worth a product of their own, and would be much to keep.
  constexpr int64_t kMostRows = 512;
  return weight.is_leaf() && rows <= kMostRows ? collecting_on_thread : nullptr;
}

}  // namespace weft::kernels
