#include "train/schedule.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace weft {
namespace {

constexpr const char* kLowered = "lowered";

class Plateau : public Schedule {
 public:
  Plateau(double factor, int64_t patience) : factor_(factor), patience_(patience) {}
  double apply(double rate, int64_t /*update*/) const override { return rate * scale_; }
  void validated(bool is_best) override {
    stalled_ = is_best ? 0 : stalled_ + 1;
    if (patience_ == 0 || stalled_ < patience_) return;
    scale_ *= factor_;
    stalled_ = 0;
  }
  void save(ScheduleState& state) const override {
    state["plateau_scale"] = scale_;
    state["plateau_stalled"] = static_cast<double>(stalled_);
  }
  void restore(const ScheduleState& state) override {
    if (const auto found = state.find("plateau_scale"); found != state.end())
      scale_ = found->second;
    if (const auto found = state.find("plateau_stalled"); found != state.end())
      stalled_ = static_cast<int64_t>(found->second);
  }

 private:
  double factor_;
  int64_t patience_;
  double scale_ = 1;
  int64_t stalled_ = 0;  // validations since the best one or the last fall
};

class WarmUp : public Schedule {
 public:
  explicit WarmUp(int64_t steps) : steps_(steps) {}
  double apply(double rate, int64_t update) const override {
    return update < steps_ ? rate * static_cast<double>(update) / static_cast<double>(steps_)
                           : rate;
  }

 private:
  int64_t steps_;
};

class InverseSquareRoot : public Schedule {
 public:
  explicit InverseSquareRoot(int64_t steps) : steps_(steps) {}
  double apply(double rate, int64_t update) const override {
    const double part = static_cast<double>(steps_) / static_cast<double>(update);
    return rate * std::min(1.0, std::sqrt(part));
  }

 private:
  int64_t steps_;
};

class Exponential : public Schedule {
 public:
  explicit Exponential(const ScheduleOptions& options) : options_(options) {}
  double apply(double rate, int64_t update) const override {
    const auto since = std::max<int64_t>(0, update - options_.warmup_steps);
    const double exponent =
        static_cast<double>(since) / static_cast<double>(options_.exponential_steps);
    return rate * std::pow(options_.exponential_factor, exponent);
  }

 private:
  ScheduleOptions options_;
};

class Cosine : public Schedule {
 public:
  Cosine(double minimum, const ScheduleOptions& options) : minimum_(minimum), options_(options) {}
  double apply(double rate, int64_t update) const override {
    if (update <= options_.warmup_steps || rate < minimum_) return rate;
    const auto since = static_cast<double>(update - options_.warmup_steps);
    const auto length = static_cast<double>(options_.cosine_steps - options_.warmup_steps);
    const double x = std::min(1.0, since / length);
    return minimum_ + (rate - minimum_) * (1 + std::cos(std::numbers::pi * x)) / 2;
  }

 private:
  double minimum_;
  ScheduleOptions options_;
};

class Minimum : public Schedule {
 public:
  Minimum(double rate, int64_t warmup_steps) : rate_(rate), warmup_steps_(warmup_steps) {}
  double apply(double rate, int64_t update) const override {
    return update < warmup_steps_ ? rate : std::max(rate, rate_);
  }

 private:
  double rate_;
  int64_t warmup_steps_;
};

}  // namespace

std::vector<std::unique_ptr<Schedule>> make_schedules(double peak, const ScheduleOptions& options) {
  const double minimum = std::min(options.minimum_rate, peak);
  std::vector<std::unique_ptr<Schedule>> schedules;
  schedules.push_back(std::make_unique<Plateau>(options.plateau_factor, options.plateau_patience));
  schedules.push_back(std::make_unique<WarmUp>(options.warmup_steps));
  if (options.inverse_sqrt_steps > 0)
    schedules.push_back(std::make_unique<InverseSquareRoot>(options.inverse_sqrt_steps));
  if (options.exponential_steps > 0) schedules.push_back(std::make_unique<Exponential>(options));
  if (options.cosine_steps > 0) schedules.push_back(std::make_unique<Cosine>(minimum, options));
  schedules.push_back(std::make_unique<Minimum>(minimum, options.warmup_steps));
  return schedules;
}

double LearningRate::at(int64_t update) const {
  double rate = peak_;
  for (const auto& schedule : schedules_) rate = schedule->apply(rate, update);
  return lowered_ * rate;
}

void LearningRate::validated(bool is_best) {
  for (const auto& schedule : schedules_) schedule->validated(is_best);
}

ScheduleState LearningRate::state() const {
  ScheduleState state;
  if (lowered_ != 1) state[kLowered] = lowered_;
  for (const auto& schedule : schedules_) schedule->save(state);
  return state;
}

void LearningRate::restore(const ScheduleState& state) {
  const auto lowered = state.find(kLowered);
  lowered_ = lowered == state.end() ? 1 : lowered->second;
  for (const auto& schedule : schedules_) schedule->restore(state);
}

}  // namespace weft
