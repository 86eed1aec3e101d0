#pragma once
// A model on disk: a directory that can be moved anywhere.
//   config.yaml            the resolved config, defaults included
//   weights.safetensors    the parameters by their registered names
//   source.* target.*      the vocabularies (shared.* when both sides have one)
//   factor1.words ...      the vocabularies of source factors
//   source2.* ...          the vocabularies of sources besides the first
//   aligner/               the word aligner that learnt from the training text, if one did
//   network.pt             the network that pictures go through, if somebody else's
//   README                 a line about what made it

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "config/config.h"
#include "model/named_tensors.h"
#include "model/translation_model.h"
#include "text/vocabulary_factory.h"

namespace weft {

/// The version of the directory this program writes, and the newest it reads.
inline constexpr int kModelFormatVersion = 2;
inline constexpr const char* kWeightsFile = "weights.safetensors";

struct StoredModel {
  Config config;
  Vocabularies vocabularies;
  TranslationModel model{nullptr};  ///< in evaluation mode, on the CPU
};

/// A model for these vocabularies whose parameters are undefined. Throws UserError if they do not
/// fit into memory.
TranslationModel make_model(const ModelOptions& options, const Vocabularies& vocabularies);

/// A model's parameters by name; they share memory with it.
NamedTensors named_parameters(const TranslationModelImpl& model);

/// Everything but the weights. Throws UserError if the directory cannot be made or written.
void write_model_description(const std::string& directory, const Config& config,
                             const Vocabularies& vocabularies);
/// The weights of a model with these vocabularies, which they will only be loaded with again.
/// `path`: the file, in a model directory kWeightsFile. `metadata`: what a reader of the file may
/// want to know (updates, validation scores).
void write_weights(const std::string& path, const NamedTensors& weights,
                   const Vocabularies& vocabularies,
                   const std::map<std::string, std::string>& metadata);

/// Where the model's word aligner is, if it has one.
std::string aligner_directory(const std::string& model);
Config read_model_config(const std::string& directory);
std::vector<Config> read_model_configs(const std::vector<std::string>& directories);
/// Stores decoding.alignment_shift with a model that is there. Throws UserError.
void write_alignment_shift(const std::string& directory, int shift);
Vocabularies read_model_vocabularies(const std::string& directory);
/// Throws UserError if anything is missing, damaged, from a newer version or does not fit together.
StoredModel load_model(const std::string& directory);
/// The same with its config, which has been read.
StoredModel load_model(const std::string& directory, const Config& config);
/// Takes the weights of a loaded model, which are mapped from its file, into memory: then the file
/// may be overwritten in place.
void copy_weights(TranslationModelImpl& model);

}  // namespace weft
