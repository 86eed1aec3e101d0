// Products by oneDNN.

#include <algorithm>
#include <cmath>
#include <vector>

#include "kernels/matmul.h"
#include "kernels/onednn_product.h"
#include "kernels/product_backend.h"
#include "kernels/quantized_product.h"
#include "kernels/vector_math.h"

namespace weft::kernels {
namespace {

using dnnl::memory;

template <typename Element>
void run_transposed(const TransposedProduct<Element>& p, Precision precision) {
  const ProductKey key{ProductKind::kTransposed, p.outputs, p.inputs, p.rows,
                       p.output_stride,          precision, p.write};
  const memory::desc y({p.rows, p.inputs}, element_types(precision).y, memory::format_tag::ab);
  execute(*compiled_product(key, &y), p.output_gradient, p.input, p.result);
}

// Instruction sets are sets of bits.
bool has_instructions(dnnl::cpu_isa isa) {
  const auto available = static_cast<unsigned>(dnnl::get_effective_cpu_isa());
  return (available & static_cast<unsigned>(isa)) == static_cast<unsigned>(isa);
}

// Without vector units for it, oneDNN takes a general product of unpacked matrices, which sums in
// another order for another number of rows.
bool rows_are_independent(const OneDnnProduct& product) {
  return product.implementation.starts_with("brg");
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
    const ProductKey key{ProductKind::kPacked,
                         rows,
                         columns_,
                         depth_,
                         0,
                         precision_,
                         integers ? Write::kReplace : write};
    const memory::desc order = values_.get_desc();
    const auto product = compiled_product(key, &order);
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
  const ProductKey key{ProductKind::kPacked, kRows, y.columns, y.rows, 0, precision,
                       Write::kReplace};
  const auto product = compiled_product(key, nullptr);
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

const char* library_name() { return "oneDNN"; }

bool library_packs_in(Precision precision) {
  switch (precision) {
    case Precision::kFloat32:
      return has_instructions(dnnl::cpu_isa::avx512_core);
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

std::shared_ptr<const PackedMatrix> pack_by_library(const MatrixView& y, Precision precision) {
  return library_packs_in(precision) ? pack(y, precision) : nullptr;
}

void multiply_transposed(const TransposedProduct<float>& product) {
  run_transposed(product, Precision::kFloat32);
}

void multiply_transposed(const TransposedProduct<Bfloat16>& product) {
  run_transposed(product, Precision::kBfloat16);
}

}  // namespace weft::kernels
