#pragma once
// Attention small enough to check number by number.

#include <torch/types.h>

#include <string>
#include <vector>

#include "nn/attention.h"
#include "nn/random_module.h"

namespace weft {

inline constexpr int64_t kUnits = 4;  // of queries and annotations alike, as the dot score needs

/// Widths small enough to check number by number.
inline AttentionOptions options_of(ScoreType score, int64_t heads = 1) {
  AttentionOptions options;
  options.score = score;
  options.heads = heads;
  options.width = 6;
  options.window_width = 2;
  options.coverage_width = 3;
  options.positions = 4;
  return options;
}

/// float64, every parameter random.
inline Attention random_attention(const AttentionOptions& options) {
  Attention attention(options, AttentionWidths{kUnits, kUnits});
  randomize(*attention, 1);
  return attention;
}

/// By its name in files.
inline torch::Tensor parameter(const Attention& attention, const std::string& name) {
  return attention->named_parameters()[name].detach();
}

/// Steps with these queries [T, N, Q], one after the other.
inline std::vector<AttentionOutput> steps(Attention& attention, const torch::Tensor& queries,
                                          const torch::Tensor& annotations,
                                          const torch::Tensor& mask) {
  const auto memory = attention->precompute({}, annotations, mask, annotations.mean(1));
  auto state = attention->start(annotations);
  std::vector<AttentionOutput> outputs;
  for (int64_t t = 0; t < queries.size(0); ++t) {
    outputs.push_back(attention->forward({}, queries[t], state, memory));
    state = outputs.back().state;
  }
  return outputs;
}

}  // namespace weft
