#pragma once
// The learning rate over time.

#include <cstdint>

#include "config/training_options.h"

namespace weft {

/// η_t = peak · min(1, t / warmup) · min(1, sqrt(inverse_sqrt / t)) · plateau scale, not below the
/// minimum once warm. The plateau scale begins at 1 and is multiplied by plateau_factor at each
/// call of decay().
class LearningRate {
 public:
  LearningRate(double peak, const ScheduleOptions& options) : peak_(peak), options_(options) {}
  /// For update number `update`, from 1.
  double at(int64_t update) const;
  void decay() { scale_ *= options_.plateau_factor; }
  double scale() const { return scale_; }
  void set_scale(double scale) { scale_ = scale; }

 private:
  double peak_;
  ScheduleOptions options_;
  double scale_ = 1;
};

}  // namespace weft
