// The kernels beside plain LibTorch at the size of a small translation model: B 64, S = T 15, H
// 512, C 1024, A 512, E 256, V 8000. OMP_NUM_THREADS sets the threads. GFLOP/s counts
// multiplications and additions of the mathematics.

#include <benchmark/benchmark.h>
#include <torch/torch.h>

#include "kernels/gru_sequence.h"
#include "kernels/linear.h"
#include "kernels/matmul.h"

namespace weft::kernels {
namespace {

using torch::Tensor;

constexpr int64_t kBatch = 64;
constexpr int64_t kSteps = 15;
constexpr int64_t kHidden = 512;

Tensor parameter(torch::IntArrayRef sizes) {
  return (torch::randn(sizes) * 0.05).set_requires_grad(true);
}

void count_flops(benchmark::State& state, int64_t rows, int64_t outputs, int64_t inputs) {
  const auto flops = static_cast<double>(2 * rows * outputs * inputs);
  state.counters["GFLOP/s"] =
      benchmark::Counter(flops / 1e9, benchmark::Counter::kIsIterationInvariantRate);
}

// Arguments: rows, outputs, inputs.
void packed_product(benchmark::State& state, Precision precision) {
  const Tensor x = torch::randn({state.range(0), state.range(2)});
  const PackedWeight weight(torch::randn({state.range(1), state.range(2)}), WeightUse::kForward,
                            precision);
  Tensor out = torch::empty({state.range(0), state.range(1)});
  for (auto _ : state) {
    weight.multiply_all(x.data_ptr<float>(), state.range(0), out.data_ptr<float>());
  }
  count_flops(state, state.range(0), state.range(1), state.range(2));
}

void plain_product(benchmark::State& state) {
  const torch::NoGradGuard no_gradient;
  const Tensor x = torch::randn({state.range(0), state.range(2)});
  const Tensor weight = torch::randn({state.range(1), state.range(2)});
  for (auto _ : state) benchmark::DoNotOptimize(torch::linear(x, weight));
  count_flops(state, state.range(0), state.range(1), state.range(2));
}

void weight_gradient(benchmark::State& state, Precision precision) {
  const Tensor dy = torch::randn({state.range(0), state.range(1)});
  const Tensor x = torch::randn({state.range(0), state.range(2)});
  Tensor dw = torch::empty({state.range(1), state.range(2)});
  for (auto _ : state) {
    compute_weight_gradient({dy.data_ptr<float>(), state.range(1), x.data_ptr<float>(),
                             state.range(0), state.range(1), state.range(2), dw.data_ptr<float>()},
                            precision);
  }
  count_flops(state, state.range(0), state.range(1), state.range(2));
}

void pack(benchmark::State& state, WeightUse use, Precision precision) {
  const Tensor weight = torch::randn({3 * kHidden, kHidden});
  for (auto _ : state) benchmark::DoNotOptimize(PackedWeight(weight, use, precision));
}

struct GruInputs {
  Tensor gates = torch::randn({kBatch, kSteps, 3 * kHidden}).set_requires_grad(true);
  Tensor initial = parameter({kBatch, kHidden});
  Tensor weight = parameter({3 * kHidden, kHidden});
  Tensor bias = parameter({3 * kHidden});
  Tensor mask = torch::ones({kBatch, kSteps}, torch::kBool);
};

Tensor plain_gru_step(const Tensor& gates, const Tensor& state, const Tensor& weight,
                      const Tensor& bias) {
  const auto x = gates.chunk(3, 1);
  const auto u = torch::linear(state, weight, bias).chunk(3, 1);
  const Tensor r = torch::sigmoid(x[0] + u[0]);
  const Tensor z = torch::sigmoid(x[1] + u[1]);
  const Tensor n = torch::tanh(x[2] + r * u[2]);
  return n + z * (state - n);
}

void gru_training(benchmark::State& state, Precision precision) {
  const GruInputs in;
  for (auto _ : state) {
    gru_sequence({in.gates, in.initial, in.weight, in.bias, in.mask}, Direction::kForward,
                 precision)
        .sum()
        .backward();
  }
  count_flops(state, 3 * kBatch * kSteps, 3 * kHidden, kHidden);
}

void plain_gru_training(benchmark::State& state) {
  const GruInputs in;
  for (auto _ : state) {
    Tensor hidden = in.initial;
    std::vector<Tensor> states;
    for (int64_t t = 0; t < kSteps; ++t) {
      hidden = plain_gru_step(in.gates.select(1, t), hidden, in.weight, in.bias);
      states.push_back(hidden);
    }
    torch::stack(states, 1).sum().backward();
  }
  count_flops(state, 3 * kBatch * kSteps, 3 * kHidden, kHidden);
}

void sizes(benchmark::internal::Benchmark* run) {
  for (const int64_t rows : {1, 5, 16, 64, 960}) run->Args({rows, 3 * kHidden, kHidden});
  run->Args({960, 8000, 256})->UseRealTime()->Unit(benchmark::kMicrosecond);
}

void large_sizes(benchmark::internal::Benchmark* run) {
  run->Args({960, 3 * kHidden, kHidden})->Args({960, 8000, 256});
  run->UseRealTime()->Unit(benchmark::kMicrosecond);
}

void whole(benchmark::internal::Benchmark* run) {
  run->UseRealTime()->Unit(benchmark::kMillisecond);
}

constexpr auto kFloat32 = Precision::kFloat32;
constexpr auto kBfloat16 = Precision::kBfloat16;

BENCHMARK(plain_product)->Apply(sizes);
BENCHMARK_CAPTURE(packed_product, float32, kFloat32)->Apply(sizes);
BENCHMARK_CAPTURE(packed_product, bfloat16, kBfloat16)->Apply(sizes);
BENCHMARK_CAPTURE(weight_gradient, float32, kFloat32)->Apply(large_sizes);
BENCHMARK_CAPTURE(weight_gradient, bfloat16, kBfloat16)->Apply(large_sizes);
BENCHMARK_CAPTURE(pack, forward_float32, WeightUse::kForward, kFloat32)->Apply(whole);
BENCHMARK_CAPTURE(pack, forward_bfloat16, WeightUse::kForward, kBfloat16)->Apply(whole);
BENCHMARK_CAPTURE(pack, backward_float32, WeightUse::kBackward, kFloat32)->Apply(whole);
BENCHMARK_CAPTURE(pack, backward_bfloat16, WeightUse::kBackward, kBfloat16)->Apply(whole);
BENCHMARK(plain_gru_training)->Apply(whole);
BENCHMARK_CAPTURE(gru_training, float32, kFloat32)->Apply(whole);
BENCHMARK_CAPTURE(gru_training, bfloat16, kBfloat16)->Apply(whole);

}  // namespace
}  // namespace weft::kernels
