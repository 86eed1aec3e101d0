#include "app/inspect_model.h"

#include <torch/types.h>
#include <torch/utils.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>

#include "config/enum_names.h"
#include "model/model_directory.h"
#include "model/safetensors.h"

namespace weft {
namespace {

namespace fs = std::filesystem;

std::string shape_of(const torch::Tensor& tensor) {
  std::string text;
  for (const int64_t size : tensor.sizes())
    text += (text.empty() ? "" : " x ") + std::to_string(size);
  return text.empty() ? "1" : text;
}

void print_vocabularies(const Vocabularies& vocabularies, std::ostream& out) {
  const auto print = [&](const std::string& side, const Vocabulary& vocabulary) {
    out << side << ": " << vocabulary.size() << " tokens ("
        << (vocabulary.file_ending() == ".spm" ? "SentencePiece" : "words") << ")\n";
  };
  const auto& sources = vocabularies.sources;
  for (std::size_t k = 0; k < sources.size(); ++k) {
    std::string number;
    if (sources.size() > 1) number.append(" ").append(std::to_string(k + 1));
    print("source" + number, *sources[k].vocabulary);
    for (const auto& factor : sources[k].factors.vocabularies)
      print("factor of source" + number, *factor);
  }
  if (vocabularies.is_shared()) {
    out << "target: the same\n";
  } else {
    print("target", *vocabularies.target);
  }
}

void print_model(const Config& config, std::ostream& out) {
  const auto& model = config.model;
  out << "encoder: " << to_name(model.encoder.type) << ", " << model.encoder.layers << " of "
      << to_name(model.encoder.cell) << ", " << model.encoder.hidden << " units\n"
      << "attention: " << to_name(model.attention.score) << ", " << model.attention.heads
      << " heads\n"
      << "decoder: " << model.decoder.layers << " of " << to_name(model.decoder.cell) << ", "
      << model.decoder.hidden << " units\n"
      << "alignment head: "
      << (model.alignment_head.width > 0 ? std::to_string(model.alignment_head.width) + " units"
                                         : "none")
      << '\n';
}

void print_parameters(const NamedTensors& parameters, std::ostream& out) {
  std::size_t widest = 0;
  int64_t total = 0;
  for (const auto& [name, tensor] : parameters) {
    widest = std::max(widest, name.size());
    total += tensor.numel();
  }
  out << "parameters: " << parameters.size() << " of " << total << " weights\n";
  for (const auto& [name, tensor] : parameters) {
    const auto values = tensor.to(torch::kFloat64);
    const double mean = values.mean().item<double>();
    const double deviation = (values - mean).square().mean().sqrt().item<double>();
    char numbers[96];
    std::snprintf(numbers, sizeof numbers, "%12lld  mean %10.3g  deviation %9.3g  ",
                  static_cast<long long>(tensor.numel()), mean, deviation);
    out << "  " << name << std::string(widest - name.size(), ' ') << numbers << shape_of(tensor)
        << '\n';
  }
}

}  // namespace

void inspect_model(const std::string& directory, std::ostream& out) {
  torch::NoGradGuard no_grad;
  const auto stored = load_model(directory);
  out << directory << '\n';
  const auto weights = read_tensors((fs::path(directory) / kWeightsFile).string());
  for (const auto& [key, value] : weights.metadata) out << key << ": " << value << '\n';
  print_vocabularies(stored.vocabularies, out);
  print_model(stored.config, out);
  out << "word aligner: " << (fs::exists(aligner_directory(directory)) ? "kept" : "none") << '\n';
  print_parameters(named_parameters(*stored.model), out);
}

}  // namespace weft
