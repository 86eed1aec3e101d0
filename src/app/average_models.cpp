#include "app/average_models.h"

#include <torch/types.h>
#include <torch/utils.h>

#include <filesystem>
#include <map>
#include <utility>

#include "base/error.h"
#include "base/log.h"
#include "model/model_directory.h"
#include "model/safetensors.h"

namespace weft {
namespace {

namespace fs = std::filesystem;

/// `path`, if it is a directory, or the model directory that the file is in or below.
std::string model_of(const std::string& path) {
  if (fs::is_directory(path)) return path;
  const auto folder = fs::absolute(path).parent_path();
  for (const auto& directory : {folder, folder.parent_path()})
    if (fs::exists(directory / "config.yaml")) return directory.string();
  throw UserError({path}, "is in no model directory; expected one, or a file in one");
}

/// The parameters in a file of weights, or the averaged, otherwise the plain ones of a checkpoint.
NamedTensors parameters_of_file(const std::string& path) {
  const auto file = read_tensors(path);
  for (const std::string prefix : {"average.", "weight."}) {
    NamedTensors found;
    for (const auto& [name, tensor] : file.tensors)
      if (name.starts_with(prefix)) found[name.substr(prefix.size())] = tensor;
    if (!found.empty()) return found;
  }
  return file.tensors;
}

NamedTensors parameters_of(const std::string& path, const Vocabularies& vocabularies) {
  if (!fs::is_directory(path)) return parameters_of_file(path);
  const auto stored = load_model(path);
  if (!are_same(stored.vocabularies, vocabularies))
    throw UserError({path}, "has other vocabularies than the first model; expected the same");
  return named_parameters(*stored.model);
}

/// Adds `terms` to `sums`.
void add(const std::string& path, const NamedTensors& terms, NamedTensors& sums) {
  for (auto& [name, sum] : sums) {
    const auto term = terms.find(name);
    if (term == terms.end() || term->second.sizes() != sum.sizes())
      throw UserError({path}, "has no parameter '" + name +
                                  "' of the first model's shape; expected a model of the same "
                                  "config");
    sum.add_(term->second);
  }
  if (terms.size() != sums.size())
    throw UserError({path},
                    "has parameters that the first model has not; expected a model of the "
                    "same config");
}

void copy_aligner(const std::string& from, const std::string& to) {
  if (!fs::exists(aligner_directory(from))) return;
  std::error_code error;
  fs::copy(aligner_directory(from), aligner_directory(to), fs::copy_options::recursive, error);
  if (error)
    throw UserError({aligner_directory(to)}, "cannot be written (" + error.message() + ")");
}

}  // namespace

void average_models(const AverageTask& task) {
  if (fs::exists(fs::path(task.output) / kWeightsFile))
    throw UserError({task.output}, "has a model already; expected a new directory");
  torch::NoGradGuard no_grad;
  const auto directory = model_of(task.models.front());
  const auto first = load_model(directory);
  NamedTensors sums;
  for (const auto& [name, tensor] : named_parameters(*first.model))
    sums[name] = torch::zeros_like(tensor, torch::kFloat64);
  for (const auto& path : task.models)
    add(path, parameters_of(path, first.vocabularies), sums);
  for (auto& [name, sum] : sums)
    sum = (sum / static_cast<double>(task.models.size())).to(torch::kFloat32);
  write_model_description(task.output, first.config, first.vocabularies);
  copy_aligner(directory, task.output);
  write_weights((fs::path(task.output) / kWeightsFile).string(), sums, first.vocabularies,
                {{"averaged", std::to_string(task.models.size())}});
  log_info(task.output + ": the mean of " + std::to_string(task.models.size()) + " models, " +
           std::to_string(sums.size()) + " parameters each");
}

}  // namespace weft
