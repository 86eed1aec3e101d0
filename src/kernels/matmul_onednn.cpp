// Products by oneDNN.

#include <dnnl.hpp>
#include <mutex>
#include <shared_mutex>
#include <unordered_map>
#include <vector>

#include "kernels/matmul.h"
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

Product compile(const ProductKey& key, const memory::desc& y) {
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
  return {dnnl::matmul(desc), desc.src_desc(), desc.weights_desc(), desc.dst_desc(),
          desc.scratchpad_desc()};
}

// Compiled products, for the whole program.
class ProductCache {
 public:
  std::shared_ptr<const Product> get(const ProductKey& key, const memory::desc& y) {
    {
      const std::shared_lock lock(mutex_);
      if (const auto found = products_.find(key); found != products_.end()) return found->second;
    }
    auto product = std::make_shared<const Product>(compile(key, y));
    const std::unique_lock lock(mutex_);
    // Dropping all when full keeps the bound; what is in use is compiled again in 0.3 ms each.
    if (products_.size() >= kCapacity) products_.clear();
    return products_.emplace(key, std::move(product)).first->second;
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
  execute(*product_cache().get(key, y), p.output_gradient, p.input, p.result);
}

}  // namespace

struct PackedWeight::Matrix {
  memory values;
  QuantizedWeight quantized;  // kInt8: the scales; its own values are gone
};

bool has_packed_products() { return true; }

bool has_products_in(Precision precision) {
  // Instruction sets are sets of bits.
  const auto available = static_cast<unsigned>(dnnl::get_effective_cpu_isa());
  const auto has = [&](dnnl::cpu_isa isa) {
    return (available & static_cast<unsigned>(isa)) == static_cast<unsigned>(isa);
  };
  switch (precision) {
    case Precision::kFloat32:
      return true;
    case Precision::kBfloat16:
      return has(dnnl::cpu_isa::avx512_core_bf16);
    case Precision::kInt8:  // without VNNI, sums of 8-bit products saturate at 16 bits
      return has(dnnl::cpu_isa::avx512_core_vnni) || has(dnnl::cpu_isa::avx2_vnni);
  }
  return false;
}

PackedWeight::PackedWeight(const torch::Tensor& weight, WeightUse use, Precision precision)
    : precision_(precision) {
  TORCH_CHECK(
      weight.dim() == 2 && weight.scalar_type() == torch::kFloat32 && weight.device().is_cpu(),
      "PackedWeight: expected a float32 matrix on the CPU");
  const torch::Tensor rows = weight.detach().contiguous();
  const bool forward = use == WeightUse::kForward;
  inputs_ = forward ? rows.size(1) : rows.size(0);
  outputs_ = forward ? rows.size(0) : rows.size(1);
  // The order that suits a block of rows suits fewer rows too.
  constexpr memory::dim kRows = 32;
  const memory::dims dims{inputs_, outputs_};
  const auto type = element_types(precision).y;
  const ProductKey key{Kind::kPacked, kRows, outputs_, inputs_, 0, precision, Write::kReplace};
  const auto product = product_cache().get(key, {dims, type, memory::format_tag::any});
  auto matrix = std::make_shared<Matrix>(Matrix{memory(product->y, cpu_engine()), {}});
  const auto pack = [&](const void* values, memory::data_type plain_type) {
    const auto order = forward ? memory::format_tag::ba : memory::format_tag::ab;
    memory plain({dims, plain_type, order}, cpu_engine(), const_cast<void*>(values));
    dnnl::stream stream(cpu_engine());
    dnnl::reorder(plain, matrix->values).execute(stream, plain, matrix->values);
    stream.wait();
  };
  if (precision == Precision::kInt8) {
    TORCH_CHECK(forward, "PackedWeight: int8 has no gradients");
    matrix->quantized = quantize_weight(rows.data_ptr<float>(), outputs_, inputs_);
    pack(matrix->quantized.values.data(), type);
    matrix->quantized.values = {};
  } else {
    pack(rows.data_ptr<float>(), memory::data_type::f32);
  }
  matrix_ = std::move(matrix);
}

void PackedWeight::multiply(const float* x, int64_t rows, float* out, Write write) const {
  const bool integers = precision_ == Precision::kInt8;
  const ProductKey key{
      Kind::kPacked, rows, outputs_, inputs_, 0, precision_, integers ? Write::kReplace : write};
  const auto product = product_cache().get(key, matrix_->values.get_desc());
  const void* y = matrix_->values.get_data_handle();
  if (precision_ == Precision::kFloat32) {
    execute(*product, x, y, out);
  } else if (precision_ == Precision::kBfloat16) {
    thread_local std::vector<Bfloat16> rounded;
    rounded.resize(static_cast<size_t>(rows * inputs_));
    to_bfloat16(x, rounded.data(), rows * inputs_);
    execute(*product, rounded.data(), y, out);
  } else {
    multiply_integers(
        x, {rows, inputs_}, matrix_->quantized, out, write,
        [&](const uint8_t* input, int32_t* sums) { execute(*product, input, y, sums); });
  }
}

void multiply_transposed(const TransposedProduct<float>& product) {
  run_transposed(product, Precision::kFloat32);
}

void multiply_transposed(const TransposedProduct<Bfloat16>& product) {
  run_transposed(product, Precision::kBfloat16);
}

}  // namespace weft::kernels
