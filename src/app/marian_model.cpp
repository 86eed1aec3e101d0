#include "app/marian_model.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <map>

#include "app/nematus_model.h"

namespace weft {
namespace {

constexpr const char* kSettings = "special:model.yml";
constexpr const char* kOutput = "decoder_ff_logit_l2_W";

/// Marian's settings of a model, of which any may be missing.
class Settings {
 public:
  Settings(const std::string& text, const std::string& path) : path_(path) {
    try {
      map_ = YAML::Load(text);
    } catch (const YAML::Exception& error) {
      throw UserError({path}, std::string("has damaged settings (") + error.what() + ")");
    }
    if (!map_.IsMap()) throw UserError({path}, "has damaged settings; expected a YAML map");
  }

  template <class Value>
  Value get(const std::string& key, const Value& otherwise) const {
    const auto& map = map_;
    const auto node = map[key];
    if (!node || !node.IsScalar()) return otherwise;
    try {
      return node.as<Value>();
    } catch (const YAML::Exception&) {
      throw UserError({path_}, "has " + key + ": " + node.Scalar() + " in its settings");
    }
  }

  /// Adds to `problems` if the setting is none of these.
  void require(const std::string& key, const std::vector<std::string>& choices,
               Problems& problems) const {
    const auto value = get<std::string>(key, choices.front());
    if (std::find(choices.begin(), choices.end(), value) != choices.end()) return;
    std::string expected;
    for (const auto& choice : choices) expected += (expected.empty() ? "" : " or ") + choice;
    problems.add({path_}, "is a model with " + key + ": " + value + "; expected " + expected);
  }

 private:
  std::string path_;
  YAML::Node map_;
};

/// What a model must be for Weft to have its equations.
void require_gru(const Settings& settings, const std::string& path) {
  Problems problems;
  settings.require("type", {"s2s", "nematus", "amun"}, problems);
  problems.throw_if_any();  // the rest is about these
  settings.require("enc-cell", {"gru", "gru-nematus"}, problems);
  settings.require("dec-cell", {"gru", "gru-nematus"}, problems);
  settings.require("enc-type", {"bidirectional", "bi-unidirectional", "alternating"}, problems);
  // Marian's right-left turns the source round as well.
  for (const char* key : {"layer-normalization", "output-omit-bias", "ulr", "right-left"})
    settings.require(key, {"false"}, problems);
  settings.require("lemma-dim-emb", {"0"}, problems);
  if (settings.get<int64_t>("dec-cell-base-depth", 2) < 2)
    problems.add({path},
                 "has one cell in the decoder's first layer; expected one on either side "
                 "of attention");
  problems.throw_if_any();
}

GruArchitecture architecture_of(const Settings& settings) {
  const auto number = [&](const char* key, int64_t otherwise) {
    return settings.get<int64_t>(key, otherwise);
  };
  GruArchitecture architecture;
  architecture.encoder_layers = number("enc-depth", 1);
  architecture.encoder_transitions = number("enc-cell-depth", 1);
  architecture.decoder_layers = number("dec-depth", 1);
  architecture.decoder_transitions = number("dec-cell-base-depth", 2) - 1;
  architecture.upper_transitions = number("dec-cell-high-depth", 1);
  architecture.encoder_residual = architecture.decoder_residual = settings.get("skip", false);
  const auto type = settings.get<std::string>("enc-type", "bidirectional");
  if (type == "alternating") architecture.direction = EncoderDirection::kAlternating;
  if (type == "bi-unidirectional") architecture.direction = EncoderDirection::kFirstBidirectional;
  architecture.separate_stacks = type == "bidirectional" && architecture.encoder_layers > 1;
  if (settings.get("tied-embeddings-all", false)) {
    architecture.tying = EmbeddingTying::kAll;
  } else if (settings.get("tied-embeddings", false)) {
    architecture.tying = EmbeddingTying::kTarget;
  }
  return architecture;
}

const char* encoder_type(EncoderDirection direction) {
  switch (direction) {
    case EncoderDirection::kAlternating:
      return "alternating";
    case EncoderDirection::kFirstBidirectional:
      return "bi-unidirectional";
    case EncoderDirection::kBidirectional:
    case EncoderDirection::kForward:
    case EncoderDirection::kBackward:
      break;
  }
  return "bidirectional";
}

}  // namespace

GruModel read_marian_model(const std::string& path) {
  const NpzFile file(path);
  if (!file.has(kSettings))
    throw UserError({path}, std::string("has no '") + kSettings +
                                "', in which Marian stores a model's settings; if it is a model of "
                                "Nematus, say --from nematus");
  const Settings settings(file.text(kSettings), path);
  require_gru(settings, path);
  GruModel model{architecture_of(settings), {}};
  std::map<std::string, std::string> renamed;  // types nematus and amun
  for (const auto& name : nematus_names(model.architecture)) renamed[name.theano] = name.marian;
  const bool one_matrix =
      settings.get("tied-embeddings-all", false) || settings.get("tied-embeddings-src", false);
  for (const auto& name : file.names()) {
    if (name.starts_with("special:") || name == "decoder_c_tt") continue;
    const auto tensor = file.tensor(name);
    if (name == "Wemb" && one_matrix) {
      model.tensors["encoder_Wemb"] = model.tensors["decoder_Wemb"] = tensor;
      continue;
    }
    if (name == kOutput + std::string("t") && tensor.dim() == 2) {  // since Marian 1.8
      model.tensors[kOutput] = tensor.t();
      continue;
    }
    const auto found = renamed.find(name);
    model.tensors[found == renamed.end() ? name : found->second] = tensor;
  }
  return model;
}

NpzContents marian_contents(const ModelOptions& options, const GruModel& model) {
  const auto& architecture = model.architecture;
  NpzContents contents{model.tensors, {}};
  auto& tensors = contents.tensors;
  YAML::Node vocabularies;
  vocabularies.push_back(tensors.at("encoder_Wemb").size(0));
  vocabularies.push_back(tensors.at("decoder_Wemb").size(0));
  if (architecture.tying == EmbeddingTying::kAll) {
    tensors["Wemb"] = tensors.at("decoder_Wemb");
    tensors.erase("encoder_Wemb");
    tensors.erase("decoder_Wemb");
  }
  YAML::Node settings;
  settings["type"] = "s2s";
  settings["dim-vocabs"] = vocabularies;
  settings["dim-emb"] = options.embedding.target;
  settings["dim-rnn"] = options.decoder.hidden;
  settings["enc-cell"] = settings["dec-cell"] = "gru";
  settings["enc-type"] = encoder_type(architecture.direction);
  settings["enc-cell-depth"] = architecture.encoder_transitions;
  settings["enc-depth"] = architecture.encoder_layers;
  settings["dec-depth"] = architecture.decoder_layers;
  settings["dec-cell-base-depth"] = architecture.decoder_transitions + 1;
  settings["dec-cell-high-depth"] = architecture.upper_transitions;
  settings["skip"] = architecture.encoder_residual;
  settings["layer-normalization"] = false;
  settings["right-left"] = false;
  settings["input-types"] = YAML::Load("[]");
  settings["tied-embeddings"] = architecture.tying == EmbeddingTying::kTarget;
  settings["tied-embeddings-src"] = false;
  settings["tied-embeddings-all"] = architecture.tying == EmbeddingTying::kAll;
  settings["version"] = "v1.12.0 0000000 1970-01-01 00:00:00 +0000";  // its form of settings
  contents.texts[kSettings] = YAML::Dump(settings);
  return contents;
}

std::string marian_decoder_settings(const std::string& model, const std::string& source_vocabulary,
                                    const std::string& target_vocabulary) {
  YAML::Node settings;
  settings["relative-paths"] = true;
  settings["models"].push_back(model);
  settings["vocabs"].push_back(source_vocabulary);
  settings["vocabs"].push_back(target_vocabulary);
  settings["beam-size"] = 4;
  settings["normalize"] = 1.0;
  settings["allow-unk"] = true;  // as Weft
  return YAML::Dump(settings) + '\n';
}

}  // namespace weft
