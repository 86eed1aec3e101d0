#include "model/model_directory.h"

#include <torch/torch.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <set>
#include <sstream>

#include "base/atomic_file.h"
#include "base/error.h"
#include "base/version.h"
#include "config/config_reader.h"
#include "config/dump.h"
#include "model/safetensors.h"
#include "model/vocabulary_fingerprint.h"

namespace weft {
namespace {

namespace fs = std::filesystem;

std::string in(const std::string& directory, const std::string& name) {
  return (fs::path(directory) / name).string();
}

constexpr const char* kVersionKey = "weft_format";
constexpr const char* kVocabulariesKey = "vocabularies";

void check_version(const std::string& path, const TensorFile& file) {
  const auto found = file.metadata.find(kVersionKey);
  if (found == file.metadata.end()) {
    throw UserError(
        {path}, std::string("was not written by Weft: its metadata has no '") + kVersionKey + "'");
  }
  const int version = std::atoi(found->second.c_str());
  if (version < 1 || version > kModelFormatVersion) {
    throw UserError({path}, "has format version " + found->second +
                                "; this program reads versions up to " +
                                std::to_string(kModelFormatVersion) + ". A newer Weft is needed");
  }
}

std::string shape_text(const torch::Tensor& tensor) {
  std::ostringstream out;
  out << tensor.sizes();
  return out.str();
}

/// Copies the stored parameters into the model; names and shapes must be exactly the model's.
void adopt_weights(const std::string& path, const TensorFile& file, TranslationModelImpl& model) {
  Problems problems;
  auto parameters = named_parameters(model);
  for (auto& [name, parameter] : parameters) {
    const auto stored = file.tensors.find(name);
    if (stored == file.tensors.end()) {
      problems.add({path}, "has no tensor '" + name + "', which config.yaml calls for");
    } else if (stored->second.scalar_type() != parameter.scalar_type()) {
      problems.add({path}, "tensor '" + name + "' does not hold float32 numbers");
    } else if (stored->second.sizes() != parameter.sizes()) {
      problems.add({path}, "tensor '" + name + "' has shape " + shape_text(stored->second) +
                               "; config.yaml and the vocabularies expect " +
                               shape_text(parameter));
    } else {
      parameter.set_data(stored->second);
    }
  }
  for (const auto& [name, tensor] : file.tensors) {
    if (!parameters.count(name))
      problems.add({path}, "has a tensor '" + name + "', which the model does not");
  }
  problems.throw_if_any();
}

constexpr const char* kVocabularyEndings[] = {".spm", ".words"};

/// The one vocabulary file whose name starts with `side`, or "".
std::string vocabulary_file(const std::string& directory, const std::string& side) {
  for (const char* ending : kVocabularyEndings) {
    const auto path = in(directory, side + ending);
    if (fs::exists(path)) return path;
  }
  return "";
}

std::shared_ptr<Vocabulary> required_vocabulary(const std::string& directory,
                                                const std::string& side) {
  const auto path = vocabulary_file(directory, side);
  if (path.empty()) {
    throw UserError({directory}, "is not a complete model directory: " + side + ".spm or " + side +
                                     ".words is missing");
  }
  return load_vocabulary(path);
}

/// The name of the vocabulary of factor number `k`, from 0, without its ending.
std::string factor_name(std::size_t k) { return "factor" + std::to_string(k + 1); }

/// The same for source number `k` of those after the first.
std::string further_name(std::size_t k) { return "source" + std::to_string(k + 2); }

/// All that are there with these names.
std::vector<std::shared_ptr<Vocabulary>> read_numbered(const std::string& directory,
                                                       std::string (*name)(std::size_t)) {
  std::vector<std::shared_ptr<Vocabulary>> vocabularies;
  for (;;) {
    const auto path = vocabulary_file(directory, name(vocabularies.size()));
    if (path.empty()) return vocabularies;
    vocabularies.push_back(load_vocabulary(path));
  }
}

SourceFactors read_factors(const std::string& directory) {
  SourceFactors factors;
  factors.vocabularies = read_numbered(directory, factor_name);
  if (!factors.vocabularies.empty())
    factors.separator = read_model_config(directory).data.factor_separator;
  return factors;
}

/// Removes the vocabularies of an earlier run in the same directory: they would be taken for this
/// one's.
void remove_other_vocabularies(const std::string& directory, const std::set<std::string>& kept) {
  const auto remove = [&](const std::string& side) {
    bool removed = false;
    for (const char* ending : kVocabularyEndings) {
      const auto name = side + ending;
      std::error_code error;
      if (!kept.count(name)) removed |= fs::remove(in(directory, name), error);
      if (error)
        throw UserError({in(directory, name)}, "cannot be removed (" + error.message() + ")");
    }
    return removed;
  };
  for (const char* side : {"shared", "source", "target"}) remove(side);
  for (const auto name : {factor_name, further_name}) {
    std::size_t k = 0;
    const auto is_kept = [&](const char* ending) { return kept.count(name(k) + ending) > 0; };
    while (std::any_of(std::begin(kVocabularyEndings), std::end(kVocabularyEndings), is_kept))
      remove(name(k++));  // of the other ending
    while (remove(name(k))) ++k;
  }
}

void check_sharing(const std::string& directory, const StoredModel& stored) {
  const bool shared = stored.vocabularies.source == stored.vocabularies.target;
  if (shared == stored.config.vocabulary.shared) return;
  throw UserError({directory},
                  std::string("has ") + (shared ? "a shared vocabulary" : "two vocabularies") +
                      "; vocabulary.shared is " + (shared ? "false" : "true") + " in config.yaml");
}

void check_factors_and_sources(const std::string& directory, const StoredModel& stored) {
  const auto check = [&](std::size_t found, std::size_t expected, const std::string& what,
                         const std::string& key) {
    if (found == expected) return;
    throw UserError({directory}, "has vocabularies of " + std::to_string(found) + what + "; " +
                                     key + " in config.yaml expects " + std::to_string(expected));
  };
  check(stored.vocabularies.factors.vocabularies.size(),
        stored.config.model.embedding.factors.size(), " factors (factor1.words ...)",
        "model.embedding.factors");
  check(stored.vocabularies.further.size(), stored.config.vocabulary.further_sizes.size(),
        " further sources (source2.spm or source2.words ...)", "vocabulary.further_sizes");
}

void check_fingerprint(const std::string& path, const TensorFile& file,
                       const Vocabularies& vocabularies) {
  const auto found = file.metadata.find(kVocabulariesKey);
  if (found == file.metadata.end() || found->second == vocabulary_fingerprint(vocabularies)) return;
  throw UserError({path},
                  "was trained with other vocabularies than those that lie beside it; expected "
                  "those of the same training");
}

}  // namespace

TranslationModel make_model(const ModelOptions& options, const Vocabularies& vocabularies) {
  const auto sizes = [](const std::vector<std::shared_ptr<Vocabulary>>& several) {
    std::vector<int64_t> all;
    for (const auto& vocabulary : several) all.push_back(vocabulary->size());
    return all;
  };
  try {
    return TranslationModel(options, vocabularies.source->size(), vocabularies.target->size(),
                            sizes(vocabularies.factors.vocabularies), sizes(vocabularies.further));
  } catch (const c10::Error& error) {
    if (std::string(error.what()).find("can't allocate memory") == std::string::npos) throw;
    throw UserError(
        "model: its weights do not fit into memory; expected smaller widths, fewer layers or "
        "smaller "
        "vocabularies");
  }
}

NamedTensors named_parameters(const TranslationModelImpl& model) {
  NamedTensors tensors;
  for (const auto& item : model.named_parameters()) tensors[item.key()] = item.value();
  return tensors;
}

void write_model_description(const std::string& directory, const Config& config,
                             const Vocabularies& vocabularies) {
  std::error_code error;
  fs::create_directories(directory, error);
  if (error) throw UserError({directory}, "cannot be made (" + error.message() + ")");
  write_file_atomically(in(directory, "config.yaml"), dump_config(config));
  write_file_atomically(in(directory, "README"), std::string("A translation model of Weft ") +
                                                     version() +
                                                     ". Use: weft translate -m THIS_DIRECTORY\n");
  const bool shared = vocabularies.source == vocabularies.target;
  std::set<std::string> written;
  const auto store = [&](const std::string& side, const Vocabulary& vocabulary) {
    const auto name = side + std::string(vocabulary.file_ending());
    write_file_atomically(in(directory, name), vocabulary.serialized());
    written.insert(name);
  };
  store(shared ? "shared" : "source", *vocabularies.source);
  if (!shared) store("target", *vocabularies.target);
  const auto& factors = vocabularies.factors.vocabularies;
  for (std::size_t k = 0; k < factors.size(); ++k) store(factor_name(k), *factors[k]);
  for (std::size_t k = 0; k < vocabularies.further.size(); ++k)
    store(further_name(k), *vocabularies.further[k]);
  remove_other_vocabularies(directory, written);
}

void write_weights(const std::string& path, const NamedTensors& weights,
                   const Vocabularies& vocabularies,
                   const std::map<std::string, std::string>& metadata) {
  TensorFile file{weights, metadata};
  file.metadata[kVersionKey] = std::to_string(kModelFormatVersion);
  file.metadata[kVocabulariesKey] = vocabulary_fingerprint(vocabularies);
  write_tensors(path, file);
}

Config read_model_config(const std::string& directory) {
  if (!fs::is_directory(directory)) {
    throw UserError({directory}, "is not a model directory (there is no such directory)");
  }
  return read_config(in(directory, "config.yaml"), {});
}

Vocabularies read_model_vocabularies(const std::string& directory) {
  const auto shared = vocabulary_file(directory, "shared");
  if (!shared.empty()) {
    std::shared_ptr<Vocabulary> both = load_vocabulary(shared);
    return {both, both, read_factors(directory), read_numbered(directory, further_name)};
  }
  return {required_vocabulary(directory, "source"), required_vocabulary(directory, "target"),
          read_factors(directory), read_numbered(directory, further_name)};
}

StoredModel load_model(const std::string& directory) {
  StoredModel stored{read_model_config(directory), read_model_vocabularies(directory)};
  check_sharing(directory, stored);
  check_factors_and_sources(directory, stored);
  const auto path = in(directory, kWeightsFile);
  if (!fs::exists(path)) {
    throw UserError({path},
                    "is missing: the model has not been trained as far as its first validation");
  }
  const auto file = read_tensors(path);
  check_version(path, file);
  check_fingerprint(path, file, stored.vocabularies);
  torch::NoGradGuard no_grad;
  stored.model = make_model(stored.config.model, stored.vocabularies);
  adopt_weights(path, file, *stored.model);
  stored.model->eval();
  return stored;
}

}  // namespace weft
