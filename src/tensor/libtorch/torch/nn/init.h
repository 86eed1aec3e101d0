#pragma once
// By the name of LibTorch's header: first values of parameters, which here always come from a file.

#include <torch/types.h>

namespace weft::tensors::nn::init {

template <class... Arguments>
[[noreturn]] void refuse(const Arguments&...) {
  fail("parameters are not drawn without LibTorch");
}
inline void uniform_(const Tensor& x, double low, double high) { refuse(x.sizes(), low, high); }
inline void normal_(const Tensor& x, double mean, double deviation) {
  refuse(x.sizes(), mean, deviation);
}
inline void xavier_uniform_(const Tensor& x) { refuse(x.sizes()); }
inline void orthogonal_(const Tensor& x) { refuse(x.sizes()); }
inline void zeros_(const Tensor& x) { refuse(x.sizes()); }

}  // namespace weft::tensors::nn::init
