#pragma once
// By the name of LibTorch's header: shared objects of kernels that train.

#include <torch/types.h>

namespace weft::tensors {

struct CustomClassHolder {};
template <class T>
using intrusive_ptr = std::shared_ptr<T>;

}  // namespace weft::tensors
