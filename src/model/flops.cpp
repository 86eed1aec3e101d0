#include "model/flops.h"

#include <torch/types.h>

#include <numeric>
#include <vector>

#include "model/encoder.h"
#include "nn/recurrent_cell.h"

namespace weft {
namespace {

constexpr int64_t kOperations = 2;  // of a multiply-add

/// The elements of a cell's matrices.
int64_t matrix_elements(const CellOptions& options, int64_t inputs) {
  int64_t sum = 0;
  for (const auto& parameter : make_cell(options, inputs)->parameters())
    if (parameter.dim() == 2) sum += parameter.numel();
  return sum;
}

/// Multiply-adds of a step: every matrix of a cell multiplies one vector. A cell has a·H·I + b·H²
/// elements in its matrices; the smallest cells of its kind tell a and b.
int64_t cell_step(CellOptions options, int64_t inputs) {
  const int64_t hidden = options.hidden;
  options.hidden = 1;
  const int64_t one = matrix_elements(options, 1);
  const int64_t of_inputs = matrix_elements(options, 2) - one;
  return of_inputs * hidden * inputs + (one - of_inputs) * hidden * hidden;
}

/// Multiply-adds for a source token, and the annotations there are for one.
struct EncoderStep {
  double multiply_adds = 0;
  double annotations = 1;
  double elements = 0;  ///< of its matrices
};

EncoderStep encoder_step(int64_t embedding, const EncoderOptions& encoder) {
  EncoderStep step;
  if (!reads_recurrently(encoder, SourceKind::kText)) return step;
  const CellOptions cell{encoder.cell, encoder.hidden, encoder.transition_depth};
  for (int64_t layer = 0; layer < encoder.layers; ++layer) {
    if (layer > 0) step.annotations /= static_cast<double>(encoder.pyramid);
    const int64_t work = directions_of_layer(encoder, layer) *
                         cell_step(cell, inputs_of_layer(encoder, layer, embedding));
    step.multiply_adds += step.annotations * static_cast<double>(work);
    step.elements += static_cast<double>(work);
  }
  return step;
}

int64_t decoder_step(int64_t embedding, int64_t annotation_width, const DecoderOptions& decoder) {
  const CellOptions deep{decoder.cell, decoder.hidden, decoder.transition_depth};
  const CellOptions single{decoder.cell, decoder.hidden};
  const int64_t read = embedding + (decoder.input_feeding ? decoder.readout : 0);
  const int64_t upper_inputs = decoder.hidden + (decoder.context_to_upper ? annotation_width : 0);
  const int64_t upper = (decoder.layers - 1) * cell_step(deep, upper_inputs);
  switch (decoder.attention_place) {
    case AttentionPlace::kBefore:  // the context comes as more inputs of the only cell
      return upper + cell_step(deep, read + annotation_width);
    case AttentionPlace::kBetween:
      return upper + cell_step(single, read) + cell_step(deep, annotation_width);
    case AttentionPlace::kAfter:
      return upper + cell_step(deep, read);
  }
  TORCH_CHECK(false, "unknown place ", static_cast<int>(decoder.attention_place));
}

/// Multiply-adds of a context gate for a target token.
int64_t context_gate_step(int64_t embedding, int64_t annotation_width, int64_t readout_units,
                          const DecoderOptions& decoder) {
  if (decoder.context_gate == ContextGateType::kNone) return 0;
  if (decoder.attention_place == AttentionPlace::kAfter)
    return readout_units * (embedding + decoder.hidden + annotation_width);
  const int64_t read = embedding + (decoder.input_feeding ? decoder.readout : 0);
  return decoder.hidden * (read + decoder.hidden + annotation_width);
}

/// Multiply-adds of attention.
struct AttentionWork {
  int64_t per_annotation = 0;
  int64_t per_query = 0;
  int64_t per_pair = 0;
};

AttentionWork score_work(const AttentionOptions& attention, int64_t query, int64_t annotation) {
  const int64_t width = attention.width, heads = attention.heads;
  switch (attention.score) {
    case ScoreType::kAdditive:
    case ScoreType::kScaledDot:
      return {annotation * width, query * width, width};
    case ScoreType::kDot:
      return {0, 0, query};
    case ScoreType::kGeneral:
      return {annotation * query, 0, query};
    case ScoreType::kLocation:
      return {0, heads * attention.positions * query, 0};
    case ScoreType::kFeedForward:
      return {heads * annotation, 0, 0};
    case ScoreType::kNone:
      return {};
  }
  return {};
}

/// The units of a score's keys.
int64_t key_width(const AttentionOptions& attention, int64_t query, int64_t annotation) {
  if (attention.score == ScoreType::kFeedForward) return attention.heads;
  return score_work(attention, query, annotation).per_pair;
}

AttentionWork coverage_work(const AttentionOptions& attention, int64_t query, int64_t annotation) {
  const int64_t key = key_width(attention, query, annotation);
  const int64_t units = attention.coverage_width;
  switch (attention.coverage) {
    case CoverageType::kNone:
      return {};
    case CoverageType::kLinguistic:
      return {annotation, 0, key};
    case CoverageType::kNeural:
      return {3 * units * annotation, 3 * units * query, 3 * units * (1 + units) + units * key};
  }
  return {};
}

AttentionWork attention_work(const AttentionOptions& attention, int64_t query, int64_t annotation) {
  if (attention.score == ScoreType::kNone) return {};
  const auto score = score_work(attention, query, annotation);
  const auto coverage = coverage_work(attention, query, annotation);
  AttentionWork work{score.per_annotation + coverage.per_annotation,
                     score.per_query + coverage.per_query,
                     score.per_pair + coverage.per_pair + annotation};  // and the mean
  if (attention.window == AttentionWindowType::kPredictive) work.per_query += query * query + query;
  if (attention.heads > 1) {
    work.per_annotation += annotation * annotation;
    work.per_query += annotation * annotation;
  }
  return work;
}

/// Multiply-adds of the alignment head: its GRU reads the word, the state and the context.
AttentionWork alignment_head_work(const ModelOptions& options, int64_t annotation) {
  const int64_t width = options.alignment_head.width;
  const int64_t read = options.embedding.target + options.decoder.hidden + annotation;
  constexpr int64_t kDirections = 2, kGates = 3;
  return {annotation * width, kDirections * width * (kGates * (read + width) + width), width};
}

/// The elements of all embedding matrices, and of the output's where that is one of its own.
double embedding_elements(const ModelOptions& options, const VocabularySizes& sizes) {
  const auto& embedding = options.embedding;
  int64_t sum = sizes.target * embedding.target;
  if (embedding.tying == EmbeddingTying::kNone) sum += sizes.target * options.decoder.readout;
  for (std::size_t i = 0; i < sizes.sources.size(); ++i) {
    const auto& source = sizes.sources[i];
    if (source.kind != SourceKind::kText) continue;
    const bool is_tied = i == 0 && embedding.tying == EmbeddingTying::kAll;
    const int64_t units = source.factors.empty() ? source_width(embedding) : embedding.source;
    if (!is_tied) sum += source.vocabulary * units;
    for (std::size_t k = 0; k < source.factors.size(); ++k)
      sum += source.factors[k] * embedding.factors.at(k);
  }
  return static_cast<double>(sum);
}

}  // namespace

double weight_bytes(const ModelOptions& options, const VocabularySizes& sizes) {
  constexpr double kBytes = 4;  // float32
  const auto sources = static_cast<double>(sizes.sources.size());
  const int64_t annotation = annotation_width(options, sizes.kinds());
  const auto flops = forward_flops(options, 0);
  const auto attention = attention_work(options.attention, options.decoder.hidden, annotation);
  double encoders = 0;
  for (const auto& source : sizes.sources) {
    if (reads_recurrently(options.encoder, source.kind)) {
      encoders +=
          encoder_step(input_width(options, sizes.kinds(), source.kind), options.encoder).elements;
    }
  }
  return kBytes * (embedding_elements(options, sizes) + encoders +
                   sources * static_cast<double>(attention.per_annotation) +
                   static_cast<double>(alignment_head_work(options, annotation).per_annotation) +
                   (flops.per_target_token + flops.per_sentence) / kOperations);
}

ModelFlops forward_flops(const ModelOptions& options, int64_t target_vocabulary) {
  const auto& decoder = options.decoder;
  const int64_t embedding = options.embedding.target;
  const int64_t annotations = annotation_width(options, {SourceKind::kText});
  const auto attention = attention_work(options.attention, decoder.hidden, annotations);
  const auto head = alignment_head_work(options, annotations);
  const int64_t read = decoder.hidden + (decoder.readout_embedding ? embedding : 0) + annotations;
  const int64_t readout_units =
      (decoder.readout_type == ReadoutType::kMaxout ? 2 : 1) * decoder.readout;
  const auto flops = [](int64_t multiply_adds) {
    return static_cast<double>(kOperations * multiply_adds);
  };
  const auto encoder = encoder_step(source_width(options.embedding), options.encoder);
  ModelFlops result;
  if (decoder.initial_state != InitialState::kZero)
    result.per_sentence = flops(annotations * decoder.layers * decoder.hidden);
  result.per_source_token =
      kOperations * encoder.multiply_adds +
      encoder.annotations * flops(attention.per_annotation + head.per_annotation);
  result.per_target_token =
      flops(decoder_step(embedding, annotations, decoder) + attention.per_query + head.per_query +
            context_gate_step(embedding, annotations, readout_units, decoder) +
            read * readout_units + decoder.readout * target_vocabulary);
  result.per_source_target_pair = encoder.annotations * flops(attention.per_pair + head.per_pair);
  return result;
}

void Workload::add(int64_t source, int64_t target) {
  ++sentences;
  source_tokens += source;
  target_tokens += target;
  pairs += source * target;
}

double forward_flops(const ModelFlops& flops, const Workload& work) {
  return flops.per_sentence * static_cast<double>(work.sentences) +
         flops.per_source_token * static_cast<double>(work.source_tokens) +
         flops.per_target_token * static_cast<double>(work.target_tokens) +
         flops.per_source_target_pair * static_cast<double>(work.pairs);
}

double training_flops(const ModelFlops& flops, const Workload& work) {
  return 3 * forward_flops(flops, work);
}

}  // namespace weft
