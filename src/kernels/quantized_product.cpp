#include "kernels/quantized_product.h"

#include <numeric>

#include "kernels/quantize.h"

namespace weft::kernels {

QuantizedWeight quantize_weight(const float* weight, int64_t outputs, int64_t inputs) {
  QuantizedWeight result;
  result.values.resize(static_cast<size_t>(outputs * inputs));
  for (int64_t o = 0; o < outputs; ++o) {
    int8_t* row = result.values.data() + o * inputs;
    result.scales.push_back(quantize_signed_row(weight + o * inputs, row, inputs));
    result.offsets.push_back(kInputOffset * std::accumulate(row, row + inputs, 0));
  }
  return result;
}

void multiply_integers(const float* x, MatrixSize size, const QuantizedWeight& weight, float* out,
                       Write write, const IntegerProduct& product) {
  const auto outputs = static_cast<int64_t>(weight.scales.size());
  thread_local std::vector<uint8_t> input;
  thread_local std::vector<int32_t> sums;
  thread_local std::vector<float> scales;
  input.resize(static_cast<size_t>(size.rows * size.columns));
  sums.resize(static_cast<size_t>(size.rows * outputs));
  scales.clear();
  for (int64_t n = 0; n < size.rows; ++n) {
    scales.push_back(
        quantize_input_row(x + n * size.columns, input.data() + n * size.columns, size.columns));
  }
  product(input.data(), sums.data());
  for (int64_t n = 0; n < size.rows; ++n) {
    const IntegerProductRow row{sums.data() + n * outputs, weight.offsets.data(),
                                scales[static_cast<size_t>(n)], weight.scales.data(), outputs};
    if (write == Write::kAdd) {
      dequantize_and_add_row(row, out + n * outputs);
    } else {
      dequantize_row(row, out + n * outputs);
    }
  }
}

}  // namespace weft::kernels
