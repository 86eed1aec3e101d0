// Models of Marian and Nematus against their equations in float64
// (tests/golden/app/make_gru_models.py), and the way back.

#include "app/exchange_models.h"

#include <gmock/gmock.h>
#include <torch/types.h>
#include <torch/utils.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "app/foreign_vocabulary.h"
#include "app/npz.h"
#include "base/error.h"
#include "base/temporary_directory.h"
#include "data/make_batch.h"
#include "model/model_directory.h"

namespace weft {
namespace {

using nlohmann::json;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

std::string golden(const std::string& name) { return WEFT_GOLDEN "/app/" + name; }

const json& golden_models() {
  static const json all = json::parse(std::ifstream(golden("gru_models.json")));
  return all;
}

std::string refusal(const std::function<void()>& work) {
  try {
    work();
  } catch (const UserError& error) {
    return error.what();
  }
  return "";
}

Toolkit toolkit_of(const json& model) {
  return model.at("toolkit") == "marian" ? Toolkit::kMarian : Toolkit::kNematus;
}

void import_golden(const json& model, const std::string& output) {
  const auto& names = model.at("vocabularies");
  import_model({toolkit_of(model),
                golden(model.at("name").get<std::string>() + ".npz"),
                {golden(names[0]), golden(names[1])},
                output});
}

/// log p of every target token, end of sentence included, of one sentence.
std::vector<double> scores_of(StoredModel& stored, const std::string& source,
                              const std::string& target) {
  const torch::NoGradGuard no_grad;
  EncodedPair pair;
  pair.sources.push_back({stored.vocabularies.sources.front().vocabulary->encode(source).ids});
  pair.target = stored.vocabularies.encode_target(target);
  const auto batch = make_batch(std::vector<EncodedPair>{pair});
  const auto scores = stored.model->score({}, batch).log_probs.to(torch::kFloat64).flatten();
  return {scores.data_ptr<double>(), scores.data_ptr<double>() + scores.numel()};
}

void expect_scores(const std::string& directory, const json& model, double tolerance) {
  auto stored = load_model(directory);
  const auto& sentences = golden_models().at("sentences");
  for (std::size_t i = 0; i < sentences.size(); ++i) {
    const auto found = scores_of(stored, sentences[i][0], sentences[i][1]);
    const auto expected = model.at("scores")[i].get<std::vector<double>>();
    ASSERT_EQ(found.size(), expected.size());
    for (std::size_t t = 0; t < found.size(); ++t)
      EXPECT_NEAR(found[t], expected[t], tolerance) << "token " << t << " of sentence " << i;
  }
}

class GoldenGru : public ::testing::TestWithParam<std::size_t> {
 protected:
  const json& model() const { return golden_models().at("models")[GetParam()]; }
  std::string path(const std::string& name) const { return directory_.path(name); }

 private:
  TemporaryDirectory directory_;
};

INSTANTIATE_TEST_SUITE_P(
    Models, GoldenGru, ::testing::Range(std::size_t{0}, std::size_t{8}), [](const auto& tested) {
      return golden_models().at("models")[tested.param].at("name").template get<std::string>();
    });

TEST_P(GoldenGru, SaysWhatTheOtherToolkitSays) {
  import_golden(model(), path("imported"));
  expect_scores(path("imported"), model(), 2e-5);
}

// To each toolkit that has the equations, and back.
TEST_P(GoldenGru, ComesBackFromWhereItIsExportedTo) {
  import_golden(model(), path("imported"));
  int exported = 0;
  for (const auto toolkit : {Toolkit::kMarian, Toolkit::kNematus}) {
    const auto name = path(toolkit == Toolkit::kMarian ? "marian" : "nematus");
    const auto problem = refusal([&] { export_model({toolkit, path("imported"), name + ".npz"}); });
    if (!problem.empty()) {
      EXPECT_THAT(problem, HasSubstr(path("imported") + ": ")) << "one line with the reason";
      continue;
    }
    ++exported;
    const std::string ending = toolkit == Toolkit::kMarian ? ".yml" : ".json";
    import_model({toolkit,
                  name + ".npz",
                  {name + ".npz.source" + ending, name + ".npz.target" + ending},
                  name});
    expect_scores(name, model(), 2e-5);
  }
  // Weft's layers read both halves, and a stack of its own is no longer to be seen; and the version
  // on TensorFlow has biases in the upper layers that its exported names do not have.
  const auto name = model().at("name");
  EXPECT_EQ(exported > 0, name != "marian_stacks" && name != "nematus_tensorflow");
}

class ExchangeMistakes : public ::testing::Test {
 protected:
  std::string import_refusal(Toolkit toolkit, const std::string& model,
                             const std::string& vocabulary = golden("source.yml")) const {
    return refusal([&] {
      import_model({toolkit, model, {vocabulary, golden("target.yml")}, directory_.path("out")});
    });
  }
  /// The plain golden model with other settings, or arrays, as a file.
  std::string changed(const std::function<void(NpzContents&)>& change) const {
    const NpzFile file(golden("marian_s2s.npz"));
    NpzContents contents;
    for (const auto& name : file.names()) {
      if (name == "special:model.yml") {
        contents.texts[name] = file.text(name);
      } else {
        contents.tensors[name] = file.tensor(name);
      }
    }
    change(contents);
    return directory_.write("changed.npz", format_npz(contents));
  }
  TemporaryDirectory directory_;
};

TEST_F(ExchangeMistakes, OtherArchitecturesAreRefusedByName) {
  const auto with = [&](const std::string& settings) {
    return import_refusal(Toolkit::kMarian, changed([&](auto& contents) {
                            contents.texts["special:model.yml"] = settings;
                          }));
  };
  EXPECT_THAT(with("type: transformer"), AllOf(HasSubstr("changed.npz: is a model with type: "
                                                         "transformer; expected s2s or nematus"),
                                               Not(HasSubstr("\n"))));
  EXPECT_THAT(with("type: char-s2s"), HasSubstr("type: char-s2s"));
  EXPECT_THAT(with("{type: s2s, enc-cell: lstm, layer-normalization: true}"),
              AllOf(HasSubstr("enc-cell: lstm; expected gru or gru-nematus"),
                    HasSubstr("layer-normalization: true; expected false")));
  EXPECT_THAT(with("{type: s2s, right-left: true}"), HasSubstr("right-left: true; expected false"));
  EXPECT_THAT(with("[1, 2"), HasSubstr("damaged settings"));
  EXPECT_THAT(import_refusal(Toolkit::kMarian, golden("nematus_theano.npz")),
              HasSubstr("say --from nematus"));
  EXPECT_THAT(
      import_refusal(Toolkit::kNematus, golden("arrays.npz")),
      AllOf(HasSubstr("has 'big', 'f2', 'f4' and 7 more, which a GRU model of Nematus has not"),
            Not(HasSubstr("\n"))));
  EXPECT_THAT(import_refusal(Toolkit::kNematus, golden("marian_stacks.npz")),
              AllOf(HasSubstr("say --from marian"), Not(HasSubstr("\n"))));
}

TEST_F(ExchangeMistakes, ArraysThatDoNotFitAreNamed) {
  EXPECT_THAT(import_refusal(Toolkit::kMarian,
                             changed([](auto& all) { all.tensors.erase("decoder_cell2_Wx"); })),
              HasSubstr("has no 'decoder_cell2_Wx', which"));
  EXPECT_THAT(import_refusal(Toolkit::kMarian, changed([](auto& all) {
                               all.tensors["decoder_Wc_att"] = torch::zeros({6, 5});
                             })),
              HasSubstr("array 'decoder_Wc_att' has shape [6, 5]; expected [6, 6]"));
  EXPECT_THAT(import_refusal(Toolkit::kMarian, changed([](auto& all) {
                               all.tensors["encoder_bi_gamma1"] = torch::zeros({1, 9});
                             })),
              HasSubstr("has 'encoder_bi_gamma1', which"));
  EXPECT_THAT(import_refusal(Toolkit::kMarian,
                             changed([](auto& all) { all.tensors.erase("encoder_Wemb"); })),
              HasSubstr("has no matrix 'encoder_Wemb'"));
}

TEST_F(ExchangeMistakes, VocabulariesAreChecked) {
  const auto with = [&](const std::string& name, const std::string& text) {
    return import_refusal(Toolkit::kMarian, golden("marian_s2s.npz"), directory_.write(name, text));
  };
  EXPECT_THAT(with("v.yml", "a: 0\nb: 1\n"), HasSubstr("v.yml: has no end of sentence"));
  EXPECT_THAT(with("v.yml", "</s>: 0\na: 0\n"), HasSubstr("the same number 0"));
  EXPECT_THAT(with("v.json", "[1]"), HasSubstr("is not a JSON object of words"));
  EXPECT_THAT(with("v.yml", "</s>: x\n"), HasSubstr("v.yml:1: is not a YAML map of words"));
}

// Its own numbers, where it has them: unknown 0, begin 1, end 2.
TEST(ForeignVocabulary, PiecesHaveTheNumbersOfTheirModel) {
  const std::string path = WEFT_GOLDEN "/text/default.model";
  const auto size = load_vocabulary(path)->size() - 1;  // it has no padding
  const auto pieces = read_foreign_vocabulary(path, size);
  ASSERT_EQ(static_cast<int64_t>(pieces.rows.size()), size + 1);
  EXPECT_THAT(std::vector<int64_t>(pieces.rows.begin(), pieces.rows.begin() + 5),
              ElementsAre(-1, 0, 1, 2, 3));
  EXPECT_THAT(refusal([&] { read_foreign_vocabulary(path, size + 1); }),
              HasSubstr("default.model: has " + std::to_string(size) + " pieces; the model has"));
}

TEST_F(ExchangeMistakes, WhatNobodyElseHasIsNotExported) {
  import_golden(golden_models().at("models")[0], directory_.path("model"));
  auto stored = load_model(directory_.path("model"));
  auto weights = named_parameters(*stored.model);
  weights["encoder.forward_0.bias_hh"] = torch::ones_like(weights["encoder.forward_0.bias_hh"]);
  write_weights(directory_.path("model/weights.safetensors"), weights, stored.vocabularies, {});
  EXPECT_THAT(
      refusal([&] {
        export_model({Toolkit::kMarian, directory_.path("model"), directory_.path("m.npz")});
      }),
      HasSubstr("'encoder.forward_0.bias_hh' of the candidate state is not 0"));
}

TEST_F(ExchangeMistakes, AModelThatWritesFromRightToLeftIsNotExported) {
  const auto model = directory_.path("model");
  import_golden(golden_models().at("models")[0], model);
  std::ifstream in(model + "/config.yaml");
  std::string config((std::istreambuf_iterator<char>(in)), {});
  const std::string key = "right_to_left: false";
  directory_.write("model/config.yaml",
                   config.replace(config.find(key), key.size(), "right_to_left: true"));
  for (const auto toolkit : {Toolkit::kMarian, Toolkit::kNematus})
    EXPECT_THAT(refusal([&] {
                  export_model({toolkit, model, directory_.path("m.npz")});
                }),
                HasSubstr("data.right_to_left is true, which the other toolkit has no equation"));
}

// Begin of sentence is embedded as something, as training leaves it, and other units of attention.
TEST_F(ExchangeMistakes, ATrainedModelIsExportedExactly) {
  const torch::NoGradGuard no_grad;
  const std::string source = "das haus ist klein .", target = "the very house .";
  for (const int index : {0, 1, 7}) {
    const auto name = std::to_string(index);
    const auto model = directory_.path(name), file = directory_.path(name + ".npz");
    import_golden(golden_models().at("models")[static_cast<std::size_t>(index)], model);
    auto stored = load_model(model);
    torch::manual_seed(3);
    auto weights = named_parameters(*stored.model);
    for (auto& [parameter, tensor] : weights) {
      const bool stays = parameter.find("bias_") != std::string::npos;
      if (!stays && parameter != "output_bias") tensor = tensor + 0.3 * torch::randn_like(tensor);
    }
    write_weights(model + "/weights.safetensors", weights, stored.vocabularies, {});
    stored = load_model(model);
    const auto expected = scores_of(stored, source, target);
    export_model({Toolkit::kMarian, model, file});
    import_model(
        {Toolkit::kMarian, file, {file + ".source.yml", file + ".target.yml"}, model + "b"});
    auto back = load_model(model + "b");
    const auto found = scores_of(back, source, target);
    for (std::size_t t = 0; t < expected.size(); ++t) EXPECT_NEAR(found[t], expected[t], 2e-5);
  }
}

TEST(Npz, ReadsNumbersInEveryForm) {
  const NpzFile file(golden("arrays.npz"));
  const auto expected = torch::arange(6).reshape({2, 3}).to(torch::kFloat32) / 4;
  for (const char* name : {"f2", "f4", "f8", "big", "fortran"})
    EXPECT_TRUE(torch::equal(file.tensor(name), expected)) << name;
  EXPECT_EQ(file.tensor("scalar").item<float>(), 2.5);
  EXPECT_EQ(file.text("text"), "words");
}

TEST(Npz, RefusesWhatIsNoNumber) {
  const NpzFile file(golden("arrays.npz"));
  EXPECT_THAT(refusal([&] { file.tensor("i8"); }), HasSubstr("array 'i8' holds numbers of type"));
  EXPECT_THAT(refusal([&] { file.tensor("pickled"); }), HasSubstr("array 'pickled' holds"));
  EXPECT_THAT(refusal([&] { file.tensor("nan"); }), HasSubstr("array 'nan' holds a number that"));
  EXPECT_THAT(refusal([&] { file.tensor("none"); }), HasSubstr("array 'none' is missing"));
  EXPECT_THAT(refusal([&] { file.text("f4"); }), HasSubstr("expected bytes of text"));
  EXPECT_THAT(refusal([] { NpzFile("/no/such.npz"); }), HasSubstr("/no/such.npz: cannot be read"));
}

TEST(Npz, EveryTruncatedFileIsRefused) {
  std::ifstream in(golden("arrays.npz"), std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(in)), {});
  const TemporaryDirectory directory;
  for (std::size_t size = 0; size < bytes.size(); size += 97) {
    const auto path = directory.write("cut.npz", bytes.substr(0, size));
    EXPECT_NE(refusal([&] {
                const NpzFile file(path);
                for (const auto& name : file.names()) file.tensor(name);
              }),
              "")
        << size;
  }
}

// A byte of the numbers is another: the archive's checksum tells.
TEST(Npz, DamageWithinIsNoticed) {
  NpzContents contents{{{"a", torch::ones({100})}}, {{"t", "text"}}};
  auto bytes = format_npz(contents);
  const TemporaryDirectory directory;
  const auto whole = directory.write("whole.npz", bytes);
  const NpzFile file(whole);
  EXPECT_THAT(file.names(), ElementsAre("a", "t"));
  EXPECT_TRUE(torch::equal(file.tensor("a"), torch::ones({100})));
  EXPECT_EQ(file.text("t"), "text");
  EXPECT_EQ(format_npz(contents), bytes);
  bytes[250] ^= 1;
  const NpzFile damaged(directory.write("damaged.npz", bytes));
  EXPECT_THAT(refusal([&] { damaged.tensor("a"); }), HasSubstr("array 'a' cannot be read"));
}

}  // namespace
}  // namespace weft
