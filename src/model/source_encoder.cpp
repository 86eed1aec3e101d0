#include "model/source_encoder.h"

#include <torch/nn/init.h>
#include <torch/nn/module.h>
#include <torch/types.h>

#include <cmath>
#include <string>

#include "nn/dropout.h"

namespace weft {
namespace {

std::string numbered(const std::string& name, int64_t number) {
  return number == 1 ? name : name + "_" + std::to_string(number);
}

/// Units of a word's embedding, beside which those of its factors may stand.
int64_t word_units(const EmbeddingOptions& options, const SourceSizes& sizes) {
  return sizes.factors.empty() ? source_width(options) : options.source;
}

}  // namespace

SourceEncoder::SourceEncoder(torch::nn::Module& model, const ModelOptions& options,
                             const SourceSizes& sizes, int64_t number,
                             const torch::Tensor& embedding)
    : dropout_(options.dropout),
      encoder_(model.register_module(
          numbered("encoder", number),
          Encoder(source_width(options.embedding), options.encoder, options.dropout))),
      embedding_(embedding) {
  if (!embedding_.defined()) {
    embedding_ = model.register_parameter(
        numbered("source_embedding", number),
        torch::empty({sizes.vocabulary, word_units(options.embedding, sizes)}));
  }
  if (number == 1 && options.embedding.frozen_source) embedding_.set_requires_grad(false);
  if (!sizes.factors.empty()) {
    factors_ = model.register_module(numbered("factor_embedding", number),
                                     FactorEmbedding(options.embedding, sizes.factors));
  }
}

void SourceEncoder::initialize() { encoder_->initialize(); }

void SourceEncoder::initialize_embedding() {
  // Rows of variance 1/width, as those of the target: see TranslationModelImpl::initialize().
  torch::nn::init::normal_(embedding_, 0, 1 / std::sqrt(static_cast<double>(embedding_.size(1))));
}

void SourceEncoder::initialize_factors() {
  if (factors_) factors_->initialize();
}

EncoderOutput SourceEncoder::read(const Source& source) {
  const bool training = encoder_->is_training();
  auto embedded = torch::embedding(embedding_, source.ids);  // [B, S, E]
  if (factors_) embedded = factors_(embedded, source.factors);
  embedded = word_dropout(embedded, dropout_.source_word, training);
  return encoder_(unit_dropout(embedded, dropout_.embedding, dropout_.kind, training), source.mask);
}

}  // namespace weft
