// Products by oneDNN.

#include <algorithm>
#include <cmath>
#include <dnnl.hpp>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "kernels/matmul.h"
#include "kernels/parallel.h"
#include "kernels/product_backend.h"
#include "kernels/quantized_product.h"
#include "kernels/vector_math.h"

namespace weft::kernels {
namespace {

using dnnl::memory;

// The types of out = x y.
struct ElementTypes {
  memory::data_type x, y, out;
};

ElementTypes element_types(Precision precision) {
  using type = memory::data_type;
  switch (precision) {
    case Precision::kFloat32:
      return {type::f32, type::f32, type::f32};
    case Precision::kBfloat16:
      return {type::bf16, type::bf16, type::f32};
    case Precision::kInt8:
      return {type::u8, type::s8, type::s32};
    case Precision::kAuto:
      break;
  }
  TORCH_CHECK(false, "unknown precision ", static_cast<int>(precision));
}

const dnnl::engine& cpu_engine() {
  static const dnnl::engine engine(dnnl::engine::kind::cpu, 0);
  return engine;
}

enum class Kind { kPacked, kTransposed };

// What a compiled product depends on: out [rows, columns] (+)= x [rows, depth] y [depth, columns].
struct ProductKey {
  Kind kind;
  memory::dim rows;
  memory::dim columns;
  memory::dim depth;
  memory::dim stride;  // kTransposed: distance of x's columns
  Precision precision;
  Write write;
  bool operator==(const ProductKey&) const = default;
};

struct ProductKeyHash {
  size_t operator()(const ProductKey& key) const {
    size_t hash = 0;
    for (const auto part :
         {static_cast<memory::dim>(key.kind), key.rows, key.columns, key.depth, key.stride,
          static_cast<memory::dim>(key.precision), static_cast<memory::dim>(key.write)}) {
      hash = hash * 1000003U + static_cast<size_t>(part);
    }
    return hash;
  }
};

struct Product {
  dnnl::matmul matmul;
  memory::desc x, y, out, scratchpad;
  std::string implementation;
};

// oneDNN's scratchpad is ours: its own belongs to the thread that compiled the product.
dnnl::primitive_attr attributes(Write write) {
  dnnl::primitive_attr result;
  result.set_scratchpad_mode(dnnl::scratchpad_mode::user);
  if (write == Write::kAdd) {
    dnnl::post_ops sum;
    sum.append_sum(1.0F);
    result.set_post_ops(sum);
  }
  return result;
}

// For one thread, because products run as tasks of one each.
Product compile(const ProductKey& key, const memory::desc& y) {
  const OneThreadGuard guard;
  using tag = memory::format_tag;
  const memory::dims strides =
      key.kind == Kind::kPacked ? memory::dims{key.depth, 1} : memory::dims{1, key.stride};
  const ElementTypes types = element_types(key.precision);
  const memory::desc x({key.rows, key.depth}, types.x, strides);
  const memory::desc out({key.rows, key.columns}, types.out, tag::ab);
#if DNNL_VERSION_MAJOR >= 3
  const dnnl::matmul::primitive_desc desc(cpu_engine(), x, y, out, attributes(key.write));
#else
  const dnnl::matmul::primitive_desc desc(dnnl::matmul::desc(x, y, out), attributes(key.write),
                                          cpu_engine());
#endif
  return {dnnl::matmul(desc), desc.src_desc(),        desc.weights_desc(),
          desc.dst_desc(),    desc.scratchpad_desc(), desc.impl_info_str()};
}

// Compiled products, for the whole program.
class ProductCache {
 public:
  /// For the order of `y`, or, if that is null, for whichever suits the product best.
  std::shared_ptr<const Product> get(const ProductKey& key, const memory::desc* y) {
    {
      const std::shared_lock lock(mutex_);
      const auto found = products_.find(key);
      if (found != products_.end() && (y == nullptr || found->second->y == *y))
        return found->second;
    }
    const memory::desc any({key.depth, key.columns}, element_types(key.precision).y,
                           memory::format_tag::any);
    auto product = std::make_shared<const Product>(compile(key, y != nullptr ? *y : any));
    const std::unique_lock lock(mutex_);
    // Dropping all when full keeps the bound; what is in use is compiled again in 0.3 ms each.
    if (products_.size() >= kCapacity) products_.clear();
    return products_[key] = std::move(product);
  }

 private:
  static constexpr size_t kCapacity = 2048;
  std::shared_mutex mutex_;
  std::unordered_map<ProductKey, std::shared_ptr<const Product>, ProductKeyHash> products_;
};

ProductCache& product_cache() {
  static ProductCache cache;
  return cache;
}

void execute(const Product& product, const void* x, const void* y, void* out) {
  thread_local dnnl::stream stream(cpu_engine());
  thread_local std::vector<char> scratchpad;
  if (scratchpad.size() < product.scratchpad.get_size()) {
    scratchpad.resize(product.scratchpad.get_size());
  }
  const auto argument = [](const memory::desc& desc, const void* data) {
    return memory(desc, cpu_engine(), const_cast<void*>(data));
  };
  product.matmul.execute(stream,
                         {{DNNL_ARG_SRC, argument(product.x, x)},
                          {DNNL_ARG_WEIGHTS, argument(product.y, y)},
                          {DNNL_ARG_DST, argument(product.out, out)},
                          {DNNL_ARG_SCRATCHPAD, argument(product.scratchpad, scratchpad.data())}});
  stream.wait();
}

template <typename Element>
void run_transposed(const TransposedProduct<Element>& p, Precision precision) {
  const ProductKey key{Kind::kTransposed, p.outputs, p.inputs, p.rows,
                       p.output_stride,   precision, p.write};
  const memory::desc y({p.rows, p.inputs}, element_types(precision).y, memory::format_tag::ab);
  execute(*product_cache().get(key, &y), p.output_gradient, p.input, p.result);
}

// Instruction sets are sets of bits.
bool has_instructions(dnnl::cpu_isa isa) {
  const auto available = static_cast<unsigned>(dnnl::get_effective_cpu_isa());
  return (available & static_cast<unsigned>(isa)) == static_cast<unsigned>(isa);
}

// Without vector units for it, oneDNN takes a general product of unpacked matrices, which sums in
// another order for another number of rows.
bool rows_are_independent(const Product& product) {
  return product.implementation.starts_with("brg") && has_instructions(dnnl::cpu_isa::avx512_core);
}

class OneDnnMatrix : public PackedMatrix {
 public:
  OneDnnMatrix(const MatrixView& y, Precision precision, const memory::desc& order)
      : depth_(y.rows), columns_(y.columns), precision_(precision), values_(order, cpu_engine()) {
    if (precision == Precision::kInt8) {
      quantized_ = quantize_weight(y.values, columns_, depth_);
      pack(quantized_.values.data(), element_types(precision).y, y);
      quantized_.values = {};
    } else {
      pack(y.values, memory::data_type::f32, y);
    }
  }

  void multiply(const float* x, int64_t rows, float* out, Write write) const override {
    const bool integers = precision_ == Precision::kInt8;
    const ProductKey key{
        Kind::kPacked, rows, columns_, depth_, 0, precision_, integers ? Write::kReplace : write};
    const memory::desc order = values_.get_desc();
    const auto product = product_cache().get(key, &order);
    const void* y = values_.get_data_handle();
    if (precision_ == Precision::kFloat32) {
      execute(*product, x, y, out);
    } else if (precision_ == Precision::kBfloat16) {
      thread_local std::vector<Bfloat16> rounded;
      rounded.resize(static_cast<size_t>(rows * depth_));
      to_bfloat16(x, rounded.data(), rows * depth_);
      execute(*product, rounded.data(), y, out);
    } else {
      multiply_integers(
          x, {rows, depth_}, quantized_, out, write,
          [&](const uint8_t* input, int32_t* sums) { execute(*product, input, y, sums); });
    }
  }

 private:
  void pack(const void* values, memory::data_type type, const MatrixView& y) {
    memory plain({{depth_, columns_}, type, memory::dims{y.row_stride, y.column_stride}},
                 cpu_engine(), const_cast<void*>(values));
    dnnl::stream stream(cpu_engine());
    dnnl::reorder(plain, values_).execute(stream, plain, values_);
    stream.wait();
  }

  int64_t depth_;
  int64_t columns_;
  Precision precision_;
  memory values_;
  QuantizedWeight quantized_;  // kInt8: the scales; its own values are gone
};

std::shared_ptr<const PackedMatrix> pack(const MatrixView& y, Precision precision) {
  // The order that suits a block of rows suits fewer rows too.
  constexpr memory::dim kRows = 32;
  const ProductKey key{Kind::kPacked, kRows, y.columns, y.rows, 0, precision, Write::kReplace};
  const auto product = product_cache().get(key, nullptr);
  if (precision == Precision::kFloat32 && !rows_are_independent(*product)) return nullptr;
  return std::make_shared<const OneDnnMatrix>(y, precision, product->y);
}

// Products of 8-bit integers that are added in pairs saturate at 16 bits, on processors without
// instructions for whole sums: whether these do is tried with the largest numbers.
bool sums_of_bytes_are_exact() {
  constexpr int64_t kDepth = 64;
  constexpr int64_t kColumns = 48;
  const std::vector<float> ones(kDepth * kColumns, 1.0F);
  const auto matrix = pack({ones.data(), kDepth, kColumns, 1, kDepth}, Precision::kInt8);
  for (const int64_t rows : {1, 5, 32}) {
    std::vector<float> out(static_cast<size_t>(rows * kColumns));
    matrix->multiply(ones.data(), rows, out.data(), Write::kReplace);
    const auto is_exact = [](float sum) { return std::abs(sum - kDepth) < 0.01F; };
    if (!std::all_of(out.begin(), out.end(), is_exact)) return false;
  }
  return true;
}

}  // namespace

bool has_products_in(Precision precision) {
  switch (precision) {
    case Precision::kFloat32:
      return true;
    case Precision::kBfloat16:
      return has_instructions(dnnl::cpu_isa::avx512_core_bf16);
    case Precision::kInt8: {
      static const bool exact = (has_instructions(dnnl::cpu_isa::avx512_core_vnni) ||
                                 has_instructions(dnnl::cpu_isa::avx2_vnni)) &&
                                sums_of_bytes_are_exact();
      return exact;
    }
    case Precision::kAuto:
      break;
  }
  return false;
}

const char* float32_products() {
  return has_instructions(dnnl::cpu_isa::avx512_core) ? "oneDNN" : "Weft";
}

std::shared_ptr<const PackedMatrix> pack_by_library(const MatrixView& y, Precision precision) {
  return pack(y, precision);
}

void multiply_transposed(const TransposedProduct<float>& product) {
  run_transposed(product, Precision::kFloat32);
}

void multiply_transposed(const TransposedProduct<Bfloat16>& product) {
  run_transposed(product, Precision::kBfloat16);
}

}  // namespace weft::kernels
