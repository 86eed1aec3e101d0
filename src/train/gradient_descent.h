#pragma once
// Optimizers that treat every weight by itself, written in LibTorch's operations. g is the
// gradient, η the learning rate.

#include "train/optimizer.h"

namespace weft {

/// Stochastic gradient descent with momentum μ (Polyak 1964), also in the form that Sutskever et
/// al. 2013 give Nesterov's:
///   b = μ b + g,   θ = θ - η b   or, Nesterov,   θ = θ - η (g + μ b)
class Sgd : public Optimizer {
 public:
  Sgd(const NamedTensors& parameters, const NamedTensors& averages,
      const OptimizerOptions& options);

 private:
  void move(const std::vector<Slot*>& slots, const Move& move) override;
};

/// Adagrad. Duchi, Hazan & Singer 2011 (JMLR 12), with a diagonal matrix:
///   s = s + g²,   θ = θ - η g / (sqrt(s) + ε)
class Adagrad : public Optimizer {
 public:
  Adagrad(const NamedTensors& parameters, const NamedTensors& averages,
          const OptimizerOptions& options);

 private:
  void move(const std::vector<Slot*>& slots, const Move& move) override;
};

/// Adadelta. Zeiler 2012 (arXiv:1212.5701), algorithm 1, with ρ = beta2 and a rate of its own:
///   v = ρ v + (1 - ρ) g²,   d = g sqrt(u + ε) / sqrt(v + ε),   u = ρ u + (1 - ρ) d²
///   θ = θ - η d
class Adadelta : public Optimizer {
 public:
  Adadelta(const NamedTensors& parameters, const NamedTensors& averages,
           const OptimizerOptions& options);

 private:
  void move(const std::vector<Slot*>& slots, const Move& move) override;
};

/// RMSprop. Hinton 2012 (Neural Networks for Machine Learning, lecture 6), with α = beta2:
///   v = α v + (1 - α) g²,   b = μ b + g / (sqrt(v) + ε),   θ = θ - η b
class Rmsprop : public Optimizer {
 public:
  Rmsprop(const NamedTensors& parameters, const NamedTensors& averages,
          const OptimizerOptions& options);

 private:
  void move(const std::vector<Slot*>& slots, const Move& move) override;
};

}  // namespace weft
