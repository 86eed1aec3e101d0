#include "data/to_device.h"

#include <torch/types.h>

namespace weft {
namespace {

torch::Tensor moved(const torch::Tensor& x, const torch::Device& device) {
  if (!x.defined() || device.is_cpu()) return x;
  constexpr bool kNonBlocking = true;
  return x.pin_memory().to(device, kNonBlocking);
}

}  // namespace

SourceBatch to_device(const SourceBatch& batch, const torch::Device& device) {
  SourceBatch there;
  for (const auto& source : batch) {
    there.push_back({moved(source.ids, device),
                     moved(source.features, device),
                     moved(source.mask, device),
                     {},
                     moved(source.pictures, device),
                     source.rows,
                     source.columns});
    for (const auto& factor : source.factors) there.back().factors.push_back(moved(factor, device));
  }
  return there;
}

Batch to_device(const Batch& batch, const torch::Device& device) {
  Batch there = batch;
  there.sources = to_device(batch.sources, device);
  there.target_input = moved(batch.target_input, device);
  there.target_output = moved(batch.target_output, device);
  there.target_mask = moved(batch.target_mask, device);
  there.target_weights = moved(batch.target_weights, device);
  there.guidance = moved(batch.guidance, device);
  return there;
}

}  // namespace weft
