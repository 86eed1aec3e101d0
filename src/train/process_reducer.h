#pragma once
// The reducer of processes that LibTorch's engine connects.

#include <atomic>
#include <memory>

#include "train/gradient_buckets.h"
#include "train/process_group.h"
#include "train/reducer.h"

namespace weft {

class ProcessReducer : public Reducer {
 public:
  /// As ProcessGroup.
  ProcessReducer(const Launch& launch, std::chrono::milliseconds timeout)
      : group_(launch, timeout) {}

  int64_t rank() const override { return group_.rank(); }
  int64_t world() const override { return group_.world(); }
  void last_backward_begins(const std::vector<torch::Tensor>& parameters,
                            kernels::WeightGradients& collected) override;
  void add_gradients(const std::vector<torch::Tensor>& parameters) override;
  UpdateNews tell(const UpdateNews& own) override;
  void together(const std::function<void()>& work, const std::function<bool()>& stop) override;
  bool stop_seen() const override { return stop_seen_; }
  bool any(bool own) override;
  std::string from_first(const std::string& text) override { return group_.text_from(0, text); }
  TensorFile from_first(const TensorFile& file) override;
  /// For tests: null before the first update.
  const GradientBuckets* buckets() const { return buckets_.get(); }

 private:
  ProcessGroup group_;
  std::unique_ptr<GradientBuckets> buckets_;
  std::atomic<bool> stop_seen_ = false;
};

}  // namespace weft
