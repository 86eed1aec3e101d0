#include "data/repeat_batch.h"

#include <torch/types.h>

#include <vector>

namespace weft {

Batch repeated(const Batch& batch, int64_t times) {
  const auto repeat = [times](torch::Tensor& rows) {
    if (!rows.defined()) return;
    std::vector<int64_t> counts(static_cast<std::size_t>(rows.dim()), 1);
    counts.front() = times;
    rows = rows.repeat(counts);
  };
  Batch all = batch;
  for (auto& source : all.sources) {
    for (auto* rows : {&source.ids, &source.features, &source.mask, &source.pictures})
      repeat(*rows);
    for (auto& factor : source.factors) repeat(factor);
  }
  for (auto* rows : {&all.target_input, &all.target_output, &all.target_mask, &all.target_weights,
                     &all.guidance})
    repeat(*rows);
  return all;
}

SourceBatch picked_rows(const SourceBatch& sources, const torch::Tensor& rows) {
  SourceBatch picked = sources;
  const auto pick = [&rows](torch::Tensor& all) {
    if (all.defined()) all = all.index_select(0, rows);
  };
  for (auto& source : picked) {
    for (auto* all : {&source.ids, &source.features, &source.mask, &source.pictures}) pick(*all);
    for (auto& factor : source.factors) pick(factor);
  }
  return picked;
}

}  // namespace weft
