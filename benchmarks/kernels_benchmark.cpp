// The kernels beside plain LibTorch at the size of a small translation model: B 64, S = T 15, H
// 512, C 1024, A 512, E 256, V 8000. OMP_NUM_THREADS sets the threads. GFLOP/s counts
// multiplications and additions of the mathematics.

#include <benchmark/benchmark.h>
#include <torch/torch.h>

#include "kernels/adam_step.h"
#include "kernels/cell_sequence.h"
#include "kernels/conditional_gru.h"
#include "kernels/frozen_weights.h"
#include "kernels/linear.h"
#include "kernels/matmul.h"
#include "kernels/memory.h"
#include "kernels/smoothed_cross_entropy.h"
#include "ops/affine.h"
#include "ops/attention.h"
#include "ops/conditional_gru.h"
#include "ops/cross_entropy.h"
#include "ops/recurrence.h"

namespace weft::kernels {
namespace {

using torch::Tensor;

constexpr int64_t kBatch = 64;
constexpr int64_t kSteps = 15;
constexpr int64_t kHidden = 512;
constexpr int64_t kAnnotationWidth = 1024;
constexpr int64_t kAttentionWidth = 512;
constexpr int64_t kReadout = 256;
constexpr int64_t kVocabulary = 8000;

Tensor parameter(torch::IntArrayRef sizes) {
  return (torch::randn(sizes) * 0.05).set_requires_grad(true);
}

void count_flops(benchmark::State& state, int64_t rows, int64_t outputs, int64_t inputs) {
  const auto flops = static_cast<double>(2 * rows * outputs * inputs);
  state.counters["GFLOP/s"] =
      benchmark::Counter(flops / 1e9, benchmark::Counter::kIsIterationInvariantRate);
}

// Precisions that the processor lacks are reported as errors of their own.
bool is_missing(benchmark::State& state, Precision precision) {
  if (has_products_in(precision)) return false;
  state.SkipWithError("this processor has no products in this precision");
  return true;
}

// Arguments: rows, outputs, inputs.
void packed_product(benchmark::State& state, Precision precision) {
  if (is_missing(state, precision)) return;
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
  if (is_missing(state, precision)) return;
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
  if (is_missing(state, precision)) return;
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

void gru_training(benchmark::State& state, Precision precision) {
  if (is_missing(state, precision)) return;
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
    ops::gru_sequence(plain_operations(), {{in.gates, in.initial, in.weight, in.bias, in.mask}})
        .sum()
        .backward();
  }
  count_flops(state, 3 * kBatch * kSteps, 3 * kHidden, kHidden);
}

struct DecoderInputs {
  ConditionalGruInputs in{
      torch::randn({kBatch, kSteps, 3 * kHidden}).set_requires_grad(true),
      parameter({kBatch, kHidden}),
      parameter({3 * kHidden, kHidden}),
      parameter({3 * kHidden}),
      parameter({kAttentionWidth, kHidden}),
      parameter({kBatch, kSteps, kAttentionWidth}),
      parameter({kAttentionWidth}),
      parameter({kBatch, kSteps, kAnnotationWidth}),
      torch::ones({kBatch, kSteps}, torch::kBool),
      parameter({3 * kHidden, kAnnotationWidth}),
      parameter({3 * kHidden}),
      parameter({3 * kHidden, kHidden}),
      parameter({3 * kHidden}),
  };
};

// Three products for every weight: the state, its gradient and the weight's.
void count_decoder_flops(benchmark::State& state) {
  count_flops(state, 3 * kBatch * kSteps, 1,
              3 * kHidden * (2 * kHidden + kAnnotationWidth) + kAttentionWidth * kHidden);
}

void decoder_training(benchmark::State& state, Precision precision) {
  if (is_missing(state, precision)) return;
  const DecoderInputs d;
  for (auto _ : state) {
    const auto out = conditional_gru_sequence(d.in, precision);
    (out.states.sum() + out.contexts.sum()).backward();
  }
  count_decoder_flops(state);
}

void plain_decoder_training(benchmark::State& state) {
  const DecoderInputs d;
  for (auto _ : state) {
    const auto out = ops::conditional_gru(plain_operations(), d.in);
    (out.states.sum() + out.contexts.sum()).backward();
  }
  count_decoder_flops(state);
}

struct OutputInputs {
  OutputLayer layer{torch::randn({kBatch * kSteps, kReadout}).set_requires_grad(true),
                    parameter({kVocabulary, kReadout}), parameter({kVocabulary}),
                    torch::randint(0, kVocabulary, {kBatch * kSteps}, torch::kInt64)};
};

void output_training(benchmark::State& state, Precision precision) {
  if (is_missing(state, precision)) return;
  const OutputInputs inputs;
  for (auto _ : state) smoothed_cross_entropy(inputs.layer, 0.1, precision).loss.backward();
  count_flops(state, 3 * kBatch * kSteps, kVocabulary, kReadout);
}

void plain_output_training(benchmark::State& state) {
  const OutputInputs inputs;
  for (auto _ : state) ops::cross_entropy(plain_operations(), {inputs.layer, 0.1}).loss.backward();
  count_flops(state, 3 * kBatch * kSteps, kVocabulary, kReadout);
}

// One step of the first cell and the attention; arguments: sentences, beam size.
struct SearchInputs {
  int64_t rows;
  ops::CellStep cell;
  Tensor query_weight = torch::randn({kAttentionWidth, kHidden}) * 0.05;
  ops::AttentionStep attention;
  explicit SearchInputs(const benchmark::State& state)
      : rows(state.range(0) * state.range(1)),
        cell{torch::randn({rows, 3 * kHidden}), torch::randn({rows, kHidden}),
             torch::randn({3 * kHidden, kHidden}) * 0.05, torch::randn({3 * kHidden})},
        attention{{torch::Tensor(), torch::randn({state.range(0), kSteps, kAttentionWidth}),
                   torch::randn({kAttentionWidth}),
                   torch::randn({state.range(0), kSteps, kAnnotationWidth}),
                   torch::ones({state.range(0), kSteps}, torch::kBool),
                   torch::arange(rows, torch::kInt64).remainder(state.range(0))}} {}
};

void take_step(const SearchInputs& in, const ComputeContext& compute) {
  auto attention = in.attention;
  attention.query = ops::affine(compute, {ops::gru_step(compute, in.cell), in.query_weight, {}});
  benchmark::DoNotOptimize(ops::attend(compute, attention));
}

void search(benchmark::State& state, Precision precision) {
  if (is_missing(state, precision)) return;
  const torch::NoGradGuard no_gradient;
  const SearchInputs in(state);
  FrozenWeights frozen;
  for (auto _ : state) take_step(in, {precision, &frozen});
}

void plain_search(benchmark::State& state) {
  const torch::NoGradGuard no_gradient;
  const SearchInputs in(state);
  for (auto _ : state) take_step(in, plain_operations());
}

void adam(benchmark::State& state) {
  const auto tensor = [] { return torch::randn({10000, 1000}); };
  const std::vector<AdamTensors> tensors{{tensor(), tensor(), tensor(), tensor().abs(), {}}};
  AdamCoefficients coefficients;
  coefficients.step_size = 1e-3;
  for (auto _ : state) {
    coefficients.gradient_scale = 1 / (1 + gradient_norm({tensors[0].gradient}));
    adam_step(tensors, coefficients);
  }
}

void plain_adam(benchmark::State& state) {
  Tensor parameter = torch::randn({10000, 1000}).set_requires_grad(true);
  parameter.mutable_grad() = torch::randn({10000, 1000});
  torch::optim::Adam optimizer({parameter}, torch::optim::AdamOptions(1e-3));
  for (auto _ : state) {
    torch::nn::utils::clip_grad_norm_({parameter}, 1.0);
    optimizer.step();
  }
}

void sizes(benchmark::internal::Benchmark* run) {
  for (const int64_t rows : {1, 5, 16, 32, 64, 960}) run->Args({rows, 3 * kHidden, kHidden});
  run->Args({960, 8000, 256})->UseRealTime()->Unit(benchmark::kMicrosecond);
}

void large_sizes(benchmark::internal::Benchmark* run) {
  run->Args({960, 3 * kHidden, kHidden})->Args({960, 8000, 256});
  run->UseRealTime()->Unit(benchmark::kMicrosecond);
}

void beams(benchmark::internal::Benchmark* run) {
  run->Args({1, 1})->Args({1, 5})->Args({64, 5})->UseRealTime()->Unit(benchmark::kMicrosecond);
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
BENCHMARK(plain_decoder_training)->Apply(whole);
BENCHMARK_CAPTURE(decoder_training, float32, kFloat32)->Apply(whole);
BENCHMARK_CAPTURE(decoder_training, bfloat16, kBfloat16)->Apply(whole);
BENCHMARK(plain_output_training)->Apply(whole);
BENCHMARK_CAPTURE(output_training, float32, kFloat32)->Apply(whole);
BENCHMARK_CAPTURE(output_training, bfloat16, kBfloat16)->Apply(whole);
BENCHMARK(plain_search)->Apply(beams);
BENCHMARK_CAPTURE(search, float32, kFloat32)->Apply(beams);
BENCHMARK_CAPTURE(search, bfloat16, kBfloat16)->Apply(beams);
BENCHMARK(plain_adam)->Apply(whole);
BENCHMARK(adam)->Apply(whole);

}  // namespace
}  // namespace weft::kernels

int main(int argc, char** argv) {
  weft::kernels::keep_freed_memory();
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
}
