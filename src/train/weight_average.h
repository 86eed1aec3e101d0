#pragma once
// Averaged weights, which translate better than the last ones.

#include "model/named_tensors.h"

namespace weft {

/// Exponential moving average of the weights (Polyak & Juditsky 1992; Marian's
/// --exponential-smoothing):
///   a = d a + (1 - d) θ,  with d = min(decay, (1 + t) / (10 + t)) so that the random start is soon
///   forgotten.
class WeightAverage {
 public:
  /// decay in [0, 1); 0 keeps no average, and the weights stand for themselves.
  WeightAverage(NamedTensors weights, double decay);
  /// After update number `update`, from 1.
  void update(int64_t update);
  /// Exchanges the model's weights with the average; twice is as never.
  void swap();
  /// The average by name, empty without; shares memory.
  const NamedTensors& averages() const { return averages_; }

 private:
  NamedTensors weights_, averages_;
  double decay_;
};

}  // namespace weft
