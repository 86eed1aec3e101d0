#include "kernels/weight_gradients.h"

#include <torch/types.h>
#include <torch/utils.h>

#include <algorithm>

#include "kernels/matmul.h"
#include "kernels/sequence_steps.h"

namespace weft::kernels {
namespace {

/// dY^T X of dY [N, O] and X [N, I], float32.
torch::Tensor product(const torch::Tensor& dy, const torch::Tensor& x, Precision precision) {
  if (!dy.is_cpu()) return dy.t().mm(x).to(torch::kFloat32);
  auto gradient = torch::empty({dy.size(1), x.size(1)}, dy.options());
  compute_weight_gradient({dy.data_ptr<float>(), dy.size(1), x.data_ptr<float>(), x.size(0),
                           dy.size(1), x.size(1), gradient.data_ptr<float>()},
                          precision);
  return gradient;
}

}  // namespace

WeightGradients::Entry& WeightGradients::entry_of(const torch::Tensor& parameter,
                                                  Precision precision) {
  auto entry = std::find_if(entries_.begin(), entries_.end(), [&](const Entry& known) {
    return known.weight.is_same(parameter) && known.precision == precision;
  });
  if (entry == entries_.end()) entry = entries_.insert(entry, Entry{parameter, precision, {}, {}});
  return *entry;
}

void WeightGradients::add(const torch::Tensor& weight, const torch::Tensor& output_gradient,
                          const torch::Tensor& input, Precision precision) {
  auto& entry = entry_of(weight, precision);
  entry.output_gradients.push_back(output_gradient);
  entry.inputs.push_back(input);
}

void WeightGradients::add_sum(const torch::Tensor& bias, const torch::Tensor& output_gradient) {
  entry_of(bias, Precision::kFloat32).output_gradients.push_back(output_gradient);
}

void WeightGradients::add_to_gradient(const Entry& entry) {
  const torch::NoGradGuard no_gradient;
  const auto dy = torch::cat(entry.output_gradients);
  auto gradient =
      entry.inputs.empty() ? dy.sum(0) : product(dy, torch::cat(entry.inputs), entry.precision);
  auto& sum = entry.weight.mutable_grad();
  sum = sum.defined() ? sum.add_(gradient) : gradient;
}

void WeightGradients::finish() {
  for (const auto& entry : entries_) add_to_gradient(entry);
  entries_.clear();
}

void WeightGradients::finish(const torch::Tensor& parameter) {
  std::erase_if(entries_, [&](const Entry& entry) {
    if (!entry.weight.is_same(parameter)) return false;
    add_to_gradient(entry);
    return true;
  });
}

WeightGradients* collector_of(const torch::Tensor& weight, int64_t rows,
                              const ProductContext& context) {
  // Many rows are worth a product of their own, and would be much to keep.
  constexpr int64_t kMostRows = 512, kMostRowsOfAGpu = 4096;
  const bool few = rows <= (weight.is_cpu() ? kMostRows : kMostRowsOfAGpu);
  return weight.is_leaf() && few ? context.collector : nullptr;
}

}  // namespace weft::kernels
