#include "nn/sparsemax.h"

#include <torch/autograd.h>
#include <torch/types.h>

namespace weft {
namespace {

class Sparsemax : public torch::autograd::Function<Sparsemax> {
 public:
  static torch::Tensor forward(torch::autograd::AutogradContext* context,
                               const torch::Tensor& energies) {
    // p does not change with a constant added to e. Below the maximum, 0, τ is at least -1: what is
    // lower than that has no weight, however low.
    constexpr double kFarBelow = -2;
    const auto e = (energies - energies.amax(-1, true)).clamp_min(kFarBelow);
    const auto sorted = std::get<0>(e.sort(-1, /*descending=*/true));
    const auto ranks = torch::arange(1, e.size(-1) + 1, e.options());  // i
    const auto sums = sorted.cumsum(-1);
    // k; of energies that are no numbers any will do, so that the weights are none either.
    const auto support = (1 + ranks * sorted > sums).sum(-1, true).clamp_min(1);
    const auto threshold = (sums.gather(-1, support - 1) - 1) / support;
    const auto p = (e - threshold).clamp_min(0);
    context->save_for_backward({p});
    return p;
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 torch::autograd::variable_list gradients) {
    const auto support = (context->get_saved_variables()[0] > 0).to(gradients[0].scalar_type());
    const auto inside = gradients[0] * support;
    return {inside - support * (inside.sum(-1, true) / support.sum(-1, true))};
  }
};

}  // namespace

torch::Tensor sparsemax(const torch::Tensor& energies) { return Sparsemax::apply(energies); }

}  // namespace weft
