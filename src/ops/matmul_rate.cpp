#include "ops/matmul_rate.h"

#include <ATen/Parallel.h>
#include <torch/types.h>
#include <torch/utils.h>

#include <algorithm>

#include "base/stopwatch.h"
#include "kernels/matmul.h"
#include "kernels/parallel.h"
#include "ops/gpu_matmul_rate.h"

namespace weft {
namespace {

constexpr int kRounds = 7;
constexpr int64_t kProductsOfATask = 16;

/// As good as any: how long a product takes does not depend on its numbers.
torch::Tensor some_numbers(at::IntArrayRef sizes) {
  auto numbers = torch::empty(sizes);
  auto* values = numbers.data_ptr<float>();
  for (int64_t i = 0; i < numbers.numel(); ++i)
    values[i] = static_cast<float>(i % 251) / 251 - 0.5F;
  return numbers;
}

/// Every thread multiplies its own rows.
std::vector<double> processor_rates(Precision precision) {
  constexpr int64_t kRows = 64, kInputs = 512, kOutputs = 1536;
  constexpr double kRoundSeconds = 0.03;
  const int64_t threads = at::get_num_threads();
  const auto x = some_numbers({threads, kRows, kInputs});
  auto out = torch::empty({threads, kRows, kOutputs});
  const kernels::PackedWeight weight(some_numbers({kOutputs, kInputs}),
                                     kernels::WeightUse::kForward, precision);
  const auto multiply = [&] {
    kernels::parallel_tasks(threads, [&](int64_t thread) {
      for (int64_t i = 0; i < kProductsOfATask; ++i) {
        weight.multiply(x.data_ptr<float>() + thread * kRows * kInputs, kRows,
                        out.data_ptr<float>() + thread * kRows * kOutputs);
      }
    });
  };
  multiply();  // compiles the product
  std::vector<double> rates;
  for (int round = 0; round < kRounds; ++round) {
    const Stopwatch watch;
    int64_t tasks = 0;
    do {
      multiply();
      tasks += threads;
    } while (watch.seconds() < kRoundSeconds);
    const auto products = static_cast<double>(tasks * kProductsOfATask);
    rates.push_back(products * 2 * kRows * kInputs * kOutputs / watch.seconds());
  }
  return rates;
}

}  // namespace

void MatmulRate::sample() {
  const auto rates = device_.is_cpu() ? processor_rates(precision_)
                                      : ops::gpu_matmul_rates(precision_, device_, kRounds);
  rates_.insert(rates_.end(), rates.begin(), rates.end());
}

double MatmulRate::flops_per_second() const {
  auto rates = rates_;
  const auto middle = rates.begin() + static_cast<std::ptrdiff_t>(rates.size() / 2);
  std::nth_element(rates.begin(), middle, rates.end());
  return *middle;
}

}  // namespace weft
