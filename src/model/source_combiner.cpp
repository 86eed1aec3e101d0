#include "model/source_combiner.h"

#include <torch/nn/module.h>
#include <torch/types.h>

namespace weft {
namespace {

/// One member of all outputs, along dimension `dim`; undefined if it is.
torch::Tensor together(const std::vector<EncoderOutput>& outputs,
                       torch::Tensor EncoderOutput::*member, int64_t dim) {
  std::vector<torch::Tensor> all;
  for (const auto& output : outputs) all.push_back(output.*member);
  return all.front().defined() ? torch::cat(all, dim) : torch::Tensor();
}

/// Weights of all annotations in all tokens: no source's in those of another.
torch::Tensor join_token_weights(const std::vector<EncoderOutput>& outputs) {
  if (!outputs.front().token_weights.defined()) return {};
  int64_t before = 0, all = 0;
  for (const auto& output : outputs) all += output.token_weights.size(2);
  std::vector<torch::Tensor> rows;
  for (const auto& output : outputs) {
    const int64_t tokens = output.token_weights.size(2);
    rows.push_back(torch::constant_pad_nd(output.token_weights, {before, all - before - tokens}));
    before += tokens;
  }
  return torch::cat(rows, 1);
}

}  // namespace

SourceCombinerImpl::SourceCombinerImpl(const ModelOptions& options, int64_t width, int64_t sources)
    : reads_last_(options.decoder.initial_state == InitialState::kLast) {
  const bool is_read = options.decoder.initial_state != InitialState::kZero ||
                       options.attention.score == ScoreType::kNone;
  if (is_read) fixed_ = register_module("fixed", Linear(sources * width, width, Bias::kWithout));
}

void SourceCombinerImpl::initialize() {
  if (fixed_) fixed_->initialize();
}

EncoderOutput SourceCombinerImpl::forward(const ComputeContext& compute,
                                          const std::vector<EncoderOutput>& outputs) {
  EncoderOutput joined;
  joined.states = together(outputs, &EncoderOutput::states, 1);
  joined.mask = together(outputs, &EncoderOutput::mask, 1);
  const auto read = reads_last_ ? &EncoderOutput::last : &EncoderOutput::summary;
  joined.summary = outputs.front().summary;  // read for its size where for nothing else
  if (fixed_) joined.*read = fixed_(compute, together(outputs, read, 1));
  joined.token_weights = join_token_weights(outputs);
  for (const auto& output : outputs) joined.sections.push_back(output.states.size(1));
  return joined;
}

}  // namespace weft
