#include "kernels/onednn_product.h"

#include <mutex>
#include <shared_mutex>
#include <unordered_map>
#include <utility>
#include <vector>

#include "kernels/parallel.h"

namespace weft::kernels {
namespace {

using dnnl::memory;

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
OneDnnProduct compile(const ProductKey& key, const memory::desc& y) {
  const OneThreadGuard guard;
  using tag = memory::format_tag;
  const memory::dims strides =
      key.kind == ProductKind::kPacked ? memory::dims{key.depth, 1} : memory::dims{1, key.stride};
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
  std::shared_ptr<const OneDnnProduct> get(const ProductKey& key, const memory::desc* y) {
    {
      const std::shared_lock lock(mutex_);
      const auto found = products_.find(key);
      if (found != products_.end() && (y == nullptr || found->second->y == *y))
        return found->second;
    }
    const memory::desc any({key.depth, key.columns}, element_types(key.precision).y,
                           memory::format_tag::any);
    auto product = std::make_shared<const OneDnnProduct>(compile(key, y != nullptr ? *y : any));
    const std::unique_lock lock(mutex_);
    // Dropping all when full keeps the bound; what is in use is compiled again in 0.3 ms each.
    if (products_.size() >= kCapacity) products_.clear();
    return products_[key] = std::move(product);
  }

 private:
  static constexpr size_t kCapacity = 2048;
  std::shared_mutex mutex_;
  std::unordered_map<ProductKey, std::shared_ptr<const OneDnnProduct>, ProductKeyHash> products_;
};

ProductCache& product_cache() {
  static ProductCache cache;
  return cache;
}

}  // namespace

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

std::shared_ptr<const OneDnnProduct> compiled_product(const ProductKey& key,
                                                      const memory::desc* y) {
  return product_cache().get(key, y);
}

void execute(const OneDnnProduct& product, const void* x, const void* y, void* out) {
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

}  // namespace weft::kernels
