// The kernels beside plain LibTorch at the size of a small translation model: B 64, S = T 15, H
// 512, C 1024, A 512, E 256, V 8000. OMP_NUM_THREADS sets the threads. GFLOP/s counts
// multiplications and additions of the mathematics.

#include <benchmark/benchmark.h>
#include <torch/torch.h>

#include "kernels/adam_step.h"
#include "kernels/conditional_gru.h"
#include "kernels/frozen_weights.h"
#include "kernels/gru_sequence.h"
#include "kernels/linear.h"
#include "kernels/matmul.h"
#include "kernels/memory.h"
#include "kernels/search_step.h"
#include "kernels/smoothed_cross_entropy.h"

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
  const auto& in = d.in;
  for (auto _ : state) {
    Tensor hidden = in.initial;
    std::vector<Tensor> states;
    std::vector<Tensor> contexts;
    for (int64_t t = 0; t < kSteps; ++t) {
      const Tensor between =
          plain_gru_step(in.input_gates.select(1, t), hidden, in.weight_hh, in.bias_hh);
      const Tensor query = torch::linear(between, in.query_weight).unsqueeze(1);
      const Tensor energies = torch::tanh(query + in.keys).matmul(in.energy);
      const Tensor weights = torch::softmax(energies.masked_fill(~in.mask, -1e30), 1);
      const Tensor context = weights.unsqueeze(1).bmm(in.annotations).squeeze(1);
      const Tensor gates = torch::linear(context, in.context_weight_ih, in.context_bias_ih);
      hidden = plain_gru_step(gates, between, in.context_weight_hh, in.context_bias_hh);
      states.push_back(hidden);
      contexts.push_back(context);
    }
    (torch::stack(states, 1).sum() + torch::stack(contexts, 1).sum()).backward();
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
  const auto& layer = inputs.layer;
  for (auto _ : state) {
    const Tensor log_p =
        torch::log_softmax(torch::linear(layer.readout, layer.weight, layer.bias), 1);
    const Tensor nll = -log_p.gather(1, layer.targets.unsqueeze(1)).sum();
    (nll * 0.9 - log_p.mean(1).sum() * 0.1).backward();
  }
  count_flops(state, 3 * kBatch * kSteps, kVocabulary, kReadout);
}

// One step of the first cell and the attention; arguments: sentences, beam size.
struct SearchInputs {
  int64_t rows;
  CellStep cell;
  Tensor query_weight = torch::randn({kAttentionWidth, kHidden}) * 0.05;
  AttentionStep attention;
  explicit SearchInputs(const benchmark::State& state)
      : rows(state.range(0) * state.range(1)),
        cell{torch::randn({rows, 3 * kHidden}), torch::randn({rows, kHidden}),
             torch::randn({3 * kHidden, kHidden}) * 0.05, torch::randn({3 * kHidden})},
        attention{torch::Tensor(), torch::randn({state.range(0), kSteps, kAttentionWidth}),
                  torch::randn({kAttentionWidth}),
                  torch::randn({state.range(0), kSteps, kAnnotationWidth}),
                  torch::ones({state.range(0), kSteps}, torch::kBool)} {}
};

void search(benchmark::State& state, Precision precision) {
  if (is_missing(state, precision)) return;
  const torch::NoGradGuard no_gradient;
  const SearchInputs in(state);
  FrozenWeights frozen;
  const FrozenWeightsGuard guard(frozen);
  for (auto _ : state) {
    AttentionStep attention = in.attention;
    attention.query = linear(gru_step(in.cell, precision), in.query_weight, {}, precision);
    benchmark::DoNotOptimize(attention_step(attention));
  }
}

void plain_search(benchmark::State& state) {
  const torch::NoGradGuard no_gradient;
  const SearchInputs in(state);
  const auto& attention = in.attention;
  for (auto _ : state) {
    const Tensor next =
        plain_gru_step(in.cell.input_gates, in.cell.state, in.cell.weight_hh, in.cell.bias_hh);
    const Tensor query =
        torch::linear(next, in.query_weight).view({state.range(0), -1, 1, kAttentionWidth});
    const Tensor energies =
        torch::tanh(query + attention.keys.unsqueeze(1)).matmul(attention.energy);
    const Tensor masked = energies.masked_fill(attention.mask.logical_not().unsqueeze(1), -1e30);
    benchmark::DoNotOptimize(torch::bmm(torch::softmax(masked, 2), attention.annotations));
  }
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
