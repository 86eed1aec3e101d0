#pragma once
// Averaged weights, which translate better than the last ones.

#include <cstdint>

#include "model/named_tensors.h"

namespace weft {

/// Exponential moving average of the weights (Polyak & Juditsky 1992; Marian's
/// --exponential-smoothing):
///   a = d a + (1 - d) θ,  with d = min(decay, (1 + t) / (10 + t)) so that the random start is soon
///   forgotten.
/// The optimiser keeps it up to date (adam.h); here it is stored and taken out.
class WeightAverage {
 public:
  /// decay in [0, 1); 0 keeps no average, and the weights stand for themselves.
  WeightAverage(NamedTensors weights, double decay);
  /// d of update number `update`, from 1.
  double decay(int64_t update) const;
  /// While it lives, the model's weights are the average, and the average's tensors hold the
  /// weights.
  class InPlace {
   public:
    explicit InPlace(WeightAverage& average) : average_(average) { average_.swap(); }
    InPlace(const InPlace&) = delete;
    InPlace& operator=(const InPlace&) = delete;
    ~InPlace() { average_.swap(); }

   private:
    WeightAverage& average_;
  };
  /// The average by name, empty without; shares memory.
  const NamedTensors& averages() const { return averages_; }

 private:
  void swap();

  NamedTensors weights_, averages_;
  double decay_;
};

}  // namespace weft
