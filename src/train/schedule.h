#pragma once
// The learning rate over time.

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "config/training_options.h"

namespace weft {

/// What a schedule must remember beyond the number of updates, by name.
using ScheduleState = std::map<std::string, double>;

/// One influence on the learning rate.
class Schedule {
 public:
  virtual ~Schedule() = default;
  /// The rate of update number `update`, from 1, which would be `rate` without this schedule.
  virtual double apply(double rate, int64_t update) const = 0;
  /// Hears of every validation, and whether it was the best so far.
  virtual void validated(bool /*is_best*/) {}
  /// Adds its state.
  virtual void save(ScheduleState& /*state*/) const {}
  /// Takes what save() has added from `state`; what is not there stays as it is.
  virtual void restore(const ScheduleState& /*state*/) {}
};

/// The schedules that `options` turn on, in the order in which they are applied. With none of them
/// the rate is constant.
std::vector<std::unique_ptr<Schedule>> make_schedules(double peak, const ScheduleOptions& options);

/// The peak and all that is done to it. With w = warmup_steps:
///   η_t = peak · plateau scale · min(1, t / w) · fall(t), once warm not below the minimum m,
/// where fall(t) is 1, or one of
///   inverse square root   min(1, sqrt(inverse_sqrt_steps / t))
///   exponential           exponential_factor^(max(0, t - w) / exponential_steps)
///   cosine                m' + (1 - m') (1 + cos π x) / 2,  x = (t - w) / (cosine_steps - w) cut
///   to
///                         [0, 1], m' the part that m is of the rate; Loshchilov & Hutter 2017
///                         (arXiv:1608.03983), without restarts
/// The plateau scale is 1 at first, and is multiplied by plateau_factor whenever plateau_patience
/// validations in a row were not the best. lower() multiplies all of it, the minimum too.
class LearningRate {
 public:
  LearningRate(double peak, const ScheduleOptions& options)
      : peak_(peak), schedules_(make_schedules(peak, options)) {}
  /// For update number `update`, from 1.
  double at(int64_t update) const;
  void validated(bool is_best);
  /// For good: every rate from now on is `factor` times what it would be.
  void lower(double factor) { lowered_ *= factor; }
  ScheduleState state() const;
  void restore(const ScheduleState& state);

 private:
  double peak_;
  double lowered_ = 1;
  std::vector<std::unique_ptr<Schedule>> schedules_;
};

}  // namespace weft
