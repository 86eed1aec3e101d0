#include "app/nematus_model.h"

#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "base/read_file.h"

namespace weft {
namespace {

using Part = GruPlace::Part;

/// What stands around the names U, Ux, W, Wx, b, bx of a GRU.
struct GruNames {
  std::string theano_before, theano_after, tensorflow;
};

std::string numbered(const std::string& name, int64_t number) {
  return number == 0 ? "" : name + std::to_string(number);
}

GruNames names_of(const GruPlace& place) {
  const auto drt = [](int64_t number) { return numbered("_drt_", number); };
  const auto gru = [](int64_t number) { return "gru" + std::to_string(number) + "/"; };
  const auto level = [](int64_t number) { return "level" + std::to_string(number) + "/"; };
  switch (place.part) {
    case Part::kEncoder: {
      // On Theano, _r is what reads from the right; in the other version, a stack that begins so.
      const bool from_right = place.backward != (place.layer % 2 == 1);
      const std::string layer = place.layer == 0 ? "" : std::to_string(place.layer + 1) + "_";
      return {(from_right ? "encoder_r_" : "encoder_") + layer, drt(place.transition),
              std::string("encoder/") + (place.backward ? "backward" : "forward") + "-stack/" +
                  level(place.layer) + gru(place.transition)};
    }
    case Part::kFirst:
      return {"decoder_", "", "decoder/base/gru0/"};
    case Part::kContext:
      return {"decoder_", drt(place.transition), "decoder/base/" + gru(place.transition + 1)};
    case Part::kUpper:
      return {"decoder_" + std::to_string(place.layer + 1) + "_", drt(place.transition),
              "decoder/high/" + level(place.layer - 1) + gru(place.transition)};
  }
  throw std::logic_error("unknown part of a model");
}

void add_gru(const GruArchitecture& architecture, const GruPlace& place,
             std::vector<NematusName>& names) {
  struct Array {
    const char *theano, *behind_attention, *tensorflow, *marian;
    bool of_input;
  };
  constexpr Array kArrays[] = {{"U", "U_nl", "state_to_gates", "_U", false},
                               {"Ux", "Ux_nl", "state_to_proposal", "_Ux", false},
                               {"W", "Wc", "input_to_gates", "_W", true},
                               {"Wx", "Wcx", "input_to_proposal", "_Wx", true},
                               {"b", "b_nl", "gates_bias", "_b", false},
                               {"bx", "bx_nl", "proposal_bias", "_bx", false}};
  const auto around = names_of(place);
  const auto marian = marian_gru_name(architecture, place);
  for (const auto& array : kArrays) {
    if (array.of_input && !place.has_input()) continue;
    const char* root = place.part == Part::kContext ? array.behind_attention : array.theano;
    names.push_back({around.theano_before + root + around.theano_after,
                     around.tensorflow + array.tensorflow, marian + array.marian});
  }
}

constexpr const char* kWord = "decoder/next_word_predictor/";

/// What is no GRU.
std::vector<NematusName> other_names() {
  const std::string word = kWord, attention = "decoder/base/attention/";
  return {
      {"Wemb", "encoder/embedding/embeddings", "encoder_Wemb"},
      {"Wemb_dec", "decoder/embedding/embeddings", "decoder_Wemb"},
      {"ff_state_W", "decoder/initial_state_constructor/W", "decoder_ff_state_W"},
      {"ff_state_b", "decoder/initial_state_constructor/b", "decoder_ff_state_b"},
      {"decoder_U_att", attention + "hidden_to_score", "decoder_U_att"},
      {"decoder_W_comb_att", attention + "state_to_hidden", "decoder_W_comb_att"},
      {"decoder_Wc_att", attention + "context_to_hidden", "decoder_Wc_att"},
      {"decoder_b_att", attention + "hidden_bias", "decoder_b_att"},
      {"ff_logit_prev_W", word + "prev_emb_to_hidden/W", "decoder_ff_logit_l1_W0"},
      {"ff_logit_prev_b", word + "prev_emb_to_hidden/b", "decoder_ff_logit_l1_b0"},
      {"ff_logit_lstm_W", word + "state_to_hidden/W", "decoder_ff_logit_l1_W1"},
      {"ff_logit_lstm_b", word + "state_to_hidden/b", "decoder_ff_logit_l1_b1"},
      {"ff_logit_ctx_W", word + "attended_context_to_hidden/W", "decoder_ff_logit_l1_W2"},
      {"ff_logit_ctx_b", word + "attended_context_to_hidden/b", "decoder_ff_logit_l1_b2"},
      {"ff_logit_W", word + "hidden_to_logits/W", "decoder_ff_logit_l2_W"},
      {"ff_logit_b", word + "hidden_to_logits/b", "decoder_ff_logit_l2_b"},
  };
}

/// The settings in MODEL.npz.json; an empty object if there are none.
nlohmann::json read_settings(const std::string& path) {
  if (!std::filesystem::exists(path)) return nlohmann::json::object();
  const auto settings = nlohmann::json::parse(read_file(path), nullptr, /*allow_exceptions=*/false);
  if (!settings.is_object()) throw UserError({path}, "is not a JSON object of Nematus' settings");
  return settings;
}

/// Adds to `problems` if one of the settings, of which any may be missing, is another.
void require_gru(const nlohmann::json& settings, const std::string& path, Problems& problems) {
  const std::pair<const char*, nlohmann::json> expected[] = {
      {"model_type", "rnn"},           {"encoder", "gru"},
      {"decoder", "gru_cond"},         {"factors", 1},
      {"layer_normalisation", false},  {"rnn_layer_normalization", false},
      {"rnn_lexical_model", false},    {"softmax_mixture_size", 1},
      {"weight_normalisation", false}, {"output_hidden_activation", "tanh"}};
  for (const auto& [key, value] : expected) {
    const auto found = settings.find(key);
    if (found != settings.end() && !found->is_null() && *found != value)
      problems.add({path}, std::string("is of a model with ") + key + ": " + found->dump() +
                               "; expected " + value.dump());
  }
  const bool version = settings.contains("model_version") &&
                       settings["model_version"].is_number() &&
                       settings["model_version"].get<double>() > 0;
  if (settings.value("use_dropout", false) && !version)
    problems.add({path},
                 "is of a model with use_dropout and no model_version, whose units are scaled in "
                 "translation (Nematus' version 0); expected a later one");
}

/// What an archive has, by Marian's names for an architecture that is found out from it.
class Archive {
 public:
  explicit Archive(const std::string& path) : file_(path) {
    for (const auto& name : file_.names()) {
      const auto plain = name.ends_with(":0") ? name.substr(0, name.size() - 2) : name;
      if (plain == "decoder_c_tt" || plain == "history_errs" || plain == "uidx" ||
          plain == "time" || plain.starts_with("adam"))
        continue;
      stored_[plain] = name;
    }
  }

  bool is_tensorflow() const { return stored_.contains("encoder/embedding/embeddings"); }
  bool has(const NematusName& name) const { return stored_.contains(own(name)); }
  const std::string& own(const NematusName& name) const {
    return is_tensorflow() ? name.tensorflow : name.theano;
  }
  /// Whether there is the matrix U of this GRU.
  bool has(const GruPlace& place) const {
    const auto names = names_of(place);
    const std::string root = place.part == Part::kContext ? "U_nl" : "U";
    return stored_.contains(is_tensorflow() ? names.tensorflow + "state_to_gates"
                                            : names.theano_before + root + names.theano_after);
  }
  int64_t layers(Part part, int64_t first) const {
    int64_t layer = first;
    while (has(GruPlace{part, false, layer})) ++layer;
    return layer;
  }
  int64_t transitions(GruPlace place) const {
    while (has(place)) ++place.transition;
    return std::max<int64_t>(place.transition, 1);
  }
  torch::Tensor tensor(const NematusName& name) const {
    return file_.tensor(stored_.at(own(name)));
  }
  /// By their names, without ":0".
  const std::map<std::string, std::string>& stored() const { return stored_; }
  torch::Tensor stored_tensor(const std::string& name) const { return file_.tensor(name); }

 private:
  NpzFile file_;
  std::map<std::string, std::string> stored_;
};

GruArchitecture architecture_of(const Archive& archive) {
  GruArchitecture architecture;
  architecture.encoder_layers = std::max<int64_t>(archive.layers(Part::kEncoder, 0), 1);
  architecture.encoder_transitions = archive.transitions({Part::kEncoder});
  architecture.decoder_layers = archive.layers(Part::kUpper, 1);
  architecture.decoder_transitions = archive.transitions({Part::kContext});
  architecture.upper_transitions = archive.transitions({Part::kUpper, false, 1});
  if (architecture.encoder_layers > 1) {
    architecture.direction = EncoderDirection::kAlternating;
    architecture.encoder_residual = true;
    // The stack that ends from left to right stands first.
    architecture.backward_first = architecture.encoder_layers % 2 == 0;
  }
  architecture.decoder_residual = architecture.decoder_layers > 1;
  architecture.upper_bias_inside = archive.is_tensorflow();
  const auto others = other_names();
  const auto& target = others[1];
  const auto& output = others[others.size() - 2];
  if (!archive.has(output))
    architecture.tying = archive.has(target) ? EmbeddingTying::kTarget : EmbeddingTying::kAll;
  return architecture;
}

}  // namespace

std::vector<NematusName> nematus_names(const GruArchitecture& architecture) {
  auto names = other_names();
  for (const auto& place : gru_places(architecture)) add_gru(architecture, place, names);
  return names;
}

GruModel read_nematus_model(const std::string& path) {
  const auto settings_path = path + ".json";
  Problems problems;
  require_gru(read_settings(settings_path), settings_path, problems);
  problems.throw_if_any();
  const Archive archive(path);
  GruModel model{architecture_of(archive), {}};
  auto unknown = archive.stored();
  for (const auto& name : nematus_names(model.architecture)) {
    if (!archive.has(name)) continue;
    model.tensors[name.marian] = archive.tensor(name);
    unknown.erase(archive.own(name));
  }
  std::vector<std::string> strangers;
  for (const auto& [name, stored] : unknown)
    if (!name.starts_with("special:")) strangers.push_back(name);
  if (!strangers.empty()) {
    throw UserError({path}, "has " + first_names(strangers) +
                                ", which a GRU model of Nematus has not" +
                                (unknown.size() > strangers.size()
                                     ? "; if it is a model of Marian, say --from marian"
                                     : " (layer normalization, factors, or another architecture)"));
  }
  auto& tensors = model.tensors;
  if (!tensors.contains("decoder_Wemb") && tensors.contains("encoder_Wemb"))
    tensors["decoder_Wemb"] = tensors["encoder_Wemb"];  // tie_encoder_decoder_embeddings
  const auto upper = tensors.find("decoder_l2_cell1_Wx");
  model.architecture.context_to_upper = upper != tensors.end() && upper->second.dim() == 2 &&
                                        upper->second.size(0) > upper->second.size(1);
  if (!archive.is_tensorflow()) return model;
  // Transitions of its encoder have no bias.
  for (const auto& place : gru_places(model.architecture)) {
    const auto name = marian_gru_name(model.architecture, place);
    const auto recurrent = tensors.find(name + "_U");
    if (place.has_input() || tensors.contains(name + "_b") || recurrent == tensors.end()) continue;
    const int64_t gates = recurrent->second.size(-1);
    tensors[name + "_b"] = torch::zeros({gates});
    tensors[name + "_bx"] = torch::zeros({gates / 2});
  }
  return model;
}

NpzContents nematus_contents(const GruModel& model) {
  NpzContents contents;
  for (const auto& name : nematus_names(model.architecture)) {
    const auto found = model.tensors.find(name.marian);
    if (found == model.tensors.end()) continue;
    const auto& tensor = found->second;
    const bool is_vector = tensor.size(0) == 1 && name.marian != "decoder_U_att";
    contents.tensors[name.theano] = is_vector ? tensor.flatten() : tensor;
  }
  if (model.architecture.tying == EmbeddingTying::kAll) contents.tensors.erase("Wemb_dec");
  contents.tensors["decoder_c_tt"] = torch::zeros({1});  // added to all energies
  return contents;
}

std::string nematus_settings(const ModelOptions& options, const GruModel& model,
                             const std::string& source_vocabulary,
                             const std::string& target_vocabulary) {
  const auto& architecture = model.architecture;
  const auto source_size = model.tensors.at("encoder_Wemb").size(0);
  const auto target_size = model.tensors.at("decoder_Wemb").size(0);
  nlohmann::ordered_json settings;
  settings["model_type"] = "rnn";
  settings["model_version"] = 0.2;
  settings["theano_compat"] = true;
  settings["dim_word"] = settings["embedding_size"] = options.embedding.source;
  settings["dim"] = settings["state_size"] = options.decoder.hidden;
  settings["factors"] = 1;
  settings["dim_per_factor"] = {options.embedding.source};
  settings["n_words_src"] = source_size;
  settings["source_vocab_sizes"] = {source_size};
  settings["n_words"] = settings["target_vocab_size"] = target_size;
  settings["dictionaries"] = {source_vocabulary, target_vocabulary};
  settings["source_dicts"] = {source_vocabulary};
  settings["target_dict"] = target_vocabulary;
  settings["encoder"] = "gru";
  settings["decoder"] = "gru_cond";
  settings["enc_depth"] = settings["rnn_enc_depth"] = architecture.encoder_layers;
  settings["dec_depth"] = settings["rnn_dec_depth"] = architecture.decoder_layers;
  settings["enc_recurrence_transition_depth"] = settings["rnn_enc_transition_depth"] =
      architecture.encoder_transitions;
  settings["dec_base_recurrence_transition_depth"] = settings["rnn_dec_base_transition_depth"] =
      architecture.decoder_transitions + 1;
  settings["dec_high_recurrence_transition_depth"] = settings["rnn_dec_high_transition_depth"] =
      architecture.upper_transitions;
  settings["dec_deep_context"] = settings["rnn_dec_deep_context"] = architecture.context_to_upper;
  settings["output_hidden_activation"] = "tanh";
  settings["use_dropout"] = settings["rnn_use_dropout"] = false;
  settings["layer_normalisation"] = settings["rnn_layer_normalization"] = false;
  settings["tie_decoder_embeddings"] = architecture.tying != EmbeddingTying::kNone;
  settings["tie_encoder_decoder_embeddings"] = architecture.tying == EmbeddingTying::kAll;
  return settings.dump(2) + '\n';
}

}  // namespace weft
