#pragma once
// Tests that need a GPU.

#include <gtest/gtest.h>
#include <torch/cuda.h>
#include <torch/types.h>

#include <vector>

#include "config/config_reader.h"
#include "config/presets.h"
#include "model/tiny_model.h"
#include "nn/device.h"

namespace weft {

/// `Base` is ::testing::Test or a TestWithParam.
template <class Base>
class GpuFixture : public Base {
 protected:
  void SetUp() override {
    if (!torch::cuda::is_available())
      GTEST_SKIP() << "this machine has no GPU that LibTorch can use";
    gpu_ = resolved(DeviceChoice{DeviceChoice::Kind::kCuda});
  }

  torch::Device gpu_ = torch::kCPU;
};

/// ‖a - b‖ / ‖b‖ of tensors on any devices; NaN, which no comparison passes, if either has one.
inline double relative_distance(const torch::Tensor& a, const torch::Tensor& b) {
  const auto x = a.detach().to(torch::kCPU, torch::kFloat64);
  const auto y = b.detach().to(torch::kCPU, torch::kFloat64);
  TORCH_CHECK(x.sizes() == y.sizes(), x.sizes(), " and ", y.sizes());
  const double difference = (x - y).norm().item<double>(), size = y.norm().item<double>();
  return difference == 0 ? 0 : difference / size;
}

inline constexpr int64_t kWords = 50;  // of both vocabularies of the models below

/// The presets that read one text.
inline std::vector<const char*> text_presets() {
  std::vector<const char*> presets;
  for (const char* preset : kPresets) {
    if (read_config(preset_path(preset)).data.source_kind ==
        std::vector<SourceKind>{SourceKind::kText})
      presets.push_back(preset);
  }
  return presets;
}

/// A preset's model without dropout, in evaluation mode, on the processor; the same for the same
/// seed. Weights are larger than training begins with, so that words differ in probability.
inline TranslationModel preset_model(const std::string& preset, uint64_t seed = 1,
                                     double larger = 1.5) {
  auto options = read_config(preset_path(preset)).model;
  options.dropout = {0, 0, 0, 0, 0};
  torch::manual_seed(seed);
  TranslationModel model(options, VocabularySizes{{{kWords}}, kWords});
  model->initialize();
  const torch::NoGradGuard no_grad;
  for (auto& parameter : model->parameters()) parameter.mul_(larger);
  model->eval();
  return model;
}

/// Sentences of 1 to 12 words on both sides.
inline Batch random_pairs(int count, uint64_t seed = 1) {
  torch::manual_seed(seed);
  const auto sentence = [] {
    const auto length = torch::randint(1, 13, {1}).item<int64_t>();
    const auto words = torch::randint(4, kWords, {length});
    return std::vector<int64_t>(words.data_ptr<int64_t>(), words.data_ptr<int64_t>() + length);
  };
  std::vector<TinyPair> pairs;
  for (int i = 0; i < count; ++i) pairs.emplace_back(sentence(), sentence());
  auto batch = tiny_batch(pairs);
  batch.sources[0].factors.clear();
  batch.sources.resize(1);
  for (int i = 0; i < count; ++i) batch.pairs.push_back(i);
  return batch;
}

/// The same model on another device.
inline TranslationModel copy_on(const torch::Device& device, const std::string& preset,
                                uint64_t seed = 1, double larger = 1.5) {
  auto model = preset_model(preset, seed, larger);
  model->to(device);
  return model;
}

/// As the name of a test.
inline std::string test_name(std::string preset) {
  for (char& c : preset) c = c == '-' ? '_' : c;
  return preset;
}

}  // namespace weft
