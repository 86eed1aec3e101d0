#include "model/translation_model.h"

#include <torch/nn/init.h>
#include <torch/nn/module.h>
#include <torch/types.h>

#include <cmath>

#include "nn/dropout.h"
#include "nn/fast_path.h"
#include "nn/guided_alignment.h"

namespace weft {
namespace {

/// Weights [B, T, S] of annotations to weights of tokens: each is divided among its own tokens.
torch::Tensor over_tokens(const torch::Tensor& weights, const torch::Tensor& token_weights) {
  return weights.defined() && token_weights.defined() ? torch::bmm(weights, token_weights)
                                                      : weights;
}

/// The same for hypotheses [N, S] of some of the sources.
torch::Tensor over_tokens(const torch::Tensor& weights, const DecoderMemory& memory) {
  if (!weights.defined() || !memory.token_weights.defined()) return weights;
  const auto& sets = memory.attention.sets;
  const auto token_weights =
      sets.defined() ? memory.token_weights.index_select(0, sets) : memory.token_weights;
  return over_tokens(weights.unsqueeze(1), token_weights).squeeze(1);
}

}  // namespace

TranslationModelImpl::TranslationModelImpl(const ModelOptions& options, int64_t source_vocabulary,
                                           int64_t target_vocabulary,
                                           const std::vector<int64_t>& factor_vocabularies,
                                           const std::vector<int64_t>& further_vocabularies)
    : options_(options),
      target_embedding_(register_parameter(
          "target_embedding", torch::empty({target_vocabulary, options.embedding.target}))),
      encoder_(register_module(
          "encoder", Encoder(source_width(options.embedding), options.encoder, options.dropout))),
      decoder_(register_module(
          "decoder", Decoder(options.embedding.target +
                                 (options.decoder.input_feeding ? options.decoder.readout : 0),
                             annotation_width(options.encoder, source_width(options.embedding)),
                             options.decoder, options.attention, options.dropout,
                             static_cast<int64_t>(further_vocabularies.size()) + 1))),
      readout_(register_module(
          "readout",
          Readout(ReadoutWidths{options.decoder.hidden, options.embedding.target,
                                annotation_width(options.encoder, source_width(options.embedding))},
                  options.decoder))),
      output_bias_(register_parameter("output_bias", torch::empty({target_vocabulary}))) {
  const int64_t annotations = annotation_width(options.encoder, source_width(options.embedding));
  if (options.alignment_head.width > 0) {
    const int64_t read = options.embedding.target + options.decoder.hidden + annotations;
    alignment_head_ =
        register_module("alignment_head", AlignmentHead(read, annotations, options.alignment_head));
  }
  const auto tying = options.embedding.tying;
  source_embedding_ =
      tying == EmbeddingTying::kAll
          ? target_embedding_
          : register_parameter("source_embedding",
                               torch::empty({source_vocabulary, options.embedding.source}));
  if (options.embedding.frozen_source) source_embedding_.set_requires_grad(false);
  if (options.embedding.frozen_target) target_embedding_.set_requires_grad(false);
  if (!further_vocabularies.empty()) {
    further_sources_ =
        register_module("further_sources", FurtherSources(options, further_vocabularies));
  }
  if (!options.embedding.factors.empty()) {
    factor_embedding_ = register_module("factor_embedding",
                                        FactorEmbedding(options.embedding, factor_vocabularies));
  }
  if (tying == EmbeddingTying::kNone) {
    output_weight_ = register_parameter("output_weight",
                                        torch::empty({target_vocabulary, options.decoder.readout}));
  }
}

void TranslationModelImpl::initialize() {
  encoder_->initialize();
  if (further_sources_) further_sources_->initialize();
  decoder_->initialize();
  readout_->initialize();
  // Rows of variance 1/width: a tied output layer starts with logits of order 1.
  for (auto& matrix : {source_embedding_, target_embedding_, output_weight_}) {
    if (!matrix.defined()) continue;
    torch::nn::init::normal_(matrix, 0, 1 / std::sqrt(static_cast<double>(matrix.size(1))));
  }
  if (factor_embedding_) factor_embedding_->initialize();
  torch::nn::init::zeros_(output_bias_);
  if (!alignment_head_) return;
  // What is drawn after this, such as dropout, is what it would be without a head.
  auto generator = at::globalContext().defaultGenerator(torch::kCPU);
  const auto state = generator.get_state();
  alignment_head_->initialize();
  generator.set_state(state);
}

torch::Tensor TranslationModelImpl::output_weight() const {
  return output_weight_.defined() ? output_weight_ : target_embedding_;
}

EncoderOutput TranslationModelImpl::encode(const SourceBatch& source) {
  const auto& dropout = options_.dropout;
  auto embedded = torch::embedding(source_embedding_, source.ids);  // [B, S, E]
  if (factor_embedding_) embedded = factor_embedding_(embedded, source.factors);
  embedded = word_dropout(embedded, dropout.source_word, is_training());
  const auto encoded =
      encoder_(unit_dropout(embedded, dropout.embedding, dropout.kind, is_training()), source.mask);
  return further_sources_ ? further_sources_->join(encoded, source.further) : encoded;
}

ForcedOutput TranslationModelImpl::force(const Batch& batch) {
  const auto& dropout = options_.dropout;
  const auto source = encode(batch.source);
  auto embedded = torch::embedding(target_embedding_, batch.target_input);  // [B, T, E]
  embedded = word_dropout(embedded, dropout.target_word, is_training());
  embedded = unit_dropout(embedded, dropout.embedding, dropout.kind, is_training());
  const auto initial = start_decoder(source);
  const auto memory = decoder_->precompute(source);
  const auto read = options_.decoder.input_feeding ? force_steps(embedded, initial, memory)
                                                   : force_at_once(embedded, initial, memory);
  ForcedOutput forced{unit_dropout(read.readout, dropout.readout, dropout.kind, is_training()),
                      over_tokens(read.output.weights, source.token_weights),
                      read.output.sample,
                      {}};
  if (alignment_head_)
    forced.head = over_tokens(explain(batch, read.output, source), source.token_weights);
  return forced;
}

torch::Tensor TranslationModelImpl::explain(const Batch& batch, const DecoderOutput& output,
                                            const EncoderOutput& source) {
  const auto words = torch::embedding(target_embedding_.detach(), batch.target_output);
  return alignment_head_(AlignmentHeadImpl::Input{
      torch::cat({words, output.hidden.detach(), output.context.detach()}, 2), batch.target_mask,
      source.states, source.mask});
}

DecoderState TranslationModelImpl::start_decoder(const EncoderOutput& source) {
  auto state = decoder_->start(source);
  if (options_.decoder.input_feeding) {
    state.feedback =
        torch::zeros({source.states.size(0), options_.decoder.readout}, source.states.options());
  }
  return state;
}

TranslationModelImpl::ReadTarget TranslationModelImpl::force_at_once(const torch::Tensor& embedded,
                                                                     const DecoderState& initial,
                                                                     const DecoderMemory& memory) {
  const auto output = decoder_(embedded, initial, memory);
  const auto hidden =
      unit_dropout(output.hidden, options_.dropout.hidden, options_.dropout.kind, is_training());
  return {readout_(hidden, embedded, output.context), output};
}

TranslationModelImpl::ReadTarget TranslationModelImpl::force_steps(const torch::Tensor& embedded,
                                                                   const DecoderState& initial,
                                                                   const DecoderMemory& memory) {
  const auto layer_masks =
      decoder_->layer_masks(embedded.size(0), embedded.size(1), embedded.options());
  const auto hidden_masks =
      unit_dropout(torch::ones({embedded.size(0), embedded.size(1), options_.decoder.hidden},
                               embedded.options()),
                   options_.dropout.hidden, options_.dropout.kind, is_training());
  std::vector<torch::Tensor> readouts, hidden, contexts, weights;
  std::vector<AttentionSample> samples;
  auto state = initial;
  for (int64_t i = 0; i < embedded.size(1); ++i) {
    StepMasks masks{hidden_masks.select(1, i), {}};
    for (const auto& mask : layer_masks) masks.layers.push_back(mask.select(1, i));
    auto step = read_step(embedded.select(1, i), state, memory, masks);
    readouts.push_back(step.readout);
    hidden.push_back(step.output.hidden);
    contexts.push_back(step.output.context);
    weights.push_back(step.output.weights);
    samples.push_back(step.output.sample);
    state = std::move(step.state);
  }
  return {
      stack_steps(readouts),
      {stack_steps(hidden), stack_steps(contexts), stack_steps(weights), stack_samples(samples)}};
}

TranslationModelImpl::ReadStep TranslationModelImpl::read_step(const torch::Tensor& embedded,
                                                               const DecoderState& state,
                                                               const DecoderMemory& memory,
                                                               const StepMasks& masks) {
  const bool feeds = options_.decoder.input_feeding;
  auto step = decoder_->step(feeds ? torch::cat({embedded, state.feedback}, 1) : embedded, state,
                             memory, masks.layers);
  const auto hidden = masked(step.output.hidden, masks.top);
  const auto& context = step.output.context;
  const auto readout = memory.mapped ? readout_->read_mapped(hidden, embedded, context)
                                     : readout_(hidden, embedded, context);
  if (feeds) step.state.feedback = readout;
  return {readout, std::move(step.output), std::move(step.state)};
}

TrainingLoss TranslationModelImpl::forward(const Batch& batch, const TrainingCriterion& criterion) {
  const auto forced = force(batch);
  const auto targets = batch.target_output.masked_fill(batch.target_mask.logical_not(), -1);
  TrainingLoss result{
      smoothed_cross_entropy(forced.readout.flatten(0, 1), output_weight(), output_bias_,
                             targets.flatten(), criterion.label_smoothing),
      {},
      {}};
  if (forced.sample.log_probability.defined()) {
    const HardAttentionReturn drawn{result.log_probs.view_as(targets), batch.target_mask,
                                    criterion.baseline};
    result.loss = result.loss + hard_attention_loss(forced.sample, drawn, options_.attention.hard);
  }
  if (batch.guidance.defined() && criterion.guided_weight > 0) {
    const auto guided = guided_alignment_loss(forced.attention, batch.guidance);
    result.loss = result.loss + criterion.guided_weight * guided;
    result.guided = guided.detach();
  }
  if (batch.guidance.defined() && forced.head.defined()) {
    const auto head = guided_alignment_loss(forced.head, batch.guidance);
    result.loss = result.loss + head;
    result.head = head.detach();
  }
  return result;
}

TranslationModelImpl::Scores TranslationModelImpl::score(const Batch& batch) {
  const auto forced = force(batch);
  const auto targets = batch.target_output.masked_fill(batch.target_mask.logical_not(), -1);
  const auto entropy = smoothed_cross_entropy(forced.readout.flatten(0, 1), output_weight(),
                                              output_bias_, targets.flatten(), 0);
  return {entropy.log_probs.view_as(targets), forced.attention, forced.head};
}

DecodingStart TranslationModelImpl::start(const SourceBatch& source) {
  const auto encoded = encode(source);
  // Several hypotheses per source read the same annotations: with gradients, that is not worth
  // another form of the equations.
  const auto memory =
      use_search_kernels(encoded.states) && decoder_->can_map()
          ? decoder_->precompute_mapped(encoded, readout_->map_context(encoded.states))
          : decoder_->precompute(encoded);
  return {memory, start_decoder(encoded)};
}

PredictionStep TranslationModelImpl::step(const torch::Tensor& tokens, const DecoderState& state,
                                          const DecoderMemory& memory) {
  const auto embedded = torch::embedding(target_embedding_, tokens);  // [N, E]
  auto step = read_step(embedded, state, memory, {});
  const auto logits = affine(step.readout, output_weight(), output_bias_);
  return {logits, over_tokens(step.output.weights, memory), std::move(step.state)};
}

}  // namespace weft
