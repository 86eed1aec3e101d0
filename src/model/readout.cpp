#include "model/readout.h"

#include <torch/torch.h>

namespace weft {

ReadoutImpl::ReadoutImpl(int64_t hidden, int64_t embedding, int64_t annotation_width, int64_t width)
    : hidden_(register_module("hidden", Linear(hidden, width))),
      embedding_(register_module("embedding", Linear(embedding, width, Bias::kWithout))),
      context_(register_module("context", Linear(annotation_width, width, Bias::kWithout))) {}

void ReadoutImpl::initialize() {
  hidden_->initialize();
  embedding_->initialize();
  context_->initialize();
}

torch::Tensor ReadoutImpl::forward(const torch::Tensor& hidden, const torch::Tensor& embedding,
                                   const torch::Tensor& mapped_context) {
  return torch::tanh(hidden_(hidden) + embedding_(embedding) + mapped_context);
}

}  // namespace weft
