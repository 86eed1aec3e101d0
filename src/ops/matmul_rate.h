#pragma once
// How fast this machine multiplies matrices: what the speed of everything else is held against.

#include <torch/types.h>

#include <vector>

#include "config/training_options.h"

namespace weft {

/// The rate of [64 x 512]·[512 x 1536] with packed weights (64 sentences meet the weights of a GRU
/// of 512 units), every thread multiplying its own 64 rows over and over: no other way of issuing
/// the products of a model gets more out of the machine. A GPU multiplies matrices large enough to
/// fill it, [8192 x 4096]·[4096 x 4096].
class MatmulRate {
 public:
  MatmulRate(Precision precision, const torch::Device& device)
      : precision_(precision), device_(device) {}
  /// Measures for about a quarter of a second, with the threads of kernels::use_threads().
  void sample();
  /// Floating-point operations a second: the median of everything measured so far.
  double flops_per_second() const;

 private:
  Precision precision_;
  torch::Device device_;
  std::vector<double> rates_;
};

}  // namespace weft
