#include "model/translation_model.h"

#include <torch/nn/module.h>
#include <torch/types.h>

#include <cmath>
#include <limits>

#include "nn/dropout.h"
#include "nn/linear.h"
#include "nn/new_parameter.h"
#include "ops/affine.h"

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

/// Of a model, some of whose embeddings may be the target's.
std::vector<SourceEncoder> make_sources(torch::nn::Module& model, const ModelOptions& options,
                                        const VocabularySizes& sizes,
                                        const torch::Tensor& target_embedding) {
  const bool ties_first = options.embedding.tying == EmbeddingTying::kAll;
  std::vector<SourceEncoder> sources;
  for (std::size_t k = 0; k < sizes.sources.size(); ++k) {
    const bool is_tied = ties_first && k == 0;
    sources.emplace_back(model, options, sizes, static_cast<int64_t>(k) + 1,
                         is_tied ? target_embedding : torch::Tensor());
  }
  return sources;
}

}  // namespace

TranslationModelImpl::TranslationModelImpl(const ModelOptions& options,
                                           const VocabularySizes& sizes)
    : options_(options),
      target_embedding_(register_parameter(
          "target_embedding", new_parameter({sizes.target, options.embedding.target}))),
      sources_(make_sources(*this, options, sizes, target_embedding_)),
      decoder_(register_module(
          "decoder",
          Decoder(options.embedding.target +
                      (options.decoder.input_feeding ? options.decoder.readout : 0),
                  annotation_width(options, sizes.kinds()), options.decoder, options.attention,
                  options.dropout, static_cast<int64_t>(sizes.sources.size())))),
      readout_(register_module(
          "readout", Readout(ReadoutWidths{options.decoder.hidden, options.embedding.target,
                                           annotation_width(options, sizes.kinds())},
                             options.decoder))),
      output_bias_(register_parameter("output_bias", new_parameter({sizes.target}))) {
  const int64_t annotations = annotation_width(options, sizes.kinds());
  if (options.alignment_head.width > 0) {
    const int64_t read = options.embedding.target + options.decoder.hidden + annotations;
    alignment_head_ =
        register_module("alignment_head", AlignmentHead(read, annotations, options.alignment_head));
  }
  if (options.embedding.frozen_target) target_embedding_.set_requires_grad(false);
  if (sizes.sources.size() > 1) {
    combiner_ = register_module("source_combiner",
                                SourceCombiner(options, annotation_width(options, sizes.kinds()),
                                               static_cast<int64_t>(sizes.sources.size())));
  }
  if (options.embedding.tying == EmbeddingTying::kNone) {
    output_weight_ =
        register_parameter("output_weight", new_parameter({sizes.target, options.decoder.readout}));
  }
}

torch::Tensor TranslationModelImpl::output_weight() const {
  return output_weight_.defined() ? output_weight_ : target_embedding_;
}

EncoderOutput TranslationModelImpl::encode(const ComputeContext& compute,
                                           const SourceBatch& sources) {
  TORCH_CHECK(sources.size() >= sources_.size(), "got ", sources.size(), " sources of ",
              sources_.size());
  if (!combiner_) return sources_.front().read(compute, sources.front());
  std::vector<EncoderOutput> outputs;
  for (std::size_t k = 0; k < sources_.size(); ++k)
    outputs.push_back(sources_[k].read(compute, sources[k]));
  return combiner_(compute, outputs);
}

ForcedOutput TranslationModelImpl::force(const ComputeContext& compute, const Batch& batch) {
  const auto& dropout = options_.dropout;
  const auto source = encode(compute, batch.sources);
  auto embedded = torch::embedding(target_embedding_, batch.target_input);  // [B, T, E]
  embedded = word_dropout(embedded, dropout.target_word, is_training());
  embedded = unit_dropout(embedded, dropout.embedding, dropout.kind, is_training());
  const auto initial = start_decoder(compute, source);
  const auto memory = decoder_->precompute(compute, source);
  const auto read = options_.decoder.input_feeding
                        ? force_steps(compute, embedded, initial, memory)
                        : force_at_once(compute, embedded, initial, memory);
  ForcedOutput forced{unit_dropout(read.readout, dropout.readout, dropout.kind, is_training()),
                      over_tokens(read.weights, source.token_weights),
                      read.sample,
                      {}};
  if (alignment_head_)
    forced.head = over_tokens(explain(compute, batch, read, source), source.token_weights);
  return forced;
}

torch::Tensor TranslationModelImpl::explain(const ComputeContext& compute, const Batch& batch,
                                            const DecoderOutput& output,
                                            const EncoderOutput& source) {
  const auto words = torch::embedding(target_embedding_.detach(), batch.target_output);
  return alignment_head_(
      compute, AlignmentHeadImpl::Input{
                   torch::cat({words, output.hidden.detach(), output.context.detach()}, 2),
                   batch.target_mask, source.states, source.mask});
}

DecoderState TranslationModelImpl::start_decoder(const ComputeContext& compute,
                                                 const EncoderOutput& source) {
  auto state = decoder_->start(compute, source);
  if (options_.decoder.input_feeding) {
    state.feedback =
        torch::zeros({source.states.size(0), options_.decoder.readout}, source.states.options());
  }
  return state;
}

DecoderOutput TranslationModelImpl::force_at_once(const ComputeContext& compute,
                                                  const torch::Tensor& embedded,
                                                  const DecoderState& initial,
                                                  const DecoderMemory& memory) {
  auto output = decoder_(compute, embedded, initial, memory);
  const auto hidden =
      unit_dropout(output.hidden, options_.dropout.hidden, options_.dropout.kind, is_training());
  output.readout = readout_(compute, hidden, embedded, output.context);
  return output;
}

DecoderOutput TranslationModelImpl::force_steps(const ComputeContext& compute,
                                                const torch::Tensor& embedded,
                                                const DecoderState& initial,
                                                const DecoderMemory& memory) {
  const auto masks = decoder_->draw_masks(initial, embedded.size(1));
  const auto hidden_masks =
      unit_dropout(torch::ones({embedded.size(0), embedded.size(1), options_.decoder.hidden},
                               embedded.options()),
                   options_.dropout.hidden, options_.dropout.kind, is_training());
  int64_t i = 0;
  return over_steps(embedded, initial, [&](const torch::Tensor& word, const DecoderState& state) {
    return read_step(compute, word, state, memory, {hidden_masks.select(1, i++), masks()});
  });
}

DecoderStep TranslationModelImpl::read_step(const ComputeContext& compute,
                                            const torch::Tensor& embedded,
                                            const DecoderState& state, const DecoderMemory& memory,
                                            const StepMasks& masks) {
  const bool feeds = options_.decoder.input_feeding;
  auto step = decoder_->step(compute, feeds ? torch::cat({embedded, state.feedback}, 1) : embedded,
                             state, memory, masks.decoder);
  const auto hidden = masked(step.output.hidden, masks.top);
  const auto& context = step.output.context;
  step.output.readout = memory.mapped ? readout_->read_mapped(compute, hidden, embedded, context)
                                      : readout_(compute, hidden, embedded, context);
  if (feeds) step.state.feedback = step.output.readout;
  return step;
}

torch::Tensor TranslationModelImpl::logits(const ComputeContext& compute, const Batch& batch) {
  return ops::affine(compute, {force(compute, batch).readout, output_weight(), output_bias_});
}

TranslationModelImpl::Scores TranslationModelImpl::score(const ComputeContext& compute,
                                                         const Batch& batch) {
  const auto forced = force(compute, batch);
  const auto targets = batch.target_output.masked_fill(batch.target_mask.logical_not(), -1);
  const auto entropy = ops::cross_entropy(
      compute, {{forced.readout.flatten(0, 1), output_weight(), output_bias_, targets.flatten()}});
  return {entropy.log_probs.view_as(targets), forced.attention, forced.head};
}

DecodingStart TranslationModelImpl::start(const ComputeContext& compute,
                                          const SourceBatch& sources) {
  const auto encoded = encode(compute, sources);
  // Several hypotheses per source read the same annotations: with gradients, that is not worth
  // another form of the equations.
  const auto memory = ops::attends_in_place(compute, encoded.states) && decoder_->can_map()
                          ? decoder_->precompute_mapped(
                                compute, encoded, readout_->map_context(compute, encoded.states))
                          : decoder_->precompute(compute, encoded);
  return {memory, start_decoder(compute, encoded)};
}

OutputPart TranslationModelImpl::output_part(const torch::Tensor& tokens) const {
  const auto absent = tokens.lt(0);
  const auto rows = tokens.clamp_min(0);
  return {output_weight().detach().index_select(0, rows).masked_fill_(absent.unsqueeze(1), 0),
          output_bias_.detach().index_select(0, rows).masked_fill_(
              absent, -std::numeric_limits<float>::infinity()),
          std::make_shared<kernels::FrozenWeights>()};
}

torch::Tensor TranslationModelImpl::partial_logits(const ComputeContext& compute,
                                                   const torch::Tensor& readout,
                                                   const OutputPart& part) const {
  auto of_part = compute;
  of_part.frozen = part.packed.get();
  return ops::affine(of_part, {readout, part.weight, part.bias});
}

PredictionStep TranslationModelImpl::step(const ComputeContext& compute,
                                          const torch::Tensor& tokens, const DecoderState& state,
                                          const DecoderMemory& memory, const OutputPart* part) {
  const auto embedded = torch::embedding(target_embedding_, tokens);  // [N, E]
  auto step = read_step(compute, embedded, state, memory, {});
  const auto& readout = step.output.readout;
  const auto logits = part == nullptr
                          ? ops::affine(compute, {readout, output_weight(), output_bias_})
                          : partial_logits(compute, readout, *part);
  return {logits, over_tokens(step.output.weights, memory), std::move(step.state)};
}

ModelFlops TranslationModelImpl::flops() const {
  constexpr double kOperations = 2;  // of a multiply-add
  const auto flops = [](int64_t multiply_adds) {
    return kOperations * static_cast<double>(multiply_adds);
  };
  const auto encoder = sources_.front().work();
  const auto decoder = decoder_->work();
  const auto head = alignment_head_ ? alignment_head_->work() : AttentionWork();
  const auto& attention = decoder.attention;
  return {flops(decoder.per_sentence),
          kOperations * encoder.per_token +
              encoder.annotations * flops(attention.per_annotation + head.per_annotation),
          flops(decoder.per_step + attention.per_query + head.per_query +
                matrix_elements(*readout_) + output_weight().numel()),
          encoder.annotations * flops(attention.per_pair + head.per_pair)};
}

}  // namespace weft
