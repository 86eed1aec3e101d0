#include "nn/entmax.h"

#include <torch/autograd.h>
#include <torch/types.h>

namespace weft {
namespace {

class Entmax15 : public torch::autograd::Function<Entmax15> {
 public:
  static torch::Tensor forward(torch::autograd::AutogradContext* context,
                               const torch::Tensor& energies) {
    // p does not change with a constant added to e. Below the maximum, 0, τ is at least -1: what is
    // lower than that has no weight, however low.
    constexpr double kFarBelow = -2;
    const auto z = ((energies - energies.amax(-1, true)) / 2).clamp_min(kFarBelow);
    const auto sorted = std::get<0>(z.sort(-1, /*descending=*/true));
    const auto ranks = torch::arange(1, z.size(-1) + 1, z.options());  // k
    const auto means = sorted.cumsum(-1) / ranks;
    const auto deviations = sorted.square().cumsum(-1) - ranks * means.square();
    const auto thresholds = means - ((1 - deviations) / ranks).clamp_min(0).sqrt();
    // k; of energies that are no numbers any will do, so that the weights are none either.
    const auto support = (thresholds <= sorted).sum(-1, true).clamp_min(1);
    const auto roots = (z - thresholds.gather(-1, support - 1)).clamp_min(0);  // sqrt(p)
    context->save_for_backward({roots});
    return roots.square();
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 torch::autograd::variable_list gradients) {
    const auto roots = context->get_saved_variables()[0];
    const auto inside = gradients[0] * roots;
    return {inside - roots * (inside.sum(-1, true) / roots.sum(-1, true))};
  }
};

}  // namespace

torch::Tensor entmax15(const torch::Tensor& energies) { return Entmax15::apply(energies); }

}  // namespace weft
