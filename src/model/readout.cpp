#include "model/readout.h"

#include <torch/torch.h>

namespace weft {

ReadoutImpl::ReadoutImpl(const ReadoutWidths& widths, const DecoderOptions& options)
    : type_(options.readout_type) {
  const int64_t units = (type_ == ReadoutType::kMaxout ? 2 : 1) * options.readout;
  hidden_ = register_module("hidden", Linear(widths.hidden, units));
  if (options.readout_embedding) {
    embedding_ = register_module("embedding", Linear(widths.embedding, units, Bias::kWithout));
  }
  context_ = register_module("context", Linear(widths.annotation, units, Bias::kWithout));
}

void ReadoutImpl::initialize() {
  hidden_->initialize();
  if (embedding_) embedding_->initialize();
  context_->initialize();
}

torch::Tensor ReadoutImpl::forward(const torch::Tensor& hidden, const torch::Tensor& embedding,
                                   const torch::Tensor& mapped_context) {
  auto sum = hidden_(hidden);
  if (embedding_) sum = sum + embedding_(embedding);
  sum = sum + mapped_context;
  switch (type_) {
    case ReadoutType::kTanh:
      return torch::tanh(sum);
    case ReadoutType::kMaxout:
      return sum.unflatten(-1, {sum.size(-1) / 2, 2}).amax(-1);
  }
  TORCH_CHECK(false, "unknown readout ", static_cast<int>(type_));
}

}  // namespace weft
