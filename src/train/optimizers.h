#pragma once
// The optimizers of a model.

#include <torch/types.h>

#include <cstdint>
#include <memory>
#include <vector>

#include "config/training_options.h"
#include "model/named_tensors.h"
#include "train/optimizer.h"

namespace weft {

/// One optimizer for what translates, and another for the alignment head, if there is one. Each
/// clips its gradient by a norm of its own: a head changes no translation.
class Optimizers {
 public:
  /// As make_optimizer().
  Optimizers(const NamedTensors& parameters, const NamedTensors& averages,
             const OptimizerOptions& options);

  /// The 2-norm of the gradient of what translates.
  double gradient_norm() const { return parts_.front()->gradient_norm(); }
  /// One update. A head whose gradient is not finite stays as it is.
  void step(const OptimizerStep& step);
  bool steps_unseen() const { return parts_.front()->steps_unseen(); }
  /// As Optimizer::step_unseen(), with the norm that gradient_norm() gives.
  torch::Tensor step_unseen(double rate, double average_decay);
  void clear_gradients();

  NamedTensors state() const;
  void set_updates(int64_t updates);

 private:
  std::vector<std::unique_ptr<Optimizer>> parts_;
};

}  // namespace weft
