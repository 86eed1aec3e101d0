#pragma once
// Sums of gradients over processes, begun while the backward pass still runs.

#include <torch/types.h>

#include <cstdint>
#include <memory>
#include <vector>

#include "train/process_group.h"

namespace weft {

namespace kernels {
class WeightGradients;
}

/// Gradients lie one behind the other in buckets, and each bucket is summed as one. When the
/// backward pass has completed a gradient, a hook copies it into its bucket; full buckets set out
/// in their order, which is the same everywhere. (Li et al. 2020, PyTorch Distributed, VLDB,
/// arXiv:2006.15704, section 3.2.)
class GradientBuckets {
 public:
  /// `parameters`: leaves of one type on one device, in the order in which the forward pass uses
  /// them; their gradients become complete in about the reverse. Those that need no gradient are
  /// left out.
  GradientBuckets(ProcessGroup& group, const std::vector<torch::Tensor>& parameters,
                  int64_t bucket_bytes = kBucketBytes);
  GradientBuckets(const GradientBuckets&) = delete;
  GradientBuckets& operator=(const GradientBuckets&) = delete;
  ~GradientBuckets();

  /// Before the last backward pass of an update. `collected` outlives it.
  void begin(kernels::WeightGradients& collected);
  /// After it, when nothing is collected any more: sums what is left, and waits. Gradients are the
  /// sums from then on, views of the buckets, until the next begin().
  void finish();
  std::size_t size() const { return buckets_.size(); }
  /// Buckets of the last update that had set out when its backward pass was over.
  std::size_t early() const { return early_; }

  static constexpr int64_t kBucketBytes = 4 << 20;

 private:
  struct Hook;
  struct Slot {
    torch::Tensor parameter;
    std::shared_ptr<void> accumulator;  // keeps the hook
    std::size_t bucket = 0;
    int64_t begin = 0;  // in the bucket
    int64_t flag = 0;   // place in the bucket of the count of processes that have a gradient
    bool is_in = false;
  };
  struct Bucket {
    std::vector<std::size_t> slots;
    int64_t elements = 0;
    torch::Tensor values;
    std::size_t missing = 0;
    std::unique_ptr<ProcessGroup::Sum> sum;
  };

  void lay_out(int64_t bucket_bytes);
  void add_hooks();
  /// The gradient of a slot is complete.
  void completed(std::size_t slot);
  void put_in(std::size_t slot);
  void set_out();
  void take_out(Bucket& bucket);

  ProcessGroup& group_;
  std::vector<Slot> slots_;
  std::vector<Bucket> buckets_;
  kernels::WeightGradients* collected_ = nullptr;  // between begin() and finish()
  std::size_t next_ = 0;                           // bucket to set out
  std::size_t early_ = 0;
};

}  // namespace weft
