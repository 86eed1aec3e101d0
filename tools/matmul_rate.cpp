#include "matmul_rate.h"

#include <torch/types.h>
#include <torch/utils.h>

#include <algorithm>

#include "base/stopwatch.h"
#include "kernels/matmul.h"
#include "kernels/parallel.h"
#include "nn/device.h"

namespace weft {
namespace {

constexpr int64_t kRows = 64, kInputs = 512, kOutputs = 1536;
constexpr int kRounds = 7;
constexpr double kRoundSeconds = 0.03;
constexpr int64_t kProductsOfATask = 16;

}  // namespace

void MatmulRate::sample() {
  if (device_.is_cpu()) {
    sample_processor();
  } else {
    sample_gpu();
  }
}

void MatmulRate::sample_gpu() {
  constexpr int64_t kManyRows = 8192, kColumns = 4096, kProducts = 10;
  const auto type = precision_ == Precision::kBfloat16 ? torch::kBFloat16 : torch::kFloat32;
  const auto x = torch::randn({kManyRows, kColumns}, torch::dtype(type).device(device_));
  const auto weight = torch::randn({kColumns, kColumns}, x.options());
  auto out = torch::mm(x, weight);
  for (int round = 0; round < kRounds; ++round) {
    synchronize(device_);
    const Stopwatch watch;
    for (int64_t i = 0; i < kProducts; ++i) torch::mm_out(out, x, weight);
    synchronize(device_);
    rates_.push_back(static_cast<double>(kProducts * 2 * kManyRows * kColumns * kColumns) /
                     watch.seconds());
  }
}

void MatmulRate::sample_processor() {
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
