// Products by oneDNN.

#include <dnnl.hpp>
#include <functional>
#include <mutex>
#include <shared_mutex>
#include <unordered_map>
#include <vector>

#include "kernels/matmul.h"
#include "kernels/product_backend.h"
#include "kernels/vector_math.h"

namespace weft::kernels {
namespace {

using dnnl::memory;

memory::data_type element_type(Precision precision) {
  return precision == Precision::kBfloat16 ? memory::data_type::bf16 : memory::data_type::f32;
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
  memory::data_type type;
  Write write;
  bool operator==(const ProductKey&) const = default;
};

struct ProductKeyHash {
  size_t operator()(const ProductKey& key) const {
    size_t hash = 0;
    for (const auto part :
         {static_cast<memory::dim>(key.kind), key.rows, key.columns, key.depth, key.stride,
          static_cast<memory::dim>(key.type), static_cast<memory::dim>(key.write)}) {
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
  const memory::desc x({key.rows, key.depth}, key.type, strides);
  const memory::desc out({key.rows, key.columns}, memory::data_type::f32, tag::ab);
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

void execute(const Product& product, const void* x, const void* y, float* out) {
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
void run_transposed(const TransposedProduct<Element>& p, memory::data_type type) {
  const ProductKey key{Kind::kTransposed, p.outputs, p.inputs, p.rows,
                       p.output_stride,   type,      p.write};
  const memory::desc y({p.rows, p.inputs}, type, memory::format_tag::ab);
  execute(*product_cache().get(key, y), p.output_gradient, p.input, p.result);
}

}  // namespace

struct PackedWeight::Matrix {
  memory values;
};

bool has_packed_products() { return true; }

bool has_fast_bfloat16() {
  // Instruction sets are sets of bits.
  const auto wanted = static_cast<unsigned>(dnnl::cpu_isa::avx512_core_bf16);
  return (static_cast<unsigned>(dnnl::get_effective_cpu_isa()) & wanted) == wanted;
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
  const memory::desc any(dims, element_type(precision), memory::format_tag::any);
  const ProductKey key{Kind::kPacked,           kRows,          outputs_, inputs_, 0,
                       element_type(precision), Write::kReplace};
  memory packed(product_cache().get(key, any)->y, cpu_engine());
  const memory::desc plain(dims, memory::data_type::f32,
                           forward ? memory::format_tag::ba : memory::format_tag::ab);
  memory source(plain, cpu_engine(), rows.data_ptr<float>());
  dnnl::stream stream(cpu_engine());
  dnnl::reorder(source, packed).execute(stream, source, packed);
  stream.wait();
  matrix_ = std::make_shared<const Matrix>(Matrix{packed});
}

void PackedWeight::multiply(const float* x, int64_t rows, float* out, Write write) const {
  const ProductKey key{Kind::kPacked, rows, outputs_, inputs_, 0, element_type(precision_), write};
  const auto product = product_cache().get(key, matrix_->values.get_desc());
  const void* y = matrix_->values.get_data_handle();
  if (precision_ == Precision::kFloat32) {
    execute(*product, x, y, out);
    return;
  }
  thread_local std::vector<Bfloat16> rounded;
  rounded.resize(static_cast<size_t>(rows * inputs_));
  to_bfloat16(x, rounded.data(), rows * inputs_);
  execute(*product, rounded.data(), y, out);
}

void multiply_transposed(const TransposedProduct<float>& product) {
  run_transposed(product, memory::data_type::f32);
}

void multiply_transposed(const TransposedProduct<Bfloat16>& product) {
  run_transposed(product, memory::data_type::bf16);
}

}  // namespace weft::kernels
