// Dropout, place by place. With a probability so near to 1 that nothing is ever kept, what reads a
// place reads zeros, and the gradient of its weights is zero; without dropout it is not.
#include <gtest/gtest.h>
#include <torch/types.h>
#include <torch/utils.h>

#include <algorithm>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "config/config_reader.h"
#include "config/presets.h"
#include "model/tiny_model.h"
#include "model/translation_model.h"
#include "nn/random_module.h"

namespace weft {
namespace {

constexpr double kAlways = 1 - 1e-12;

struct DroppingModel {
  std::string name;
  ModelOptions options;
  std::size_t sources = 1;
};

/// All kinds of models, and the presets at widths of their own.
std::vector<DroppingModel> dropping_models() {
  std::vector<DroppingModel> models;
  for (const auto& kind : all_kinds_of_models())
    models.push_back({name_of(kind), tiny_options(kind), kind.sources});
  for (const std::string preset : kPresets) {
    auto options = read_config(preset_path(preset)).model;
    std::string name = preset;
    std::replace(name.begin(), name.end(), '-', '_');
    models.push_back({name, options, 1});
  }
  for (auto& model : models) {
    model.options.embedding.tying = EmbeddingTying::kNone;  // so that each matrix has one reader
    model.options.dropout = {0, 0, 0, 0, 0, 0};
  }
  return models;
}

using Gradients = std::map<std::string, torch::Tensor>;

/// The gradients of a training batch by parameter, as masks of `seed` leave them.
Gradients gradients(const DroppingModel& tested, const DropoutOptions& dropout,
                    const std::vector<TinyPair>& pairs, uint64_t seed) {
  auto options = tested.options;
  options.dropout = dropout;
  TranslationModel model(options, tiny_sizes(options, tested.sources));
  torch::manual_seed(1);
  model->initialize();
  {
    const torch::NoGradGuard no_grad;  // what begins at zero (gates, biases) lets gradients through
    for (auto& parameter : model->parameters()) parameter.add_(0.1 * torch::randn_like(parameter));
  }
  torch::manual_seed(seed);
  model->forward({}, tiny_batch(pairs), {0.1}).loss.backward();
  Gradients all;
  for (const auto& item : model->named_parameters()) {
    const auto gradient = item.value().grad();
    all[item.key()] = gradient.defined() ? gradient : torch::zeros_like(item.value());
  }
  return all;
}

/// The absolute sums of the gradients of two sentences.
std::map<std::string, double> gradient_sums(const DroppingModel& tested,
                                            const DropoutOptions& dropout) {
  std::map<std::string, double> sums;
  for (const auto& [name, gradient] :
       gradients(tested, dropout, {{{4, 5, 6, 7}, {4, 5}}, {{6, 8}, {7, 7, 6, 5}}}, 1))
    sums[name] = gradient.abs().sum().item<double>();
  return sums;
}

class DropoutPlaces : public ::testing::TestWithParam<DroppingModel> {
 protected:
  /// Expects the gradients of these parameters, and of no embedding besides, to vanish when
  /// `place` drops everything.
  void expect_reads(double DropoutOptions::*place,
                    const std::function<bool(const std::string&)>& reads) {
    for (const auto kind : {DropoutKind::kVariational, DropoutKind::kPlain}) {
      DropoutOptions dropout{0, 0, 0, 0, 0, 0, kind};
      const auto kept = gradient_sums(GetParam(), dropout);
      dropout.*place = kAlways;
      const auto dropped = gradient_sums(GetParam(), dropout);
      int readers = 0;
      for (const auto& [name, sum] : kept) {
        if (!reads(name)) continue;
        ++readers;
        EXPECT_GT(sum, 0) << name;
        EXPECT_EQ(dropped.at(name), 0) << name;
      }
      EXPECT_GT(readers, 0);
    }
  }

  const ModelOptions& options() const { return GetParam().options; }
};

INSTANTIATE_TEST_SUITE_P(Models, DropoutPlaces, ::testing::ValuesIn(dropping_models()),
                         [](const auto& tested) { return tested.param.name; });

bool is_source_embedding(const std::string& name) {
  return name.starts_with("source_embedding") || name.starts_with("factor_embedding.");
}

TEST_P(DropoutPlaces, EmbeddingsAreDropped) {
  expect_reads(&DropoutOptions::embedding, [](const std::string& name) {
    return name == "target_embedding" || is_source_embedding(name);
  });
}

TEST_P(DropoutPlaces, SourceWordsAreDropped) {
  expect_reads(&DropoutOptions::source_word, is_source_embedding);
}

TEST_P(DropoutPlaces, TargetWordsAreDropped) {
  expect_reads(&DropoutOptions::target_word,
               [](const std::string& name) { return name == "target_embedding"; });
}

TEST_P(DropoutPlaces, TheReadoutIsDropped) {
  expect_reads(&DropoutOptions::readout,
               [](const std::string& name) { return name == "output_weight"; });
}

// Annotations of every layer of every encoder, states between layers of the decoder and under the
// readout.
TEST_P(DropoutPlaces, HiddenStatesAreDropped) {
  const bool annotations = options().encoder.type == EncoderType::kRecurrent &&
                           (options().attention.score != ScoreType::kNone ||
                            options().decoder.initial_state != InitialState::kLast);
  expect_reads(&DropoutOptions::hidden, [&](const std::string& name) {
    if (name == "readout.hidden.weight") return true;
    if (name == "readout.context.weight") return annotations;
    if (!name.ends_with("weight_ih")) return false;
    if (name.starts_with("decoder.upper_")) return true;
    const bool encoder =
        name.find("forward_") != std::string::npos || name.find("backward_") != std::string::npos;
    return encoder && name.find("ward_0") == std::string::npos;
  });
}

// All of a place dropped hides a place before it that is missing, for nothing gets past: so, with
// half of the units dropped in one sentence of one token, what reads them has no gradient in their
// columns.
TEST_P(DropoutPlaces, HiddenStatesAreDroppedInEachPlaceByItself) {
  const auto reads = [](const std::string& name) {
    const bool encoder =
        name.find("forward_") != std::string::npos || name.find("backward_") != std::string::npos;
    const bool upper =
        encoder ? name.find("ward_0") == std::string::npos : name.starts_with("decoder.upper_");
    return name == "readout.hidden.weight" || (name.ends_with("weight_ih") && upper);
  };
  const auto zero_columns = [&](const std::string& name, const torch::Tensor& gradient) {
    const bool joined = name.starts_with("encoder");
    const int64_t read = name.starts_with("decoder.upper_") ? options().decoder.hidden
                         : joined ? gradient.size(1) / options().encoder.pyramid
                                  : gradient.size(1);
    return (gradient.narrow(1, 0, read).abs().sum(0) == 0).sum().item<int64_t>();
  };
  const std::vector<TinyPair> one_token{{{}, {}}};
  constexpr int64_t kDraws = 8;
  const auto kept = gradients(GetParam(), {0, 0, 0, 0, 0, 0}, one_token, 1);
  std::map<std::string, int64_t> zeros;
  for (int64_t draw = 0; draw < kDraws; ++draw) {
    const auto kind = draw % 2 == 0 ? DropoutKind::kVariational : DropoutKind::kPlain;
    for (const auto& [name, gradient] : gradients(GetParam(), {0, 0.5, 0, 0, 0, 0, kind}, one_token,
                                                  static_cast<uint64_t>(draw))) {
      if (reads(name)) zeros[name] += zero_columns(name, gradient);
    }
  }
  for (const auto& [name, count] : zeros)  // a rectifier has zeros of its own
    EXPECT_GT(count, kDraws * zero_columns(name, kept.at(name))) << name;
  EXPECT_FALSE(zeros.empty());
}

/// The models whose config may ask for it: steps that are taken one by one have no mask for a
/// sequence, light cells multiply no matrix by the state.
std::vector<DroppingModel> recurrent_models() {
  auto models = dropping_models();
  std::erase_if(models, [](const DroppingModel& model) {
    const auto is_light = [](CellType cell) {
      return cell == CellType::kSru || cell == CellType::kSsru;
    };
    return model.options.decoder.input_feeding || is_light(model.options.encoder.cell) ||
           is_light(model.options.decoder.cell);
  });
  return models;
}

class RecurrentDropoutPlaces : public DropoutPlaces {};
INSTANTIATE_TEST_SUITE_P(Models, RecurrentDropoutPlaces, ::testing::ValuesIn(recurrent_models()),
                         [](const auto& tested) { return tested.param.name; });

TEST_P(RecurrentDropoutPlaces, RecurrentConnectionsAreDropped) {
  expect_reads(&DropoutOptions::recurrent,
               [](const std::string& name) { return name.ends_with("weight_hh"); });
}

/// What is dropped where a batch is read all at once is dropped where it is read step by step: the
/// same model, fed with readouts that its weights leave out.
TEST(Dropout, IsTheSameStepByStepAndAtOnce) {
  for (const auto kind : {DropoutKind::kVariational, DropoutKind::kPlain}) {
    for (const auto place :
         {AttentionPlace::kBefore, AttentionPlace::kBetween, AttentionPlace::kAfter}) {
      TinyModel tiny;
      auto options = tiny_options(tiny);
      options.decoder.layers = 3;
      options.decoder.residual = true;
      options.decoder.attention_place = place;
      // Recurrent masks of each step are drawn in another order.
      const double recurrent = kind == DropoutKind::kVariational ? 0.4 : 0;
      options.dropout = {0.3, 0.5, 0.3, 0.2, 0.2, recurrent, kind};
      auto at_once = model_with(tiny, options);
      options.decoder.input_feeding = true;
      auto fed = model_with(tiny, options);
      randomize(*at_once, 1);
      randomize(*fed, 2);
      const torch::NoGradGuard no_grad;
      auto parameters = fed->named_parameters();
      for (const auto& item : at_once->named_parameters()) {
        auto& parameter = parameters[item.key()];
        if (parameter.sizes() == item.value().sizes()) {
          parameter.copy_(item.value());
        } else {
          parameter.zero_();
          parameter.narrow(1, 0, item.value().size(1)).copy_(item.value());
        }
      }
      const auto force = [](TranslationModel& model) {
        torch::manual_seed(3);
        return model->force({}, tiny_batch({{{4, 5, 6, 7}, {4, 5}}, {{6}, {7, 7, 6, 5}}})).readout;
      };
      const auto expected = force(at_once);
      EXPECT_LT(distance(force(fed), expected), 1e-12);
      at_once->eval();
      EXPECT_GT(distance(force(at_once), expected), 1e-3);
    }
  }
}

}  // namespace
}  // namespace weft
