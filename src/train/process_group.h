#pragma once
// Processes that train one model together, connected by LibTorch's own engine (c10d).

#include <torch/types.h>

#include <chrono>
#include <memory>
#include <string>

#include "base/error.h"
#include "train/launch.h"

namespace weft {

/// Another process, or the way to it, is gone. Work may go on later, where it was kept.
class ProcessLost : public UserError {
 public:
  using UserError::UserError;
};

/// Every process makes the same calls in the same order, from one thread at a time. All throw
/// ProcessLost if a process is gone, or silent for longer than the limit.
class ProcessGroup {
 public:
  /// A sum under way.
  class Sum {
   public:
    virtual ~Sum() = default;
    /// Returns when the tensor holds the sum; on a GPU, when what is given to it later finds it so.
    virtual void wait() = 0;
  };

  /// Meets the others at the launch's address. Throws UserError, in every process that is there by
  /// then, if one does not come in time, two have the same rank, or they count differently; and in
  /// a build that cannot connect processes.
  ProcessGroup(const Launch& launch, std::chrono::milliseconds timeout);
  ProcessGroup(const ProcessGroup&) = delete;
  ProcessGroup& operator=(const ProcessGroup&) = delete;
  ~ProcessGroup();

  int64_t rank() const;
  int64_t world() const;
  std::chrono::milliseconds timeout() const;

  /// Starts to replace a contiguous tensor, on a GPU by NCCL where LibTorch has it, by the sum of
  /// all processes'. Nobody else may touch it until the sum has been waited for.
  std::unique_ptr<Sum> start_sum(const torch::Tensor& tensor);
  void sum(const torch::Tensor& tensor) { start_sum(tensor)->wait(); }
  /// Replaces the elements of a tensor on the CPU by the greatest of all processes'.
  void take_greatest(const torch::Tensor& tensor);
  /// Replaces a contiguous tensor on the CPU by that of process `root`.
  void take_from(int64_t root, const torch::Tensor& tensor);
  /// The text that process `root` gives.
  std::string text_from(int64_t root, const std::string& text);

 private:
  struct Connection;
  std::unique_ptr<Connection> connection_;
};

}  // namespace weft
