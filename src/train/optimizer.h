#pragma once
// What moves the weights, given their gradients.

#include <torch/types.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "config/training_options.h"
#include "model/named_tensors.h"

namespace weft {

/// What changes from update to update.
struct OptimizerStep {
  double rate = 0;           ///< η, the learning rate
  double gradient_norm = 0;  ///< as gradient_norm() gave it
  double average_decay = 0;  ///< d, of the averaged weights; see WeightAverage
};

/// An optimizer of given parameters. The gradient's norm, its clipping and averaged weights
///   a = d a + (1 - d) θ
/// are the same for all; how θ moves is each one's own.
class Optimizer {
 public:
  virtual ~Optimizer() = default;
  Optimizer(const Optimizer&) = delete;
  Optimizer& operator=(const Optimizer&) = delete;

  /// The 2-norm of all gradients together.
  double gradient_norm() const;
  /// One update: of the parameters that have a gradient, and of all averages. Gradients are
  /// cleared.
  void step(const OptimizerStep& step);
  /// Whether step_unseen() is there for these parameters.
  virtual bool steps_unseen() const { return false; }
  /// gradient_norm() and step() without waiting for the device: whether the gradient, and the
  /// `loss`, a scalar there, if it is given, are finite is decided there; if not, nothing moves.
  /// Returns the norm, a scalar on the device.
  torch::Tensor step_unseen(double rate, double average_decay, const torch::Tensor& loss = {});
  /// Clears the gradients without an update.
  void clear_gradients();

  /// What it remembers from update to update, as "KIND.PARAMETER"; shares memory with it.
  NamedTensors state() const;
  int64_t updates() const { return updates_; }
  /// Goes on after `updates` updates; the rest is loaded through state().
  virtual void set_updates(int64_t updates) { updates_ = updates; }

 protected:
  /// `averages` has a tensor for every parameter, or none.
  Optimizer(const NamedTensors& parameters, const NamedTensors& averages,
            const OptimizerOptions& options);

  /// A parameter and what belongs to it.
  struct Slot {
    std::string name;
    torch::Tensor parameter;
    torch::Tensor average;  // undefined: none is kept
    NamedTensors state;     // by kind
  };
  struct Move {
    double rate;            // η
    double gradient_scale;  // g is multiplied by it first: clipping
    double average_decay;   // d
  };

  /// Moves these parameters, all of which have a gradient; updates() counts this update already.
  virtual void move(const std::vector<Slot*>& slots, const Move& move) = 0;
  /// Whether move() keeps the averages up to date in the same pass over memory.
  virtual bool moves_averages() const { return false; }

  /// What the device alone knows of an update; scalars there.
  struct UnseenMove {
    double rate;
    torch::Tensor is_finite;         // 1, or 0: nothing moves
    torch::Tensor gradient_divisor;  // g is divided by it first: clipping
  };
  /// The same as move(), for optimizers of which steps_unseen() is true.
  virtual void move_unseen(const std::vector<Slot*>& slots, const UnseenMove& move);

  const OptimizerOptions& options() const { return options_; }
  /// For constructors, which put what they remember into `state`.
  std::vector<Slot>& slots() { return slots_; }
  const std::vector<Slot>& slots() const { return slots_; }
  /// Remembers, of every parameter, a tensor of its shape: zero at first.
  void add_state(const std::string& kind);

 private:
  /// Whether it has a gradient that counts: a frozen one may have what a kernel left there.
  static bool moves(const Slot& slot);
  /// Those that do.
  std::vector<Slot*> moving_slots();

  OptimizerOptions options_;
  std::vector<Slot> slots_;
  int64_t updates_ = 0;
};

/// The one that `options.type` names. `averages` as above.
std::unique_ptr<Optimizer> make_optimizer(const NamedTensors& parameters,
                                          const NamedTensors& averages,
                                          const OptimizerOptions& options);

}  // namespace weft
