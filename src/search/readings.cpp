#include "search/readings.h"

#include <torch/types.h>

#include <algorithm>
#include <string>

namespace weft {
namespace {

double shared_bytes(Span a, Span b) {
  const auto begin = std::max(a.begin, b.begin), end = std::min(a.end, b.end);
  return end > begin ? static_cast<double>(end - begin) : 0;
}

/// The first that ends behind the span's beginning; the end of sentence if there is none.
std::size_t nearest(Span span, const std::vector<Span>& others) {
  return static_cast<std::size_t>(
      std::find_if(others.begin(), others.end(),
                   [&](const Span other) { return other.end > span.begin; }) -
      others.begin());
}

}  // namespace

torch::Tensor parts_in(const EncodedLine& reading, const EncodedLine& other) {
  const auto rows = reading.ids.size(), columns = other.ids.size();
  auto parts = torch::zeros({static_cast<int64_t>(rows) + 1, static_cast<int64_t>(columns) + 1});
  auto weights = parts.accessor<float, 2>();
  const auto at = [&](std::size_t i, std::size_t j) -> float& {
    return weights[static_cast<int64_t>(i)][static_cast<int64_t>(j)];
  };
  at(rows, columns) = 1;
  for (std::size_t i = 0; i < rows; ++i) {
    double sum = 0;
    for (std::size_t j = 0; j < columns; ++j) sum += shared_bytes(reading.spans[i], other.spans[j]);
    if (sum == 0) at(i, nearest(reading.spans[i], other.spans)) = 1;
    for (std::size_t j = 0; j < columns && sum > 0; ++j)
      at(i, j) = static_cast<float>(shared_bytes(reading.spans[i], other.spans[j]) / sum);
  }
  return parts;
}

OtherReadings other_readings(const Vocabularies& vocabularies,
                             const std::vector<const EncodedSource*>& first, int64_t limit) {
  OtherReadings readings;
  for (const auto& sources : vocabularies.other_readings) {
    for (std::size_t k = 0; k < sources.size(); ++k) {
      auto tokens = sources[k].vocabulary->encode(first[k]->text);
      const auto kept = std::min(tokens.ids.size(), static_cast<std::size_t>(limit));
      tokens.ids.resize(kept);
      tokens.spans.resize(kept);
      readings.onto_first.push_back(parts_in(tokens, first[k]->tokens));
      readings.tokens.push_back({std::move(tokens.ids), {}, 0});
    }
  }
  return readings;
}

void put_onto_first(SourceBatch& batch, const std::vector<const OtherReadings*>& readings) {
  const auto others = readings.front()->onto_first.size();
  if (others == 0) return;
  // Readings stand one behind the other, each with the sources in their order.
  const auto own = batch.size() - others;
  for (std::size_t n = 0; n < others; ++n) {
    auto& source = batch[own + n];
    const auto width = batch[n % own].mask.size(1);
    source.onto_first = torch::zeros({source.mask.size(0), source.mask.size(1), width});
    for (std::size_t b = 0; b < readings.size(); ++b) {
      const auto& parts = readings[b]->onto_first[n];
      source.onto_first[static_cast<int64_t>(b)]
          .narrow(0, 0, parts.size(0))
          .narrow(1, 0, parts.size(1))
          .copy_(parts);
    }
    source.onto_first = source.onto_first.to(source.mask.device());
  }
}

}  // namespace weft
