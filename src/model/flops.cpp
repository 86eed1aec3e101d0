#include "model/flops.h"

namespace weft {
namespace {

constexpr int64_t kOperations = 2;  // of a multiply-add

int64_t gates(CellType cell) { return cell == CellType::kGru ? 3 : 4; }

/// Multiply-adds of a step: W x and U h.
int64_t cell_step(CellType cell, int64_t inputs, int64_t hidden) {
  return gates(cell) * hidden * (inputs + hidden);
}

int64_t encoder_step(int64_t embedding, const EncoderOptions& encoder) {
  int64_t sum = 0;
  for (int64_t layer = 0; layer < encoder.layers; ++layer) {
    const int64_t inputs = layer == 0 ? embedding : 2 * encoder.hidden;
    sum += 2 * cell_step(encoder.cell, inputs, encoder.hidden);
  }
  return sum;
}

int64_t decoder_step(int64_t embedding, int64_t annotation_width, const DecoderOptions& decoder) {
  const int64_t hidden = decoder.hidden;
  const int64_t first = cell_step(decoder.cell, embedding, hidden);
  // The context comes as more inputs of the only cell, or through a second cell.
  const int64_t context = decoder.attention_place == AttentionPlace::kBefore
                              ? gates(decoder.cell) * hidden * annotation_width
                              : cell_step(decoder.cell, annotation_width, hidden);
  return first + context + (decoder.layers - 1) * cell_step(decoder.cell, hidden, hidden);
}

}  // namespace

ModelFlops forward_flops(const ModelOptions& options, int64_t target_vocabulary) {
  const auto& decoder = options.decoder;
  const int64_t embedding = options.embedding.target;
  const int64_t annotation_width = 2 * options.encoder.hidden;
  const int64_t attention_width = options.attention.width;
  const int64_t read = decoder.hidden + embedding + annotation_width;
  const auto flops = [](int64_t multiply_adds) {
    return static_cast<double>(kOperations * multiply_adds);
  };
  ModelFlops result;
  result.per_sentence = flops(annotation_width * decoder.layers * decoder.hidden);
  result.per_source_token = flops(encoder_step(options.embedding.source, options.encoder) +
                                  annotation_width * attention_width);
  result.per_target_token =
      flops(decoder_step(embedding, annotation_width, decoder) + decoder.hidden * attention_width +
            read * decoder.readout + decoder.readout * target_vocabulary);
  result.per_source_target_pair = flops(attention_width + annotation_width);
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
