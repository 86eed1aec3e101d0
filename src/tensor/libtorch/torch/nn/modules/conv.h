#pragma once
// By the name of LibTorch's header: convolutions, which need LibTorch.

#include <torch/nn/pimpl.h>

namespace weft::tensors::nn {

class Conv2dImpl;
TORCH_MODULE(Conv2d);

}  // namespace weft::tensors::nn
