#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/error.h"
#include "config/config_reader.h"

namespace weft {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::StartsWith;

std::string refusal(const std::vector<std::string>& overrides) {
  try {
    parse_config("training: {seed: 3}", "run.yaml", overrides);
    return "";
  } catch (const UserError& error) {
    return error.what();
  }
}

TEST(Overrides, WinOverTheFileAndTheLastOneWins) {
  const std::string yaml = "training: {seed: 3, threads: 2}";
  EXPECT_EQ(parse_config(yaml, "run.yaml", {"training.seed=4"}).training.seed, 4);
  const Config config = parse_config(yaml, "run.yaml", {"training.seed=4", "training.seed=5"});
  EXPECT_EQ(config.training.seed, 5);
  EXPECT_EQ(config.training.threads, 2);
}

TEST(Overrides, TakePathsAsTheyStand) {
  const Config config =
      parse_config("{}", "run.yaml", {"data.train_source=a: b #1=2", "data.train_target=e.gz"});
  EXPECT_THAT(config.data.train_source, ElementsAre("a: b #1=2"));
}

TEST(Overrides, TakeListsAndQuotes) {
  const Config config =
      parse_config("{}", "run.yaml",
                   {"data.train_source=[a.de, \"b c.de\"]", "data.train_target=['[a]', b.en]",
                    "data.valid_source='x y'", "data.valid_target=\"z\""});
  EXPECT_THAT(config.data.train_source, ElementsAre("a.de", "b c.de"));
  EXPECT_THAT(config.data.train_target, ElementsAre("[a]", "b.en"));
  EXPECT_THAT(config.data.valid_source, ElementsAre("x y"));
}

TEST(Overrides, TakeNothingAsAnEmptyListOrText) {
  const Config config = parse_config(
      "{data: {valid_source: a, valid_target: b}, vocabulary: {source_file: s, target_file: t}}",
      "run.yaml",
      {"data.valid_source=", "data.valid_target=", "vocabulary.source_file=",
       "vocabulary.target_file="});
  EXPECT_THAT(config.data.valid_source, IsEmpty());
  EXPECT_EQ(config.vocabulary.source_file, "");
}

// A config that holds one could be written, but never read again.
TEST(Overrides, AreText) {
  EXPECT_EQ(refusal({"data.train_source=caf\xE9.en"}), "--set:1:22: not valid UTF-8 (byte 0xe9)");
  EXPECT_EQ(refusal({"data.tempdir=\x1B[0m"}), "--set:1:14: control character 0x1b; expected text");
}

TEST(Overrides, AreNamedWhereTheyAreWrong) {
  EXPECT_EQ(
      refusal({"training.seed=x"}),
      "--set training.seed=x: training.seed is 'x'; expected an integer in [0, 9007199254740991]");
  EXPECT_EQ(
      refusal({"training.seed="}),
      "--set training.seed=: training.seed is ''; expected an integer in [0, 9007199254740991]");
  EXPECT_EQ(refusal({"training.seed"}), "--set training.seed: expected section.key=value");
  EXPECT_EQ(refusal({"model.encoder.layers=[1]"}),
            "--set model.encoder.layers=[1]: model.encoder.layers is a list; expected an integer "
            "in [1, 1024]");
  EXPECT_EQ(refusal({"data.corpora.weights=[1, -2, x]"}),
            "--set data.corpora.weights=[1, -2, x]: data.corpora.weights is [1, -2, 'x']; expected "
            "a list of numbers in [0, 1000000]");
  EXPECT_EQ(refusal({"data.train_source=[a"}),
            "--set data.train_source=[a: not valid YAML: end of sequence flow not found");
  // What the reason is called depends on yaml-cpp's version.
  EXPECT_THAT(refusal({"vocabulary.source_file='a' b"}),
              StartsWith("--set vocabulary.source_file='a' b: "));
}

TEST(Overrides, SuggestTheNameThatWasMeant) {
  EXPECT_EQ(refusal({"training.optimizer.learning_rat=1"}),
            "--set training.optimizer.learning_rat=1: unknown key 'learning_rat' in "
            "'training.optimizer'; did you mean 'learning_rate'?");
  EXPECT_EQ(refusal({"seed=1"}),
            "--set seed=1: unknown key 'seed' at the top level; 'seed' belongs in training");
  EXPECT_EQ(
      refusal({"model.encodr.hidden=1"}),
      "--set model.encodr.hidden=1: unknown key 'encodr' in 'model'; did you mean 'encoder'?");
  EXPECT_EQ(
      refusal({"model.embedding=gru"}),
      "--set model.embedding=gru: 'model.embedding' is a section; expected one of its keys source, "
      "target, tying, source_vectors, target_vectors, frozen_source, frozen_target, factors or "
      "factor_combine");
  EXPECT_EQ(refusal({"=1"}),
            "--set =1: unknown key '' at the top level; expected data, vocabulary, model, training "
            "or decoding");
  EXPECT_EQ(refusal({"training.seed.x=1"}),
            "--set training.seed.x=1: 'training.seed' is a key, not a section; expected "
            "training.seed=value");
}

TEST(Overrides, AreListedTogetherAndAfterTheFile) {
  try {
    parse_config("training: {sed: 3}", "run.yaml", {"model.encoder.cell=x", "model.embedding=1"});
    FAIL();
  } catch (const UserError& error) {
    EXPECT_EQ(std::string(error.what()),
              "run.yaml:1:12: unknown key 'sed' in 'training'; did you mean 'seed'?\n"
              "--set model.encoder.cell=x: model.encoder.cell is 'x'; expected gru, lstm, rnn, "
              "gru_reset_before, ln_gru, ln_lstm, mlstm, sru or ssru\n"
              "--set model.embedding=1: 'model.embedding' is a section; expected one of its keys "
              "source, target, tying, source_vectors, target_vectors, frozen_source, "
              "frozen_target, factors or factor_combine");
  }
}

TEST(Overrides, AreCheckedAgainstTheFile) {
  EXPECT_EQ(refusal({"model.embedding.target=64"}),
            "--set model.embedding.target=64: model.decoder.readout is 256; expected "
            "model.embedding.target, 64, because model.embedding.tying is target");
}

}  // namespace
}  // namespace weft
