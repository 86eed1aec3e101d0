#include "model/alignment_head.h"

#include <torch/nn/module.h>
#include <torch/types.h>

#include <cmath>
#include <limits>

namespace weft {
namespace {

EncoderOptions reader_options(const AlignmentHeadOptions& options) {
  EncoderOptions reader;
  reader.hidden = options.width;
  return reader;
}

/// Nothing is dropped: a draw would change all that the model draws after it.
DropoutOptions no_dropout() {
  DropoutOptions none;
  none.embedding = none.hidden = none.readout = 0;
  return none;
}

}  // namespace

AlignmentHeadImpl::AlignmentHeadImpl(int64_t inputs, int64_t annotations,
                                     const AlignmentHeadOptions& options)
    : reader_(register_module("reader", Encoder(inputs, reader_options(options), no_dropout()))),
      query_(register_module("query", Linear(2 * options.width, options.width, Bias::kWithout))),
      key_(register_module("key", Linear(annotations, options.width, Bias::kWithout))) {}

void AlignmentHeadImpl::initialize() {
  reader_->initialize();
  query_->initialize();
  key_->initialize();
}

AttentionWork AlignmentHeadImpl::work() const {
  return {key_->weight.numel(), matrix_elements(*reader_) + query_->weight.numel(),
          key_->weight.size(0)};
}

torch::Tensor AlignmentHeadImpl::forward(const ComputeContext& compute, const Input& input) {
  const auto read =
      reader_(compute, input.target.detach(), input.target_mask).states;  // [B, T, 2A]
  const auto keys = key_(compute, input.annotations.detach());            // [B, S, A]
  const auto scale = 1 / std::sqrt(static_cast<double>(keys.size(2)));
  const auto energies =
      torch::bmm(query_(compute, read) * scale, keys.transpose(1, 2));  // [B, T, S]
  constexpr auto kNever = -std::numeric_limits<double>::infinity();
  return torch::softmax(energies.masked_fill(input.source_mask.logical_not().unsqueeze(1), kNever),
                        2);
}

}  // namespace weft
