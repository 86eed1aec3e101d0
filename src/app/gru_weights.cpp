#include "app/gru_weights.h"

#include <torch/types.h>
#include <torch/utils.h>

#include <algorithm>
#include <set>
#include <sstream>

#include "text/vocabulary.h"

namespace weft {
namespace {

constexpr float kNeverPredicted = -100;  // as a logit: e^-100 of what is likely

/// The arrays of a model, each taken once and with the shape it must have.
class Arrays {
 public:
  Arrays(const NamedTensors& tensors, const std::string& path, Problems& problems)
      : tensors_(tensors), path_(path), problems_(problems) {}

  /// Zeros where there is no such array, or another shape is a problem. A vector may be a matrix of
  /// one row.
  torch::Tensor take(const std::string& name, std::vector<int64_t> shape) {
    taken_.insert(name);
    const auto found = tensors_.find(name);
    if (found == tensors_.end()) {
      missing_.push_back(name);
      return torch::zeros(shape);
    }
    const auto& tensor = found->second;
    const bool is_row = shape.size() == 1 && tensor.dim() == 2 && tensor.size(0) == 1;
    const auto given = is_row ? tensor.flatten() : tensor;
    if (given.sizes() == torch::IntArrayRef(shape)) return given;
    std::ostringstream message;
    message << "array '" << name << "' has shape " << tensor.sizes() << "; expected "
            << torch::IntArrayRef(shape);
    problems_.add({path_}, message.str());
    return torch::zeros(shape);
  }

  /// Adds what is missing, and what nobody has taken, which is another architecture's.
  void tell_of_others() {
    if (!missing_.empty())
      problems_.add({path_},
                    "has no " + first_names(missing_) + ", which its architecture calls for");
    std::vector<std::string> others;
    for (const auto& [name, tensor] : tensors_)
      if (!taken_.contains(name)) others.push_back(name);
    if (!others.empty())
      problems_.add({path_}, "has " + first_names(others) +
                                 ", which a GRU model of its settings has not (layer "
                                 "normalization, or another architecture)");
  }

 private:
  const NamedTensors& tensors_;
  std::string path_;
  Problems& problems_;
  std::set<std::string> taken_;
  std::vector<std::string> missing_;
};

/// Row rows[i] of `matrix` as row i; `missing` where there is none.
torch::Tensor picked_rows(const torch::Tensor& matrix, const std::vector<int64_t>& rows,
                          float missing) {
  const auto index = torch::tensor(rows);
  const auto picked = matrix.index_select(0, index.clamp_min(0));
  auto absent = index.lt(0);
  if (matrix.dim() == 2) absent = absent.unsqueeze(1);
  return picked.masked_fill(absent, missing);
}

/// Weft's row of each row of the other model.
std::vector<int64_t> inverted(const std::vector<int64_t>& rows) {
  std::vector<int64_t> ids;
  for (std::size_t id = 0; id < rows.size(); ++id) {
    if (rows[id] == kNoRow) continue;
    const auto row = static_cast<std::size_t>(rows[id]);
    if (row >= ids.size()) ids.resize(row + 1, kNoRow);
    ids[row] = static_cast<int64_t>(id);
  }
  return ids;
}

/// Whether a cell of the encoder reads only the half that its own stack made of Weft's inputs.
bool reads_half(const GruArchitecture& architecture, const GruPlace& place) {
  return architecture.separate_stacks && place.part == GruPlace::Part::kEncoder &&
         place.layer > 0 && place.has_input();
}

/// Whether a GRU reads annotations whose halves stand the other way round.
bool reads_swapped(const GruArchitecture& architecture, const GruPlace& place) {
  const bool reads_annotations =
      place.part == GruPlace::Part::kContext ||
      (place.part == GruPlace::Part::kUpper && architecture.context_to_upper);
  return architecture.backward_first && reads_annotations && place.has_input();
}

/// Where a GRU's bx stands: tanh(x Wx + r (h Ux + bx)), or tanh(x Wx + r h Ux + bx).
bool bias_inside(const GruArchitecture& architecture, const GruPlace& place) {
  if (place.part == GruPlace::Part::kUpper) return architecture.upper_bias_inside;
  return place.part == GruPlace::Part::kContext;
}

/// [backward, forward] as [forward, backward], of the last `width` of the columns.
torch::Tensor halves_swapped(const torch::Tensor& matrix, int64_t width) {
  const auto before = matrix.narrow(1, 0, matrix.size(1) - width);
  const auto halves = matrix.narrow(1, matrix.size(1) - width, width).chunk(2, 1);
  return torch::cat({before, halves[1], halves[0]}, 1);
}

struct Widths {
  int64_t source = 0, target = 0, hidden = 0, attention = 0, readout = 0;
  int64_t annotation = 0;
  int64_t source_rows = 0, target_rows = 0;
};

int64_t size_of(const GruModel& model, const std::string& path, const std::string& name,
                int64_t dimension) {
  const auto found = model.tensors.find(name);
  if (found == model.tensors.end() || found->second.dim() != 2)
    throw UserError({path}, "has no matrix '" + name + "'; expected a GRU model with attention");
  return found->second.size(dimension);
}

Widths widths_of(const GruModel& model, const std::string& path) {
  Widths widths;
  const auto size = [&](const std::string& name, int64_t dimension) {
    return size_of(model, path, name, dimension);
  };
  widths.source = size("encoder_Wemb", 1);
  widths.source_rows = size("encoder_Wemb", 0);
  widths.target = size("decoder_Wemb", 1);
  widths.target_rows = size("decoder_Wemb", 0);
  widths.hidden = size("decoder_cell1_Ux", 0);
  widths.attention = size("decoder_U_att", 0);
  widths.readout = size("decoder_ff_logit_l1_W0", 1);
  const auto& architecture = model.architecture;
  const bool one_reader = architecture.direction == EncoderDirection::kFirstBidirectional &&
                          architecture.encoder_layers > 1;
  widths.annotation = (one_reader ? 1 : 2) * widths.hidden;
  return widths;
}

int64_t inputs_of(const GruArchitecture& architecture, const Widths& widths,
                  const GruPlace& place) {
  switch (place.part) {
    case GruPlace::Part::kEncoder: {
      if (place.layer == 0) return widths.source;
      const bool after_both =
          architecture.direction == EncoderDirection::kFirstBidirectional && place.layer == 1;
      return (after_both ? 2 : 1) * widths.hidden;
    }
    case GruPlace::Part::kFirst:
      return widths.target;
    case GruPlace::Part::kContext:
      return widths.annotation;
    case GruPlace::Part::kUpper:
      return widths.hidden + (architecture.context_to_upper ? widths.annotation : 0);
  }
  TORCH_CHECK(false, "unknown part of a model");
}

/// Weft's parameters of one GRU.
void add_weft_gru(const GruArchitecture& architecture, const Widths& widths, const GruPlace& place,
                  Arrays& arrays, NamedTensors& weights) {
  const int64_t h = widths.hidden;
  const auto from = marian_gru_name(architecture, place);
  const auto to = weft_gru_name(architecture, place) + ".";
  const auto both = [&](const std::string& gates, const std::string& candidate, int64_t inputs) {
    return torch::cat({arrays.take(from + gates, {inputs, 2 * h}),
                       arrays.take(from + candidate, {inputs, h})},
                      1)
        .t();
  };
  weights[to + "weight_hh"] = both("_U", "_Ux", h);
  if (place.has_input()) {
    auto matrix = both("_W", "_Wx", inputs_of(architecture, widths, place));
    const auto nothing = torch::zeros_like(matrix);
    if (reads_half(architecture, place))
      matrix = torch::cat(
          place.backward ? std::vector{nothing, matrix} : std::vector{matrix, nothing}, 1);
    weights[to + "weight_ih"] =
        reads_swapped(architecture, place) ? halves_swapped(matrix, widths.annotation) : matrix;
  }
  const auto gates = arrays.take(from + "_b", {2 * h}), candidate = arrays.take(from + "_bx", {h});
  const bool inside = bias_inside(architecture, place);
  const auto none = torch::zeros({h});
  weights[to + "bias_ih"] = torch::cat({gates, inside ? none : candidate});
  weights[to + "bias_hh"] = torch::cat({torch::zeros({2 * h}), inside ? candidate : none});
}

/// The parts of Weft's GRU in Marian's form.
class GruExport {
 public:
  GruExport(const GruArchitecture& architecture, const NamedTensors& weights, NamedTensors& out,
            Problems& problems)
      : architecture_(architecture), weights_(weights), out_(out), problems_(problems) {}

  /// `extra_bias` [3H] comes to that of the input; undefined: nothing.
  void add(const GruPlace& place, const torch::Tensor& extra_bias) {
    const auto from = weft_gru_name(architecture_, place) + ".";
    const auto to = marian_gru_name(architecture_, place);
    const auto recurrent = weights_.at(from + "weight_hh");
    const int64_t h = recurrent.size(1);
    split(to, "_U", recurrent, h);
    if (place.has_input()) split(to, "_W", input_matrix(place, weights_.at(from + "weight_ih")), h);
    auto input = weights_.at(from + "bias_ih");
    if (extra_bias.defined()) input = input + extra_bias;
    const auto state = weights_.at(from + "bias_hh");
    out_[to + "_b"] = (input + state).narrow(0, 0, 2 * h).unsqueeze(0);
    const bool inside = bias_inside(architecture_, place);
    const auto& kept = inside ? state : input;
    out_[to + "_bx"] = kept.narrow(0, 2 * h, h).unsqueeze(0);
    const auto& other = inside ? input : state;
    if (other.narrow(0, 2 * h, h).ne(0).any().item<bool>())
      problems_.add("parameter '" + from + (inside ? "bias_ih" : "bias_hh") +
                    "' of the candidate state is not 0, and other toolkits have no such bias; "
                    "training.freeze keeps it at 0");
  }

 private:
  torch::Tensor input_matrix(const GruPlace& place, const torch::Tensor& matrix) const {
    if (!reads_swapped(architecture_, place)) return matrix;
    const int64_t annotation = weights_.at("decoder.attention.key.weight").size(1);
    return halves_swapped(matrix, annotation);
  }
  void split(const std::string& to, const std::string& name, const torch::Tensor& matrix,
             int64_t h) {
    out_[to + name] = matrix.narrow(0, 0, 2 * h).t();
    out_[to + name + "x"] = matrix.narrow(0, 2 * h, h).t();
  }

  const GruArchitecture& architecture_;
  const NamedTensors& weights_;
  NamedTensors& out_;
  Problems& problems_;
};

/// A matrix with zeros in front of `missing` more rows, or columns.
torch::Tensor padded(const torch::Tensor& tensor, int64_t dimension, int64_t size) {
  auto shape = tensor.sizes().vec();
  shape[static_cast<std::size_t>(dimension)] = size - tensor.size(dimension);
  return torch::cat({tensor, torch::zeros(shape)}, dimension);
}

/// The one matrix of the first states of all layers, which must begin alike: [H, C].
torch::Tensor first_state(const torch::Tensor& of_layers, int64_t layers, Problems& problems) {
  const auto parts = of_layers.chunk(layers, 0);
  for (const auto& part : parts) {
    if (!torch::equal(part, parts.front())) {
      problems.add(
          "the layers of the decoder begin with states of their own; other toolkits begin all "
          "layers with one, as a model with model.decoder.initial_shared: true does");
      break;
    }
  }
  return parts.front();
}

}  // namespace

std::string first_names(const std::vector<std::string>& names) {
  constexpr std::size_t kMost = 3;
  std::string text;
  for (std::size_t i = 0; i < std::min(names.size(), kMost); ++i)
    text += (text.empty() ? "'" : ", '") + names[i] + "'";
  return names.size() <= kMost ? text
                               : text + " and " + std::to_string(names.size() - kMost) + " more";
}

ModelOptions weft_options(const GruModel& model, const std::string& path) {
  const auto widths = widths_of(model, path);
  const auto& architecture = model.architecture;
  ModelOptions options;
  options.embedding.source = widths.source;
  options.embedding.target = widths.target;
  options.embedding.tying = architecture.tying;
  options.encoder.hidden = widths.hidden;
  options.encoder.layers = architecture.encoder_layers;
  options.encoder.direction = architecture.direction;
  options.encoder.residual = architecture.encoder_residual;
  options.encoder.transition_depth = architecture.encoder_transitions;
  options.attention.width = widths.attention;
  options.decoder.hidden = widths.hidden;
  options.decoder.layers = architecture.decoder_layers;
  options.decoder.readout = widths.readout;
  options.decoder.residual = architecture.decoder_residual;
  options.decoder.context_to_upper = architecture.context_to_upper;
  options.decoder.initial_shared = architecture.decoder_layers > 1;
  options.decoder.transition_depth = architecture.decoder_transitions;
  if (architecture.decoder_layers > 1 &&
      architecture.upper_transitions != architecture.decoder_transitions)
    options.decoder.upper_transition_depth = architecture.upper_transitions;
  if (architecture.tying != EmbeddingTying::kNone && widths.readout != widths.target)
    throw UserError({path}, "ties an output of " + std::to_string(widths.readout) +
                                " units to embeddings of " + std::to_string(widths.target));
  return options;
}

NamedTensors weft_weights(const GruModel& model, const VocabularyRows& rows,
                          const std::string& path, Problems& problems) {
  const auto widths = widths_of(model, path);
  const auto& architecture = model.architecture;
  Arrays arrays(model.tensors, path, problems);
  const int64_t h = widths.hidden, c = widths.annotation, a = widths.attention, r = widths.readout;
  const auto of_annotations = [&](const torch::Tensor& matrix) {  // [..., C]
    return architecture.backward_first ? halves_swapped(matrix, c) : matrix;
  };
  NamedTensors weights;
  for (const auto& place : gru_places(architecture))
    add_weft_gru(architecture, widths, place, arrays, weights);
  weights["decoder.attention.query.weight"] = arrays.take("decoder_W_comb_att", {h, a}).t();
  weights["decoder.attention.key.weight"] =
      of_annotations(arrays.take("decoder_Wc_att", {c, a}).t());
  weights["decoder.attention.key.bias"] = arrays.take("decoder_b_att", {a});
  weights["decoder.attention.energy"] = arrays.take("decoder_U_att", {a, 1}).flatten();
  weights["decoder.initial.weight"] = of_annotations(arrays.take("decoder_ff_state_W", {c, h}).t());
  weights["decoder.initial.bias"] = arrays.take("decoder_ff_state_b", {h});
  const std::string l1 = "decoder_ff_logit_l1_";
  weights["readout.embedding.weight"] = arrays.take(l1 + "W0", {widths.target, r}).t();
  weights["readout.hidden.weight"] = arrays.take(l1 + "W1", {h, r}).t();
  weights["readout.context.weight"] = of_annotations(arrays.take(l1 + "W2", {c, r}).t());
  weights["readout.hidden.bias"] =
      arrays.take(l1 + "b0", {r}) + arrays.take(l1 + "b1", {r}) + arrays.take(l1 + "b2", {r});
  const auto source = arrays.take("encoder_Wemb", {widths.source_rows, widths.source});
  const auto target = arrays.take("decoder_Wemb", {widths.target_rows, widths.target});
  if (architecture.tying != EmbeddingTying::kAll)
    weights["source_embedding"] = picked_rows(source, rows.source, 0);
  weights["target_embedding"] = picked_rows(target, rows.target, 0);
  const std::string l2 = "decoder_ff_logit_l2_";
  if (architecture.tying == EmbeddingTying::kNone)
    weights["output_weight"] =
        picked_rows(arrays.take(l2 + "W", {r, widths.target_rows}).t(), rows.target, 0);
  weights["output_bias"] =
      picked_rows(arrays.take(l2 + "b", {widths.target_rows}), rows.target, kNeverPredicted);
  arrays.tell_of_others();
  for (auto& [name, tensor] : weights) tensor = tensor.contiguous();
  return weights;
}

NamedTensors marian_weights(const ModelOptions& options, const GruArchitecture& architecture,
                            const NamedTensors& weights, const VocabularyRows& rows,
                            Problems& problems) {
  NamedTensors out;
  const bool ties_all = options.embedding.tying == EmbeddingTying::kAll;
  const auto begin = weights.at("target_embedding")[kBeginId];  // [E]
  GruExport cells(architecture, weights, out, problems);
  for (const auto& place : gru_places(architecture)) {
    const bool reads_target = place.part == GruPlace::Part::kFirst;
    const bool reads_source =
        ties_all && place.part == GruPlace::Part::kEncoder && place.layer == 0 && place.has_input();
    torch::Tensor moved;
    if (reads_target || reads_source)
      moved = weights.at(weft_gru_name(architecture, place) + ".weight_ih").mv(begin);
    cells.add(place, moved);
  }
  const auto ids = VocabularyRows{inverted(rows.source), inverted(rows.target)};
  const auto target = weights.at("target_embedding") - begin;
  out["decoder_Wemb"] = picked_rows(target, ids.target, 0);
  out["encoder_Wemb"] =
      picked_rows(ties_all ? target : weights.at("source_embedding"), ids.source, 0);
  if (options.embedding.tying == EmbeddingTying::kNone)
    out["decoder_ff_logit_l2_W"] = picked_rows(weights.at("output_weight"), ids.target, 0).t();
  out["decoder_ff_logit_l2_b"] =
      picked_rows(weights.at("output_bias"), ids.target, kNeverPredicted).unsqueeze(0);

  const auto of_annotations = [&](const std::string& name) {  // [..., C]
    const auto& matrix = weights.at(name);
    return architecture.backward_first ? halves_swapped(matrix, matrix.size(1)) : matrix;
  };
  // Units of attention that Marian has and Weft has not, with energy 0.
  const auto key = of_annotations("decoder.attention.key.weight");
  const int64_t c = key.size(1);
  if (key.size(0) > c)
    problems.add("model.attention.width is " + std::to_string(key.size(0)) +
                 "; other toolkits have as many units as an annotation, " + std::to_string(c));
  const int64_t a = std::max(key.size(0), c);
  out["decoder_Wc_att"] = padded(key, 0, a).t();
  out["decoder_W_comb_att"] = padded(weights.at("decoder.attention.query.weight"), 0, a).t();
  out["decoder_b_att"] = padded(weights.at("decoder.attention.key.bias"), 0, a).unsqueeze(0);
  out["decoder_U_att"] = padded(weights.at("decoder.attention.energy"), 0, a).unsqueeze(1);
  const int64_t layers = options.decoder.initial_shared ? 1 : architecture.decoder_layers;
  out["decoder_ff_state_W"] =
      first_state(of_annotations("decoder.initial.weight"), layers, problems).t();
  out["decoder_ff_state_b"] =
      first_state(weights.at("decoder.initial.bias"), layers, problems).unsqueeze(0);
  const std::string l1 = "decoder_ff_logit_l1_";
  const auto embedding = weights.at("readout.embedding.weight");
  const auto bias = weights.at("readout.hidden.bias");
  out[l1 + "W0"] = embedding.t();
  out[l1 + "W1"] = weights.at("readout.hidden.weight").t();
  out[l1 + "W2"] = of_annotations("readout.context.weight").t();
  out[l1 + "b0"] = embedding.mv(begin).unsqueeze(0);
  out[l1 + "b1"] = bias.unsqueeze(0);
  out[l1 + "b2"] = torch::zeros_like(bias).unsqueeze(0);
  for (auto& [name, tensor] : out) tensor = tensor.contiguous();
  return out;
}

}  // namespace weft
