#pragma once
// By the name of LibTorch's header: our own tensors, for what is compiled without it.

#include "tensor/tensor.h"

namespace torch = weft::tensors;
namespace at = weft::tensors;
namespace c10 = weft::tensors;

#define TORCH_CHECK(condition, ...)                                                                \
  do {                                                                                             \
    if (!(condition)) weft::tensors::fail("expected " #condition ": " __VA_OPT__(, ) __VA_ARGS__); \
  } while (false)

namespace weft::tensors {

/// Tensors of somebody else.
struct TensorList : std::vector<Tensor> {
  TensorList(const std::vector<Tensor>& list) : vector(list) {}
  std::vector<Tensor> vec() const { return *this; }
};

[[noreturn]] inline Tensor rand(IntArrayRef sizes, TensorOptions /*options*/) {
  fail("nothing is drawn without LibTorch: ", sizes);
}

}  // namespace weft::tensors
