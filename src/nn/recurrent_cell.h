#pragma once
// Recurrent cells. A cell reads an input and a state and gives the next state.

#include <torch/nn/module.h>
#include <torch/types.h>

#include <cstdint>
#include <memory>

#include "config/model_options.h"
#include "kernels/gru_sequence.h"

namespace weft {

using kernels::Direction;  // the order in which a sequence is read

/// What all cells share: gates are W x + b (the input's part, which needs no state and so is
/// computed for all steps at once) and U h + c (the state's part). The whole state is one tensor
/// [N, W], so that a beam reorders one thing. Parameter names and gate order are PyTorch's, so that
/// its modules are a reference.
class RecurrentCellImpl : public torch::nn::Module {
 public:
  virtual void initialize();
  /// The input's part of the gates: [..., I] -> [..., G].
  torch::Tensor project(const torch::Tensor& input);
  /// One step: gates [N, G] from project(), state [N, W] -> next state [N, W].
  virtual torch::Tensor step(const torch::Tensor& gates, const torch::Tensor& state) = 0;
  /// All steps: gates [B, S, G], initial [B, W], mask bool [B, S] -> states [B, S, W]. Where the
  /// mask is false the state is carried over unchanged, so padding before or after a sentence
  /// changes nothing.
  virtual torch::Tensor sequence(const torch::Tensor& gates, const torch::Tensor& initial,
                                 const torch::Tensor& mask, Direction direction);
  /// What other blocks read of a state: [..., W] -> [..., H].
  torch::Tensor output(const torch::Tensor& state) const { return state.narrow(-1, 0, hidden_); }
  int64_t hidden() const { return hidden_; }
  virtual int64_t state_width() const { return hidden_; }

  torch::Tensor weight_ih;  ///< W [G, I]
  torch::Tensor weight_hh;  ///< U [G, H]
  torch::Tensor bias_ih;    ///< b [G]
  torch::Tensor bias_hh;    ///< c [G]

 protected:
  /// `gates` of `hidden` units each, so G = gates * hidden.
  RecurrentCellImpl(int64_t inputs, int64_t hidden, int64_t gates);

 private:
  int64_t hidden_;
  int64_t gates_;
};

/// Gated recurrent unit. Cho et al. 2014 (arXiv:1406.1078); the reset gate acts after the matrix
/// product, as in cuDNN:
///   r = σ(W_r x + b_r + U_r h + c_r)
///   z = σ(W_z x + b_z + U_z h + c_z)
///   n = tanh(W_n x + b_n + r ⊙ (U_n h + c_n))
///   h' = (1 - z) ⊙ n + z ⊙ h
class GruCellImpl : public RecurrentCellImpl {
 public:
  GruCellImpl(int64_t inputs, int64_t hidden);
  torch::Tensor step(const torch::Tensor& gates, const torch::Tensor& state) override;
  torch::Tensor sequence(const torch::Tensor& gates, const torch::Tensor& initial,
                         const torch::Tensor& mask, Direction direction) override;
};

/// Long short-term memory. Hochreiter & Schmidhuber 1997, with forget gate (Gers et al. 2000); the
/// state is [h, c]:
///   i = σ(W_i x + b_i + U_i h + c_i)      f = σ(W_f x + b_f + U_f h + c_f)
///   g = tanh(W_g x + b_g + U_g h + c_g)   o = σ(W_o x + b_o + U_o h + c_o)
///   c' = f ⊙ c + i ⊙ g                    h' = o ⊙ tanh(c')
class LstmCellImpl : public RecurrentCellImpl {
 public:
  LstmCellImpl(int64_t inputs, int64_t hidden);
  void initialize() override;
  torch::Tensor step(const torch::Tensor& gates, const torch::Tensor& state) override;
  torch::Tensor sequence(const torch::Tensor& gates, const torch::Tensor& initial,
                         const torch::Tensor& mask, Direction direction) override;
  int64_t state_width() const override { return 2 * hidden(); }
};

using RecurrentCell = std::shared_ptr<RecurrentCellImpl>;

RecurrentCell make_cell(CellType type, int64_t inputs, int64_t hidden);

}  // namespace weft
