#pragma once
// Where processes that train one model together add up what each has of an update.

#include <cstdint>

#include "model/named_tensors.h"

namespace weft {

/// What one process did for an update: over its batches, or, added up, over all processes'.
struct UpdateWork {
  int64_t sentences = 0;
  int64_t source_tokens = 0;
  int64_t target_tokens = 0;
  double loss = 0;    ///< -log p summed over the target tokens, in nats
  double guided = 0;  ///< the guided loss, likewise, without its weight
  double head = 0;    ///< the alignment head's
};

/// Every process calls the same functions in the same order, and gets the same results.
class Reducer {
 public:
  virtual ~Reducer() = default;
  /// This process's number among `world()`, from 0.
  virtual int64_t rank() const = 0;
  virtual int64_t world() const = 0;
  /// The sum over all processes of their target tokens in this update.
  virtual int64_t add_tokens(int64_t target_tokens) = 0;
  /// Replaces each parameter's gradient by the sum of all processes' gradients.
  virtual void add_gradients(const NamedTensors& parameters) = 0;
  virtual UpdateWork add_work(const UpdateWork& work) = 0;
};

/// One process by itself: every sum is what it has.
class SingleProcess : public Reducer {
 public:
  int64_t rank() const override { return 0; }
  int64_t world() const override { return 1; }
  int64_t add_tokens(int64_t target_tokens) override { return target_tokens; }
  void add_gradients(const NamedTensors& /*parameters*/) override {}
  UpdateWork add_work(const UpdateWork& work) override { return work; }
};

}  // namespace weft
