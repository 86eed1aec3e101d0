#include "model/further_sources.h"

#include <torch/nn/init.h>
#include <torch/nn/module.h>
#include <torch/types.h>

#include <cmath>
#include <string>

#include "nn/dropout.h"

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

FurtherSourcesImpl::FurtherSourcesImpl(const ModelOptions& options,
                                       const std::vector<int64_t>& vocabularies)
    : options_(options) {
  const int64_t embedding = source_width(options.embedding);  // all annotations are as wide
  for (std::size_t k = 0; k < vocabularies.size(); ++k) {
    const auto number = std::to_string(k + 2);
    sources_.push_back(
        {register_parameter("embedding_" + number, torch::empty({vocabularies[k], embedding})),
         register_module("encoder_" + number,
                         Encoder(embedding, options.encoder, options.dropout))});
  }
  const int64_t width = annotation_width(options.encoder, embedding);
  const int64_t all = static_cast<int64_t>(vocabularies.size() + 1) * width;
  const bool is_read = options.decoder.initial_state != InitialState::kZero ||
                       options.attention.score == ScoreType::kNone;
  if (is_read) fixed_ = register_module("fixed", Linear(all, width, Bias::kWithout));
}

void FurtherSourcesImpl::initialize() {
  for (auto& source : sources_) {
    const auto width = static_cast<double>(source.embedding.size(1));
    torch::nn::init::normal_(source.embedding, 0, 1 / std::sqrt(width));
    source.encoder->initialize();
  }
  if (fixed_) fixed_->initialize();
}

EncoderOutput FurtherSourcesImpl::encode(Source& source, const SourceBatch& batch) {
  const auto& dropout = options_.dropout;
  auto embedded = torch::embedding(source.embedding, batch.ids);
  embedded = word_dropout(embedded, dropout.source_word, is_training());
  return source.encoder(unit_dropout(embedded, dropout.embedding, dropout.kind, is_training()),
                        batch.mask);
}

EncoderOutput FurtherSourcesImpl::join(const EncoderOutput& first,
                                       const std::vector<SourceBatch>& further) {
  TORCH_CHECK(further.size() == sources_.size(), "got ", further.size(), " further sources of ",
              sources_.size());
  std::vector<EncoderOutput> outputs{first};
  for (std::size_t k = 0; k < further.size(); ++k)
    outputs.push_back(encode(sources_[k], further[k]));
  EncoderOutput joined;
  joined.states = together(outputs, &EncoderOutput::states, 1);
  joined.mask = together(outputs, &EncoderOutput::mask, 1);
  const auto read = options_.decoder.initial_state == InitialState::kLast ? &EncoderOutput::last
                                                                          : &EncoderOutput::summary;
  joined.summary = first.summary;  // read for its size where for nothing else
  if (fixed_) joined.*read = fixed_(together(outputs, read, 1));
  joined.token_weights = join_token_weights(outputs);
  for (const auto& output : outputs) joined.sections.push_back(output.states.size(1));
  return joined;
}

}  // namespace weft
