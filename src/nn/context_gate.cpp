#include "nn/context_gate.h"

#include <torch/nn/module.h>
#include <torch/types.h>

namespace weft {

ContextGateImpl::ContextGateImpl(ContextGateType type, const ContextGateWidths& widths)
    : type_(type),
      input_(register_module("input", Linear(widths.input, widths.gate, Bias::kWithout))),
      state_(register_module("state", Linear(widths.state, widths.gate, Bias::kWithout))),
      context_(register_module("context", Linear(widths.annotation, widths.gate, Bias::kWithout))) {
}

void ContextGateImpl::initialize() {
  input_->initialize();
  state_->initialize();
  context_->initialize();
}

ContextGateFactors ContextGateImpl::forward(const ComputeContext& compute,
                                            const torch::Tensor& projected,
                                            const torch::Tensor& state,
                                            const torch::Tensor& context) {
  const auto gate =
      torch::sigmoid(projected + state_(compute, state) + context_(compute, context));  // z
  switch (type_) {
    case ContextGateType::kNone:
      break;
    case ContextGateType::kSource:
      return {{}, gate};
    case ContextGateType::kTarget:
      return {gate, {}};
    case ContextGateType::kBoth:
      return {1 - gate, gate};
  }
  TORCH_CHECK(false, "unknown kind of context gate");
}

}  // namespace weft
