#pragma once
// Tensors by name: a model's parameters, an optimizer's moments.

#include <torch/types.h>

#include <map>
#include <string>

namespace weft {

using NamedTensors = std::map<std::string, torch::Tensor>;

}  // namespace weft
