#include "model/readout.h"

#include <torch/nn/module.h>
#include <torch/types.h>

namespace weft {

ReadoutImpl::ReadoutImpl(const ReadoutWidths& widths, const DecoderOptions& options)
    : type_(options.readout_type) {
  const int64_t units = (type_ == ReadoutType::kMaxout ? 2 : 1) * options.readout;
  hidden_ = register_module("hidden", Linear(widths.hidden, units));
  if (options.readout_embedding) {
    embedding_ = register_module("embedding", Linear(widths.embedding, units, Bias::kWithout));
  }
  context_ = register_module("context", Linear(widths.annotation, units, Bias::kWithout));
  if (options.context_gate == ContextGateType::kNone ||
      options.attention_place != AttentionPlace::kAfter)
    return;
  gate_ = register_module(
      "context_gate",
      ContextGate(options.context_gate,
                  ContextGateWidths{widths.embedding, widths.hidden, widths.annotation, units}));
}

void ReadoutImpl::initialize() {
  hidden_->initialize();
  if (embedding_) embedding_->initialize();
  context_->initialize();
  if (gate_) gate_->initialize();
}

torch::Tensor ReadoutImpl::target_part(const ComputeContext& compute, const torch::Tensor& hidden,
                                       const torch::Tensor& embedding) {
  const auto sum = hidden_(compute, hidden);
  return embedding_ ? sum + embedding_(compute, embedding) : sum;
}

torch::Tensor ReadoutImpl::forward(const ComputeContext& compute, const torch::Tensor& hidden,
                                   const torch::Tensor& embedding, const torch::Tensor& context) {
  const auto mapped = map_context(compute, context);
  if (!gate_) return read_mapped(compute, hidden, embedding, mapped);
  const auto factors = gate_(compute, gate_->project(compute, embedding), hidden, context);
  return activate(masked(target_part(compute, hidden, embedding), factors.target) +
                  masked(mapped, factors.source));
}

torch::Tensor ReadoutImpl::read_mapped(const ComputeContext& compute, const torch::Tensor& hidden,
                                       const torch::Tensor& embedding,
                                       const torch::Tensor& mapped_context) {
  return activate(target_part(compute, hidden, embedding) + mapped_context);
}

torch::Tensor ReadoutImpl::activate(const torch::Tensor& sum) const {
  switch (type_) {
    case ReadoutType::kTanh:
      return torch::tanh(sum);
    case ReadoutType::kMaxout:
      return sum.unflatten(-1, {sum.size(-1) / 2, 2}).amax(-1);
  }
  TORCH_CHECK(false, "unknown readout ", static_cast<int>(type_));
}

}  // namespace weft
