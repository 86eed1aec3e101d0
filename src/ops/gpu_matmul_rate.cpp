#include "ops/gpu_matmul_rate.h"

#include <torch/cuda.h>
#include <torch/types.h>
#include <torch/utils.h>

#include "base/stopwatch.h"

namespace weft::ops {

std::vector<double> gpu_matmul_rates(Precision precision, const torch::Device& device, int rounds) {
  constexpr int64_t kRows = 8192, kColumns = 4096, kProducts = 10;
  const auto type = precision == Precision::kBfloat16 ? torch::kBFloat16 : torch::kFloat32;
  const auto x = torch::randn({kRows, kColumns}, torch::dtype(type).device(device));
  const auto weight = torch::randn({kColumns, kColumns}, x.options());
  auto out = torch::mm(x, weight);
  std::vector<double> rates;
  for (int round = 0; round < rounds; ++round) {
    torch::cuda::synchronize(device.index());
    const Stopwatch watch;
    for (int64_t i = 0; i < kProducts; ++i) torch::mm_out(out, x, weight);
    torch::cuda::synchronize(device.index());
    rates.push_back(static_cast<double>(kProducts * 2 * kRows * kColumns * kColumns) /
                    watch.seconds());
  }
  return rates;
}

}  // namespace weft::ops
