#pragma once
// Batches are built in the processor's memory; this is their way to where they are computed on.

#include <torch/types.h>

#include "data/batch.h"

namespace weft {

/// The same tensors on the device, to which they may still be on their way: nothing waits for them
/// but what the device does next. On a processor, the batch itself.
SourceBatch to_device(const SourceBatch& batch, const torch::Device& device);
Batch to_device(const Batch& batch, const torch::Device& device);

}  // namespace weft
