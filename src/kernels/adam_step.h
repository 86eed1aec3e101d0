#pragma once
// Adam's update of all parameters in one pass over memory.

#include <torch/types.h>

#include <vector>

namespace weft::kernels {

/// One parameter with its moments; float32 tensors on the CPU of one shape. Parameter, moments and
/// average are contiguous.
struct AdamTensors {
  torch::Tensor parameter;  ///< θ
  torch::Tensor gradient;   ///< g
  torch::Tensor mean;       ///< m
  torch::Tensor variance;   ///< v
  torch::Tensor average;    ///< a, or undefined
};

/// The same for all parameters of an update, number t.
struct AdamCoefficients {
  double gradient_scale = 1;  ///< g is multiplied by it first: clipping
  double beta1 = 0.9;
  double beta2 = 0.999;
  double step_size = 0;       ///< η / (1 - β₁^t)
  double variance_scale = 1;  ///< 1 / sqrt(1 - β₂^t)
  double epsilon = 1e-8;
  double average_decay = 0;  ///< d
};

/// Kingma & Ba 2015 (arXiv:1412.6980), algorithm 1, and a moving average of the result:
///   m = β₁ m + (1 - β₁) g,   v = β₂ v + (1 - β₂) g²
///   θ = θ - step_size · m / (sqrt(v) variance_scale + ε),   a = d a + (1 - d) θ
/// Does not depend on the number of threads. Throws c10::Error on tensors that do not match.
void adam_step(const std::vector<AdamTensors>& tensors, const AdamCoefficients& coefficients);

/// The 2-norm of all gradients together, float32 on the CPU.
double gradient_norm(const std::vector<torch::Tensor>& gradients);

}  // namespace weft::kernels
