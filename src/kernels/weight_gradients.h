#pragma once
// Gradients of weights that are used at every time step, in one product each.

#include <torch/types.h>

#include <vector>

#include "kernels/product_context.h"

namespace weft::kernels {

/// For y_t = x_t W^T, dW = Σ_t dy_t^T x_t. Taken step by step this is a product of few rows and a
/// sum of [O, I] for every t; with the rows of all steps below each other it is one product.
class WeightGradients {
 public:
  /// Takes part in dW: output_gradient [N, O], input [N, I] of float32; on a GPU, of `precision`.
  void add(const torch::Tensor& weight, const torch::Tensor& output_gradient,
           const torch::Tensor& input, Precision precision);
  /// The same for a bias [O] on a GPU, whose gradient is the sum of the rows.
  void add_sum(const torch::Tensor& bias, const torch::Tensor& output_gradient);
  /// Adds what was collected to the gradients of the weights. Once, after the backward pass.
  void finish();
  /// Adds what was collected to the gradient of one parameter.
  void finish(const torch::Tensor& parameter);

 private:
  struct Entry {
    torch::Tensor weight;
    Precision precision;
    std::vector<torch::Tensor> output_gradients, inputs;  // no inputs: of a bias
  };
  static void add_to_gradient(const Entry& entry);
  Entry& entry_of(const torch::Tensor& parameter, Precision precision);

  std::vector<Entry> entries_;
};

/// What collects the gradient of `weight` from a product of `rows` rows; null if nothing does. On a
/// GPU, to whom starting a product is dear, more rows are collected.
WeightGradients* collector_of(const torch::Tensor& weight, int64_t rows,
                              const ProductContext& context);

}  // namespace weft::kernels
