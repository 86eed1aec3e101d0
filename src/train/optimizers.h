#pragma once
// The optimizers of a model.

#include <torch/types.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "config/training_options.h"
#include "model/named_tensors.h"
#include "train/optimizer.h"

namespace weft {

/// One optimizer for all that translates and learns at one rate, and another for the alignment
/// head, if there is one, which clips its gradient by a norm of its own: a head changes no
/// translation.
class Optimizers {
 public:
  /// As make_optimizer(). `rate_factors`: training.rate_factors.
  Optimizers(const NamedTensors& parameters, const NamedTensors& averages,
             const OptimizerOptions& options, const std::vector<std::string>& rate_factors = {});

  /// The 2-norm of the gradient of what translates.
  double gradient_norm() const;
  /// One update. A head whose gradient is not finite stays as it is.
  void step(const OptimizerStep& step);
  bool steps_unseen() const;
  /// As Optimizer::step_unseen(), with the norm that gradient_norm() gives.
  torch::Tensor step_unseen(double rate, double average_decay, const torch::Tensor& loss);
  void clear_gradients();

  NamedTensors state() const;
  void set_updates(int64_t updates);

 private:
  struct Part {
    std::unique_ptr<Optimizer> optimizer;
    double rate_factor = 1;
    bool translates = true;
  };
  std::vector<Part> parts_;  // those that translate first
};

}  // namespace weft
