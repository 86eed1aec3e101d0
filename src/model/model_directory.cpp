#include "model/model_directory.h"

#include <torch/types.h>
#include <torch/utils.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <future>
#include <optional>
#include <set>
#include <sstream>

#include "base/atomic_file.h"
#include "base/error.h"
#include "base/mapped_file.h"
#include "base/version.h"
#include "config/config_reader.h"
#include "config/dump.h"
#include "data/network_features.h"
#include "model/safetensors.h"
#include "model/vocabulary_fingerprint.h"
#include "nn/new_parameter.h"

namespace weft {
namespace {

namespace fs = std::filesystem;

std::string in(const std::string& directory, const std::string& name) {
  return (fs::path(directory) / name).string();
}

/// Throws UserError if that cannot be known.
fs::file_status status_of(const std::string& path) {
  std::error_code error;
  const auto status = fs::status(path, error);
  if (status.type() != fs::file_type::not_found && error)
    throw UserError({path}, "cannot be read (" + error.message() + ")");
  return status;
}

bool is_there(const std::string& path) { return fs::exists(status_of(path)); }

constexpr const char* kVersionKey = "weft_format";
constexpr const char* kVocabulariesKey = "vocabularies";
constexpr const char* kNetworkKey = "network_sha256";
constexpr const char* kNetworkFile = "network.pt";

void check_version(const std::string& path, const TensorFile& file) {
  const auto found = file.metadata.find(kVersionKey);
  if (found == file.metadata.end()) {
    throw UserError(
        {path}, std::string("was not written by Weft: its metadata has no '") + kVersionKey + "'");
  }
  const std::string& text = found->second;
  const bool is_number = !text.empty() && text.size() < 100 &&
                         text.find_first_not_of("0123456789") == std::string::npos;
  if (!is_number || text.front() == '0')
    throw UserError({path}, std::string("its '") + kVersionKey + "' is no version number");
  int version = 0;  // stays 0 if there are too many digits
  std::from_chars(text.data(), text.data() + text.size(), version);
  if (version < 1 || version > kModelFormatVersion) {
    throw UserError({path}, "has format version " + text + "; this program reads versions up to " +
                                std::to_string(kModelFormatVersion) + ". A newer Weft is needed");
  }
}

/// The weights of a model directory, if there are any. A version of another program is told before
/// anything else is read: config.yaml may have keys by then that this one does not know.
std::optional<TensorFile> read_weights(const std::string& directory) {
  const auto path = in(directory, kWeightsFile);
  if (!is_there(path)) return std::nullopt;
  auto file = read_tensors(path);
  check_version(path, file);
  return file;
}

void page_in_all(const TensorFile& file) {
  for (const auto& [name, tensor] : file.tensors) page_in(tensor.data_ptr(), tensor.nbytes());
}

/// Up to version 1, what only models of several sources have stood under "further_sources".
std::string current_name(const std::string& name) {
  const std::pair<const char*, const char*> renamed[] = {
      {"further_sources.embedding_", "source_embedding_"},
      {"further_sources.encoder_", "encoder_"},
      {"further_sources.", "source_combiner."}};
  for (const auto& [before, now] : renamed)
    if (name.starts_with(before)) return now + name.substr(std::string_view(before).size());
  return name;
}

/// The tensors of a file of any version by the names of this one.
NamedTensors by_current_names(const TensorFile& file) {
  NamedTensors tensors;
  for (const auto& [name, tensor] : file.tensors) tensors[current_name(name)] = tensor;
  return tensors;
}

std::string shape_text(const torch::Tensor& tensor) {
  std::ostringstream out;
  out << tensor.sizes();
  return out.str();
}

constexpr std::size_t kMostStrangers = 20;  // are named; a file may have any number

/// Copies the stored parameters into the model; names and shapes must be exactly the model's.
void adopt_weights(const std::string& path, const TensorFile& file, TranslationModelImpl& model) {
  Problems problems;
  auto parameters = named_parameters(model);
  const auto tensors = by_current_names(file);
  for (auto& [name, parameter] : parameters) {
    const auto stored = tensors.find(name);
    if (stored == tensors.end()) {
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
  std::size_t strangers = 0;
  for (const auto& [name, tensor] : tensors) {
    if (!parameters.count(name) && ++strangers <= kMostStrangers)
      problems.add({path}, "has a tensor '" + name + "', which the model does not");
  }
  if (strangers > kMostStrangers) {
    problems.add({path}, "has " + std::to_string(strangers - kMostStrangers) +
                             " more tensors that the model does not");
  }
  problems.throw_if_any();
}

constexpr const char* kVocabularyEndings[] = {".spm", ".words"};

/// The one vocabulary file whose name starts with `side`, or "".
std::string vocabulary_file(const std::string& directory, const std::string& side) {
  for (const char* ending : kVocabularyEndings) {
    const auto path = in(directory, side + ending);
    if (is_there(path)) return path;
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

/// The same for source number `k`, from 0.
std::string source_name(std::size_t k) {
  return k == 0 ? "source" : "source" + std::to_string(k + 1);
}

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

SourceFactors read_factors(const std::string& directory, const std::string& separator) {
  SourceFactors factors{separator, read_numbered(directory, factor_name)};
  for (const auto& factor : factors.vocabularies) {
    if (factor->file_ending() != ".words")
      throw UserError({directory},
                      "has a factor's vocabulary in pieces; expected factor1.words ...");
  }
  return factors;
}

/// Source number `k`, from 0, of a model that is not text: its network is the directory's own.
ItemOptions stored_items(const std::string& directory, const Config& config, std::size_t k) {
  auto items = item_options(config, k);
  if (!items.network.empty()) items.network = in(directory, kNetworkFile);
  return items;
}

/// The vocabularies of a model, whose first source's words may carry factors.
Vocabularies read_vocabularies(const std::string& directory, const Config& config) {
  const auto shared = vocabulary_file(directory, "shared");
  Vocabularies all;
  for (std::size_t k = 0; k < config.data.source_kind.size(); ++k) {
    if (config.data.source_kind[k] != SourceKind::kText) {
      all.sources.push_back({nullptr, {}, stored_items(directory, config, k)});
      continue;
    }
    const bool is_shared = k == 0 && !shared.empty();
    all.sources.push_back(
        {is_shared ? load_vocabulary(shared) : required_vocabulary(directory, source_name(k))});
    if (k == 0) all.sources.front().factors = read_factors(directory, config.data.factor_separator);
  }
  all.target =
      shared.empty() ? required_vocabulary(directory, "target") : all.sources.front().vocabulary;
  all.right_to_left = config.data.right_to_left;
  return all;
}

Config read_config_of(const std::string& directory) {
  return read_config(in(directory, "config.yaml"), {});
}

void require_directory(const std::string& directory) {
  if (!fs::is_directory(status_of(directory)))
    throw UserError({directory}, "is not a model directory (there is no such directory)");
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
  for (const auto& [name_of, first] : {std::pair{&factor_name, 0U}, std::pair{&source_name, 1U}}) {
    std::size_t k = first;
    const auto is_kept = [&, name = name_of](const char* ending) {
      return kept.count(name(k) + ending) > 0;
    };
    while (std::any_of(std::begin(kVocabularyEndings), std::end(kVocabularyEndings), is_kept))
      remove(name_of(k++));  // of the other ending
    while (remove(name_of(k))) ++k;
  }
}

void check_sharing(const std::string& directory, const StoredModel& stored) {
  const bool shared = stored.vocabularies.is_shared();
  if (shared == stored.config.vocabulary.shared) return;
  throw UserError({directory},
                  std::string("has ") + (shared ? "a shared vocabulary" : "two vocabularies") +
                      "; vocabulary.shared is " + (shared ? "false" : "true") + " in config.yaml");
}

void check_factors(const std::string& directory, const StoredModel& stored) {
  const auto found = stored.vocabularies.sources.front().factors.vocabularies.size();
  const auto expected = stored.config.model.embedding.factors.size();
  if (found == expected) return;
  throw UserError({directory}, "has vocabularies of " + std::to_string(found) +
                                   " factors (factor1.words ...); model.embedding.factors in "
                                   "config.yaml expects " +
                                   std::to_string(expected));
}

/// The network that pictures go through; empty: none.
std::string network_of(const Vocabularies& vocabularies) {
  for (const auto& source : vocabularies.sources)
    if (!source.items.network.empty()) return source.items.network;
  return "";
}

void check_network(const std::string& path, const TensorFile& file,
                   const Vocabularies& vocabularies) {
  const auto network = network_of(vocabularies);
  const auto found = file.metadata.find(kNetworkKey);
  if (network.empty() || found == file.metadata.end()) return;
  if (network_hash(network) != found->second)
    throw UserError({path}, "was trained with another " + std::string(kNetworkFile) +
                                " than that which lies beside it");
}

void check_fingerprint(const std::string& path, const TensorFile& file,
                       const Vocabularies& vocabularies) {
  const auto found = file.metadata.find(kVocabulariesKey);
  if (found == file.metadata.end() || found->second == vocabulary_fingerprint(vocabularies)) return;
  throw UserError({path},
                  "was trained with other vocabularies than those that lie beside it; expected "
                  "those of the same training");
}

/// Numbers of a vector, or channels of a picture that a convolution reads.
int64_t input_width_of(const ItemOptions& items) {
  if (items.kind == SourceKind::kImage && items.network.empty()) return items.image.channels;
  return items.width * items.frame_stack;
}

}  // namespace

TranslationModel make_model(const ModelOptions& options, const Vocabularies& vocabularies) {
  VocabularySizes sizes{{}, vocabularies.target->size()};
  for (const auto& source : vocabularies.sources) {
    if (!source.is_text()) {
      sizes.sources.push_back({0, {}, source.items.kind, input_width_of(source.items)});
      continue;
    }
    auto& of_source = sizes.sources.emplace_back(SourceSizes{source.vocabulary->size()});
    for (const auto& factor : source.factors.vocabularies)
      of_source.factors.push_back(factor->size());
  }
  TranslationModel model(options, sizes);  // takes memory only when something is written there
  double bytes = 0;
  for (const auto& parameter : model->parameters())
    bytes += static_cast<double>(parameter.numel() * parameter.element_size());
  require_memory(bytes);
  return model;
}

NamedTensors named_parameters(const TranslationModelImpl& model) {
  NamedTensors tensors;
  for (const auto& item : model.named_parameters()) tensors[item.key()] = item.value();
  return tensors;
}

void write_model_description(const std::string& directory, const Config& config,
                             const Vocabularies& vocabularies) {
  make_directories(directory);
  write_file_atomically(in(directory, "config.yaml"), dump_config(config));
  write_file_atomically(in(directory, "README"), std::string("A translation model of Weft ") +
                                                     version() +
                                                     ". Use: weft translate -m THIS_DIRECTORY\n");
  const bool shared = vocabularies.is_shared();
  std::set<std::string> written;
  const auto store = [&](const std::string& side, const Vocabulary& vocabulary) {
    const auto name = side + std::string(vocabulary.file_ending());
    write_file_atomically(in(directory, name), vocabulary.serialized());
    written.insert(name);
  };
  const auto& sources = vocabularies.sources;
  for (std::size_t k = 0; k < sources.size(); ++k) {
    if (sources[k].is_text())
      store(k == 0 && shared ? "shared" : source_name(k), *sources[k].vocabulary);
  }
  if (!shared) store("target", *vocabularies.target);
  const auto& factors = sources.front().factors.vocabularies;
  for (std::size_t k = 0; k < factors.size(); ++k) store(factor_name(k), *factors[k]);
  remove_other_vocabularies(directory, written);
  const auto network = network_of(vocabularies);
  if (!network.empty() && network != in(directory, kNetworkFile))
    write_file_atomically(in(directory, kNetworkFile), MappedFile(network).view());
}

void write_weights(const std::string& path, const NamedTensors& weights,
                   const Vocabularies& vocabularies,
                   const std::map<std::string, std::string>& metadata) {
  TensorFile file{weights, metadata};
  file.metadata[kVersionKey] = std::to_string(kModelFormatVersion);
  file.metadata[kVocabulariesKey] = vocabulary_fingerprint(vocabularies);
  const auto network = network_of(vocabularies);
  if (!network.empty()) file.metadata[kNetworkKey] = network_hash(network);
  write_tensors(path, file);
}

std::string aligner_directory(const std::string& model) { return in(model, "aligner"); }

Config read_model_config(const std::string& directory) {
  require_directory(directory);
  read_weights(directory);
  return read_config_of(directory);
}

std::vector<Config> read_model_configs(const std::vector<std::string>& directories) {
  std::vector<Config> configs;
  for (const auto& directory : directories) configs.push_back(read_model_config(directory));
  return configs;
}

void write_alignment_shift(const std::string& directory, int shift) {
  auto config = read_model_config(directory);
  config.decoding.alignment_shift = shift;
  write_file_atomically(in(directory, "config.yaml"), dump_config(config));
}

Vocabularies read_model_vocabularies(const std::string& directory) {
  return read_vocabularies(directory, read_config_of(directory));
}

StoredModel load_model(const std::string& directory) {
  return load_model(directory, read_model_config(directory));
}

StoredModel load_model(const std::string& directory, const Config& config) {
  const auto weights = read_weights(directory);
  StoredModel stored;
  stored.config = config;
  // Each takes a tenth of the time to the first translation: SentencePiece's tables, and page
  // faults.
  auto vocabularies = std::async(std::launch::async | std::launch::deferred,  // without threads
                                 [&] { return read_vocabularies(directory, config); });
  if (weights) page_in_all(*weights);
  stored.vocabularies = vocabularies.get();
  check_sharing(directory, stored);
  check_factors(directory, stored);
  const auto path = in(directory, kWeightsFile);
  if (!weights) {
    throw UserError({path},
                    "is missing: the model has not been trained as far as its first validation");
  }
  check_fingerprint(path, *weights, stored.vocabularies);
  check_network(path, *weights, stored.vocabularies);
  torch::NoGradGuard no_grad;
  stored.model = make_model(stored.config.model, stored.vocabularies);
  if (stored.config.training.guided_alignment.weight > 0) stored.model->show_first_head();
  adopt_weights(path, *weights, *stored.model);
  stored.model->eval();
  return stored;
}

void copy_weights(TranslationModelImpl& model) {
  for (auto& [name, parameter] : named_parameters(model))
    parameter.set_data(parameter.detach().clone());
}

}  // namespace weft
