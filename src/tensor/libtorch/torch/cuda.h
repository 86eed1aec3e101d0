#pragma once
// By the name of LibTorch's header: there are no GPUs.

namespace weft::tensors::cuda {

constexpr bool cudnn_is_available() { return false; }
constexpr void synchronize(int64_t /*device*/) {}

}  // namespace weft::tensors::cuda
