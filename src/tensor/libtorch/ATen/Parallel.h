#pragma once
// By the name of LibTorch's header: how many threads share work.

extern "C" int omp_get_max_threads();

namespace weft::tensors {

inline int get_num_threads() { return omp_get_max_threads(); }

}  // namespace weft::tensors
