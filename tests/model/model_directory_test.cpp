#include "model/model_directory.h"

#include <gmock/gmock.h>
#include <torch/script.h>
#include <torch/types.h>
#include <torch/utils.h>

#include <filesystem>
#include <functional>
#include <string>

#include "base/atomic_file.h"
#include "base/error.h"
#include "base/temporary_directory.h"
#include "config/dump.h"
#include "model/safetensors.h"
#include "model/tiny_model.h"
#include "text/word_vocabulary.h"

namespace weft {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;

std::shared_ptr<Vocabulary> words(const std::string& list) {
  return std::make_shared<WordVocabulary>(list, "list");
}

class ModelDirectoryTest : public ::testing::Test {
 protected:
  ModelDirectoryTest() : vocabularies_{{{words("a\nb\nc\nd\ne\n")}}, words("x\ny\nz\nw\n")} {
    config_.model = tiny_options({});
    config_.training.seed = 77;
    model_ = make_model(config_.model, vocabularies_);
    torch::manual_seed(1);
    model_->initialize();
    model_->eval();
    write_model_description(path(), config_, vocabularies_);
    write_weights(path(kWeightsFile), named_parameters(*model_), vocabularies_,
                  {{"updates", "12"}});
  }

  std::string path(const std::string& name = "") const {
    return directory_.path(name.empty() ? "model" : "model/" + name);
  }

  std::string complaint() const {
    try {
      load_model(path());
    } catch (const UserError& error) {
      return error.what();
    }
    return "no complaint";
  }

  /// Changes the stored tensors and their metadata.
  void change_weights(const std::function<void(TensorFile&)>& change) const {
    auto file = read_tensors(path("weights.safetensors"));
    change(file);
    write_tensors(path("weights.safetensors"), file);
  }

  TemporaryDirectory directory_;
  Config config_;
  Vocabularies vocabularies_;
  TranslationModel model_{nullptr};
};

TEST_F(ModelDirectoryTest, GivesBackTheModelAlsoAfterAMove) {
  fs::rename(path(), directory_.path("moved"));
  auto stored = load_model(directory_.path("moved"));
  EXPECT_EQ(dump_config(stored.config), dump_config(config_));
  EXPECT_EQ(stored.vocabularies.sources.front().vocabulary->serialized(),
            vocabularies_.sources.front().vocabulary->serialized());
  EXPECT_EQ(stored.vocabularies.target->serialized(), vocabularies_.target->serialized());
  EXPECT_FALSE(stored.model->is_training());
  const auto batch = tiny_batch({{{4, 5}, {6}}, {{7}, {4, 4, 5}}});
  EXPECT_TRUE(
      torch::equal(stored.model->score({}, batch).log_probs, model_->score({}, batch).log_probs));
}

TEST_F(ModelDirectoryTest, HoldsWhatItsHeaderSays) {
  std::set<std::string> names;
  for (const auto& file : fs::directory_iterator(path())) names.insert(file.path().filename());
  EXPECT_EQ(names, (std::set<std::string>{"README", "config.yaml", "source.words", "target.words",
                                          "weights.safetensors"}));
  const auto file = read_tensors(path("weights.safetensors"));
  // FNV-1a, 64 bits, of "a\nb\nc\nd\ne\n\0x\ny\nz\nw\n".
  EXPECT_EQ(file.metadata,
            (std::map<std::string, std::string>{
                {"updates", "12"}, {"vocabularies", "3e8992e3200d793a"}, {"weft_format", "2"}}));
}

TEST_F(ModelDirectoryTest, KeepsASharedVocabularyOnceAndNoneOfAnEarlierRun) {
  config_.vocabulary.shared = true;
  vocabularies_.target = vocabularies_.sources.front().vocabulary;
  write_model_description(path(), config_, vocabularies_);
  EXPECT_FALSE(fs::exists(path("source.words")));
  EXPECT_FALSE(fs::exists(path("target.words")));
  const auto both = read_model_vocabularies(path());
  EXPECT_TRUE(both.is_shared());
  EXPECT_EQ(both.sources.front().vocabulary->serialized(),
            vocabularies_.sources.front().vocabulary->serialized());
}

TEST_F(ModelDirectoryTest, AModelBeyondTheMemoryIsToldInALine) {
  auto model = config_.model;
  model.encoder.cell = CellType::kLstm;
  model.encoder.hidden = 1 << 16;
  model.encoder.layers = 2;  // 137 GB in the first layer, 412 in the second
  try {
    make_model(model, vocabularies_);
    FAIL() << "no complaint";
  } catch (const UserError& error) {
    EXPECT_THAT(error.what(), StartsWith("model: its weights need at least"));
  }
}

TEST_F(ModelDirectoryTest, KeepsTheVocabulariesOfFactors) {
  config_.model.embedding.factors = {2, 1};
  config_.data.factor_separator = "/";
  vocabularies_.sources.front().factors = {"/", {words("N\nV\n"), words("low\nUP\nCap\n")}};
  write_model_description(path(), config_, vocabularies_);
  model_ = make_model(config_.model, vocabularies_);
  model_->initialize();
  write_weights(path(kWeightsFile), named_parameters(*model_), vocabularies_, {});
  const auto loaded = load_model(path());
  EXPECT_TRUE(are_same(loaded.vocabularies, vocabularies_));
  EXPECT_TRUE(torch::equal(named_parameters(*loaded.model).at("factor_embedding.embedding_2"),
                           named_parameters(*model_).at("factor_embedding.embedding_2")));
  write_file_atomically(path("factor2.words"), "low\nUP\nother\n");
  EXPECT_THAT(complaint(), HasSubstr("was trained with other vocabularies"));
  fs::remove(path("factor2.words"));
  EXPECT_THAT(complaint(), HasSubstr("has vocabularies of 1 factors (factor1.words ...); "
                                     "model.embedding.factors in config.yaml expects 2"));
  vocabularies_.sources.front().factors.vocabularies.clear();
  write_model_description(path(), config_, vocabularies_);
  EXPECT_FALSE(fs::exists(path("factor1.words"))) << "of an earlier run";
}

TEST_F(ModelDirectoryTest, KeepsTheVocabularyOfEverySource) {
  config_.data.source_kind.resize(3);
  vocabularies_.sources.push_back({words("u\nv\n")});
  vocabularies_.sources.push_back({words("t\n")});
  write_model_description(path(), config_, vocabularies_);
  model_ = make_model(config_.model, vocabularies_);
  model_->initialize();
  write_weights(path(kWeightsFile), named_parameters(*model_), vocabularies_, {});
  const auto loaded = load_model(path());
  EXPECT_TRUE(are_same(loaded.vocabularies, vocabularies_));
  EXPECT_EQ(named_parameters(*loaded.model).at("source_embedding_3").size(0), 5);
  fs::remove(path("source3.words"));
  EXPECT_THAT(complaint(), HasSubstr("source3.spm or source3.words is missing"));
  vocabularies_.sources.resize(1);
  write_model_description(path(), config_, vocabularies_);
  EXPECT_FALSE(fs::exists(path("source2.words"))) << "of an earlier run";
}

TEST_F(ModelDirectoryTest, KeepsTheNetworkThatPicturesGoThrough) {
  const auto save = [](const std::string& path, const std::string& factor) {
    torch::jit::Module network("network");
    network.define("def forward(self, x):\n    return x.float() * " + factor + "\n");
    network.save(path);
  };
  save(directory_.path("given.pt"), "2");
  config_.data.source_kind = {SourceKind::kImage};
  config_.model.input.pretrained = directory_.path("given.pt");
  config_.model.input.width = {3};
  config_.model.encoder.type = EncoderType::kAnnotations;
  vocabularies_.sources = {{nullptr, {}, item_options(config_, 0)}};
  write_model_description(path(), config_, vocabularies_);
  EXPECT_FALSE(fs::exists(path("source.words"))) << "of an earlier run";
  model_ = make_model(config_.model, vocabularies_);
  model_->initialize();
  write_weights(path(kWeightsFile), named_parameters(*model_), vocabularies_, {});
  fs::remove(directory_.path("given.pt"));
  const auto loaded = load_model(path());
  EXPECT_EQ(loaded.vocabularies.sources[0].items.network, path("network.pt"));
  EXPECT_EQ(named_parameters(*loaded.model).at("source_input.map.weight").size(1), 3);
  save(path("network.pt"), "3");
  EXPECT_THAT(complaint(), HasSubstr("was trained with another network.pt"));
}

TEST_F(ModelDirectoryTest, SaysWhichPartIsMissing) {
  fs::remove(path("weights.safetensors"));
  EXPECT_THAT(complaint(), HasSubstr("has not been trained as far as its first validation"));
  fs::remove(path("target.words"));
  EXPECT_THAT(complaint(), HasSubstr("target.spm or target.words is missing"));
  fs::remove(path("source.words"));
  EXPECT_THAT(complaint(), HasSubstr("source.spm or source.words is missing"));
  fs::remove(path("config.yaml"));
  EXPECT_THAT(complaint(), HasSubstr("config.yaml"));
  fs::remove_all(path());
  EXPECT_THAT(complaint(), HasSubstr("there is no such directory"));
}

TEST_F(ModelDirectoryTest, RefusesWeightsOfANewerVersionOrOfOtherPrograms) {
  change_weights([](TensorFile& file) { file.metadata["weft_format"] = "3"; });
  EXPECT_THAT(complaint(), AllOf(HasSubstr("format version 3"), HasSubstr("up to 2")));
  change_weights([](TensorFile& file) { file.metadata["weft_format"] = "x"; });
  EXPECT_THAT(complaint(), HasSubstr("its 'weft_format' is no version number"));
  for (const char* odd : {"", "0", "-1", "1x", " 1", "01", "1.0"}) {
    change_weights([&](TensorFile& file) { file.metadata["weft_format"] = odd; });
    EXPECT_THAT(complaint(), HasSubstr("is no version number")) << odd;
  }
  for (const char* newer : {"99999999999", "4294967297", "18446744073709551617"}) {
    change_weights([&](TensorFile& file) { file.metadata["weft_format"] = newer; });
    EXPECT_THAT(complaint(), HasSubstr("A newer Weft is needed")) << newer;
  }
  change_weights([](TensorFile& file) { file.metadata.clear(); });
  EXPECT_THAT(complaint(), HasSubstr("was not written by Weft"));
}

// A key that a newer version has added is not a mistake of the person's.
TEST_F(ModelDirectoryTest, LooksAtTheVersionBeforeTheConfig) {
  directory_.write("model/config.yaml", dump_config(config_) + "glossary:\n  terms: 3\n");
  EXPECT_THAT(complaint(), HasSubstr("unknown key 'glossary'"));
  change_weights([](TensorFile& file) { file.metadata["weft_format"] = "3"; });
  EXPECT_THAT(complaint(), HasSubstr("A newer Weft is needed"));
  try {
    read_model_config(path());
    FAIL() << "no complaint";
  } catch (const UserError& error) {
    EXPECT_THAT(error.what(), HasSubstr("A newer Weft is needed"));
  }
}

TEST_F(ModelDirectoryTest, NamesADirectoryThatCannotBeLookedInto) {
  const auto complaint_about = [](const std::string& directory) {
    try {
      load_model(directory);
    } catch (const UserError& error) {
      return std::string(error.what());
    }
    return std::string("no complaint");
  };
  EXPECT_THAT(complaint_about(directory_.path(std::string(300, 'x'))),
              AllOf(StartsWith(directory_.path("xxx")), HasSubstr("(File name too long)")));
  fs::create_symlink("loop", directory_.path("loop"));
  EXPECT_THAT(complaint_about(directory_.path("loop")), HasSubstr("symbolic links"));
  fs::remove(path("source.words"));
  fs::create_symlink("source.words", path("source.words"));
  EXPECT_THAT(complaint(), HasSubstr("source.words: cannot be read"));
}

TEST_F(ModelDirectoryTest, RefusesAFactorVocabularyOfPieces) {
  fs::copy(WEFT_GOLDEN "/text/unigram.model", path("factor1.spm"));
  EXPECT_THAT(complaint(), HasSubstr("expected factor1.words"));
}

TEST_F(ModelDirectoryTest, ListsEveryTensorThatDoesNotFit) {
  change_weights([](TensorFile& file) {
    file.tensors["output_bias"] = torch::zeros({3});
    file.tensors["decoder.initial.bias"] = torch::zeros({4}, torch::kInt64);
    file.tensors.erase("target_embedding");
    file.tensors["extra"] = torch::zeros({1});
  });
  EXPECT_THAT(complaint(), AllOf(HasSubstr("'output_bias' has shape [3]"), HasSubstr("expect [8]"),
                                 HasSubstr("'decoder.initial.bias' does not hold float32"),
                                 HasSubstr("has no tensor 'target_embedding'"),
                                 HasSubstr("has a tensor 'extra'")));
}

TEST_F(ModelDirectoryTest, RefusesAVocabularyThatDoesNotFit) {
  // A file whose writer did not say which vocabularies it goes with.
  change_weights([](TensorFile& file) { file.metadata.erase("vocabularies"); });
  directory_.write("model/source.words", "a\nb\n");
  EXPECT_THAT(complaint(), AllOf(HasSubstr("'source_embedding' has shape [9, 2]"),
                                 HasSubstr("config.yaml and the vocabularies expect [6, 2]")));
}

TEST_F(ModelDirectoryTest, RefusesASharedVocabularyThatTheConfigDoesNotKnow) {
  directory_.write("model/shared.words", "a\nb\nc\nd\n");
  EXPECT_THAT(complaint(), HasSubstr("has a shared vocabulary; vocabulary.shared is false"));
}

TEST_F(ModelDirectoryTest, RefusesAConfigThatDoesNotFitTheWeights) {
  config_.model.decoder.hidden = 6;
  directory_.write("model/config.yaml", dump_config(config_));
  EXPECT_THAT(complaint(), AllOf(HasSubstr("'decoder.cell.weight_hh' has shape [12, 4]"),
                                 HasSubstr("expect [18, 6]")));
}

TEST_F(ModelDirectoryTest, RefusesDamagedWeights) {
  const auto bytes = directory_.read("model/weights.safetensors");
  directory_.write("model/weights.safetensors", bytes.substr(0, bytes.size() - 1));
  EXPECT_THAT(complaint(), HasSubstr("weights.safetensors: is damaged"));
}

TEST_F(ModelDirectoryTest, SaysWhereItCannotWrite) {
  directory_.write("file", "");
  EXPECT_THROW(write_model_description(directory_.path("file/model"), config_, vocabularies_),
               UserError);
  EXPECT_THROW(write_weights(directory_.path("absent/model"), {}, vocabularies_, {}), UserError);
}

}  // namespace
}  // namespace weft
