#pragma once
#include <torch/nn/module.h>

#define TORCH_MODULE(Name) using Name = weft::tensors::nn::ModuleHolder<Name##Impl>
