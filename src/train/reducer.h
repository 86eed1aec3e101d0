#pragma once
// Where processes that train one model together add up what each has of an update, and agree.

#include <torch/types.h>

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "model/safetensors.h"

namespace weft {

namespace kernels {
class WeightGradients;
}

/// What one process did for an update: over its batches, or, added up, over all processes'.
struct UpdateWork {
  int64_t sentences = 0;
  int64_t source_tokens = 0;
  int64_t target_tokens = 0;
  double loss = 0;    ///< -log p summed over the target tokens, in nats
  double guided = 0;  ///< the guided loss, likewise, without its weight
  double head = 0;    ///< the alignment head's
  double risk = 0;    ///< expected cost of the model's own translations, for each target token
};

/// What processes tell each other with every update.
struct UpdateNews {
  UpdateWork work;          ///< told: that of all together
  bool stop = false;        ///< whether somebody has asked to stop; told: any of them
  double wall_seconds = 0;  ///< that the run has taken; told: by the clock of process 0
};

/// Every process calls the same functions in the same order, and gets the same results. All but
/// rank() and world() throw ProcessLost if a process is gone.
class Reducer {
 public:
  virtual ~Reducer() = default;
  /// This process's number among `world()`, from 0.
  virtual int64_t rank() const = 0;
  virtual int64_t world() const = 0;

  /// Before the last backward pass of an update: from now on a gradient may be summed as soon as it
  /// is complete. `collected` has what is not yet in the gradients of `parameters`.
  virtual void last_backward_begins(const std::vector<torch::Tensor>& parameters,
                                    kernels::WeightGradients& collected) = 0;
  /// Replaces each parameter's gradient by the sum of all processes' gradients. A parameter without
  /// a gradient here has the others' sum; one without any anywhere stays without.
  virtual void add_gradients(const std::vector<torch::Tensor>& parameters) = 0;
  virtual UpdateNews tell(const UpdateNews& own) = 0;

  /// Each process does its `work`, which makes no other call of this object; returns when all have
  /// done theirs, however long that takes. Meanwhile stop_seen() becomes true in all if `stop` says
  /// so in one. If work throws in one process, this throws there what it threw, in the others
  /// UserError with its message.
  virtual void together(const std::function<void()>& work, const std::function<bool()>& stop) = 0;
  /// Whether work is to be given up: somebody asks to stop, or a process is gone. From any thread.
  virtual bool stop_seen() const = 0;
  /// Whether it is so in any process.
  virtual bool any(bool own) = 0;
  /// What process 0 gives.
  virtual std::string from_first(const std::string& text) = 0;
  virtual TensorFile from_first(const TensorFile& file) = 0;
};

/// One process by itself: every sum is what it has.
class SingleProcess : public Reducer {
 public:
  int64_t rank() const override { return 0; }
  int64_t world() const override { return 1; }
  void last_backward_begins(const std::vector<torch::Tensor>& /*parameters*/,
                            kernels::WeightGradients& /*collected*/) override {}
  void add_gradients(const std::vector<torch::Tensor>& /*parameters*/) override {}
  UpdateNews tell(const UpdateNews& own) override { return own; }
  void together(const std::function<void()>& work, const std::function<bool()>& /*stop*/) override {
    work();
  }
  bool stop_seen() const override { return false; }
  bool any(bool own) override { return own; }
  std::string from_first(const std::string& text) override { return text; }
  TensorFile from_first(const TensorFile& file) override { return file; }
};

}  // namespace weft
