#include "model/source_encoder.h"

#include <torch/nn/init.h>
#include <torch/nn/module.h>
#include <torch/types.h>

#include <cmath>
#include <string>

#include "nn/dropout.h"
#include "nn/new_parameter.h"

namespace weft {
namespace {

std::string numbered(const std::string& name, int64_t number) {
  return number == 1 ? name : name + "_" + std::to_string(number);
}

/// Units of a word's embedding, beside which those of its factors may stand.
int64_t word_units(const EmbeddingOptions& options, const SourceSizes& sizes) {
  return sizes.factors.empty() ? source_width(options) : options.source;
}

/// Only what is not text may stay as it is, or stands in rows.
EncoderOptions encoder_options(const EncoderOptions& options, SourceKind kind) {
  auto of_source = options;
  const bool reads_words = kind == SourceKind::kText && reads_recurrently(options, kind);
  if (reads_words) of_source.type = EncoderType::kRecurrent;
  return of_source;
}

/// Without the network for pictures, where there are none.
InputOptions input_options(const InputOptions& options, SourceKind kind) {
  auto of_source = options;
  if (kind != SourceKind::kImage) of_source.convolution = ImageConvolution::kNone;
  return of_source;
}

}  // namespace

SourceEncoder::SourceEncoder(torch::nn::Module& model, const ModelOptions& options,
                             const VocabularySizes& sizes, int64_t number,
                             const torch::Tensor& embedding)
    : dropout_(options.dropout) {
  const auto& source = sizes.sources.at(static_cast<std::size_t>(number - 1));
  const int64_t units = input_width(options, sizes.kinds(), source.kind);
  encoder_ = model.register_module(
      numbered("encoder", number),
      Encoder(units, encoder_options(options.encoder, source.kind), options.dropout,
              options.decoder.initial_state == InitialState::kCopied));
  if (source.kind != SourceKind::kText) {
    input_ = model.register_module(
        numbered("source_input", number),
        AnnotationInput(input_options(options.input, source.kind), source.width, units));
    return;
  }
  embedding_ = embedding;
  if (!embedding_.defined()) {
    embedding_ = model.register_parameter(
        numbered("source_embedding", number),
        new_parameter({source.vocabulary, word_units(options.embedding, source)}));
  }
  if (number == 1 && options.embedding.frozen_source) embedding_.set_requires_grad(false);
  if (!source.factors.empty()) {
    factors_ = model.register_module(numbered("factor_embedding", number),
                                     FactorEmbedding(options.embedding, source.factors));
  }
}

void SourceEncoder::initialize() { encoder_->initialize(); }

void SourceEncoder::initialize_embedding() {
  if (input_) return input_->initialize();
  // Rows of variance 1/width, as those of the target: see TranslationModelImpl::initialize().
  torch::nn::init::normal_(embedding_, 0, 1 / std::sqrt(static_cast<double>(embedding_.size(1))));
}

void SourceEncoder::initialize_factors() {
  if (factors_) factors_->initialize();
}

torch::Tensor SourceEncoder::embed(const ComputeContext& compute, const Source& source) {
  const auto embedded = input_ ? input_(compute, source) : torch::embedding(embedding_, source.ids);
  return word_dropout(factors_ ? factors_(embedded, source.factors) : embedded,
                      dropout_.source_word, encoder_->is_training());
}

EncoderOutput SourceEncoder::read(const ComputeContext& compute, const Source& source) {
  const auto embedded = unit_dropout(embed(compute, source), dropout_.embedding, dropout_.kind,
                                     encoder_->is_training());
  return encoder_(compute, embedded, source.mask, source.columns);
}

}  // namespace weft
