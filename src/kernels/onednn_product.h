#pragma once
// Compiled products of oneDNN, kept for the whole program. Only where CMake has found oneDNN.

#include <dnnl.hpp>
#include <memory>
#include <string>

#include "kernels/product_backend.h"

namespace weft::kernels {

/// The types of out = x y.
struct ElementTypes {
  dnnl::memory::data_type x, y, out;
};
ElementTypes element_types(Precision precision);

const dnnl::engine& cpu_engine();

enum class ProductKind { kPacked, kTransposed };

/// What a compiled product depends on, besides the order of y: out [rows, columns] (+)= x [rows,
/// depth] y [depth, columns].
struct ProductKey {
  ProductKind kind;
  dnnl::memory::dim rows;
  dnnl::memory::dim columns;
  dnnl::memory::dim depth;
  dnnl::memory::dim stride;  ///< kTransposed: distance of x's columns
  Precision precision;
  Write write;
  bool operator==(const ProductKey&) const = default;
};

struct OneDnnProduct {
  dnnl::matmul matmul;
  dnnl::memory::desc x, y, out, scratchpad;
  std::string implementation;
};

/// The product for y in the order `y`, or, if that is null, in whichever suits the product best:
/// compiled at first use, in 0.3 ms, for one thread. May be called by several threads at once.
std::shared_ptr<const OneDnnProduct> compiled_product(const ProductKey& key,
                                                      const dnnl::memory::desc* y);

/// Runs it on the calling thread. The arrays are as the product's descriptors say.
void execute(const OneDnnProduct& product, const void* x, const void* y, void* out);

}  // namespace weft::kernels
