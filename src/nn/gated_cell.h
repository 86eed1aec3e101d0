#pragma once
// The parameters that most cells have.

#include "nn/recurrent_cell.h"

namespace weft {

/// Widths of a cell: I inputs (0: none, a transition of the state alone), H hidden units.
struct CellSize {
  int64_t inputs = 0;
  int64_t hidden = 0;
};

/// How many blocks of H rows the input's and the state's matrices have.
struct GateCounts {
  int64_t input = 1;
  int64_t state = 1;
  int64_t carry = kNoCarry;  ///< the input's block of a GRU's z; an LSTM opens its own gate
  static constexpr int64_t kNoCarry = -1;
};

/// A cell whose gates are made of W x + b (the input's part) and U h + c (the state's part).
/// Parameter names and the order of gates are PyTorch's, so that its modules are a reference.
class GatedCellImpl : public RecurrentCellImpl {
 public:
  void initialize() override;
  torch::Tensor project(const ComputeContext& compute, const torch::Tensor& input) override;
  torch::Tensor project_nothing(int64_t rows) override;
  int64_t gate_width() const override { return counts_.input * hidden(); }

  torch::Tensor weight_ih;  ///< W [G, I]; undefined without inputs
  torch::Tensor weight_hh;  ///< U [G', H]; undefined where no gate reads the state
  torch::Tensor bias_ih;    ///< b [G]
  torch::Tensor bias_hh;    ///< c [G']; undefined where no gate reads the state

 protected:
  GatedCellImpl(const CellSize& size, const GateCounts& counts);

 private:
  GateCounts counts_;
};

}  // namespace weft
