#include "matmul_rate.h"

#include <torch/types.h>
#include <torch/utils.h>

#include <algorithm>

#include "base/stopwatch.h"
#include "kernels/matmul.h"
#include "kernels/parallel.h"

namespace weft {
namespace {

constexpr int64_t kRows = 64, kInputs = 512, kOutputs = 1536;
constexpr int kRounds = 7;
constexpr double kRoundSeconds = 0.03;
constexpr int64_t kProductsOfATask = 16;

}  // namespace

void MatmulRate::sample() {
  const int64_t threads = at::get_num_threads();
  const auto x = torch::randn({threads, kRows, kInputs});
  auto out = torch::empty({threads, kRows, kOutputs});
  const kernels::PackedWeight weight(torch::randn({kOutputs, kInputs}),
                                     kernels::WeightUse::kForward, precision_);
  const auto multiply = [&] {
    kernels::parallel_tasks(threads, [&](int64_t thread) {
      for (int64_t i = 0; i < kProductsOfATask; ++i) {
        weight.multiply(x.data_ptr<float>() + thread * kRows * kInputs, kRows,
                        out.data_ptr<float>() + thread * kRows * kOutputs);
      }
    });
  };
  multiply();  // compiles the product
  for (int round = 0; round < kRounds; ++round) {
    const Stopwatch watch;
    int64_t tasks = 0;
    do {
      multiply();
      tasks += threads;
    } while (watch.seconds() < kRoundSeconds);
    const auto products = static_cast<double>(tasks * kProductsOfATask);
    rates_.push_back(products * 2 * kRows * kInputs * kOutputs / watch.seconds());
  }
}

double MatmulRate::flops_per_second() const {
  auto rates = rates_;
  const auto middle = rates.begin() + static_cast<std::ptrdiff_t>(rates.size() / 2);
  std::nth_element(rates.begin(), middle, rates.end());
  return *middle;
}

}  // namespace weft
