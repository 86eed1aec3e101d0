#pragma once
// Several transitions in one step.

#include <vector>

#include "nn/recurrent_cell.h"

namespace weft {

/// Deep transition. Miceli Barone et al. 2017 (arXiv:1707.07631), of any cells f_k
/// with states of one width; the first reads the input, those after it the state alone:
///   h_1 = f_1(x; h),   h_k = f_k(0; h_{k-1}) for 1 < k <= L,   h' = h_L
class DeepTransitionCellImpl : public RecurrentCellImpl {
 public:
  /// f_1 ... f_L, L >= 1; all but the first without inputs.
  explicit DeepTransitionCellImpl(std::vector<RecurrentCell> transitions);
  void initialize() override;
  torch::Tensor project(const ComputeContext& compute, const torch::Tensor& input) override;
  torch::Tensor project_nothing(int64_t rows) override;
  int64_t gate_width() const override { return first().gate_width(); }
  torch::Tensor start(const torch::Tensor& hidden) const override;
  torch::Tensor output(const torch::Tensor& state) const override;
  int64_t state_width() const override { return first().state_width(); }
  /// Each transition has a mask of its own.
  int64_t recurrent_mask_width() const override;

 protected:
  torch::Tensor next_state(const ComputeContext& compute, const torch::Tensor& gates,
                           const torch::Tensor& state, const StateFactors& factors) override;

 private:
  RecurrentCellImpl& first() const { return *transitions_.front(); }

  std::vector<RecurrentCell> transitions_;
};

}  // namespace weft
