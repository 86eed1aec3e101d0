// Source factors from the command line: a text whose words cannot be translated without them.

#include <gmock/gmock.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "base/temporary_directory.h"
#include "e2e/homographs.h"
#include "e2e/program.h"
#include "e2e/tiny_models.h"

namespace weft::e2e {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

/// Every word with its part of speech and its case.
std::string factored_text(int lines, std::string& german) {
  std::string english;
  for (int i = 0; i < lines; ++i) {
    const auto sentence = tagged_sentence();
    english += line_of(sentence, [](const TaggedWord& word) {
      const bool capital = word.english[0] < 'a';
      return word.english + (word.is_noun ? "|NN" : "|VB") + (capital ? "|cap" : "|low");
    });
    german += line_of(sentence, [](const TaggedWord& word) { return word.german; });
  }
  return english;
}

/// The model that all tests here read, trained once.
class Factors : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    directory_ = std::make_unique<TemporaryDirectory>();
    std::string german, valid_german;
    directory_->write("train.en", factored_text(700, german));
    directory_->write("train.de", german);
    directory_->write("valid.en", factored_text(40, valid_german));
    directory_->write("valid.de", valid_german);
    const std::string data =
        "  train_source: " + path("train.en") + "\n  train_target: " + path("train.de") +
        "\n  valid_source: " + path("valid.en") + "\n  valid_target: " + path("valid.de") + "\n";
    directory_->write("config.yaml", tiny_config(data, "{source_size: 285, target_size: 292}",
                                                 "  batch_tokens: 200\n"
                                                 "  stop_after: 16e\n"
                                                 "  validation: {every: 4e, beam_size: 1}\n",
                                                 ", factors: [8, 4]"));
    const auto outcome = run_weft({"train", "-c", path("config.yaml"), "-m", path("model")});
    ASSERT_EQ(outcome.status, 0) << outcome.err;
  }
  static void TearDownTestSuite() { directory_.reset(); }

  static std::string path(const std::string& name) { return directory_->path(name); }
  static Outcome translate(const std::vector<std::string>& options, const std::string& input) {
    std::vector<std::string> arguments{"-q", "translate", "-m", path("model")};
    arguments.insert(arguments.end(), options.begin(), options.end());
    return run_weft(arguments, input);
  }

  inline static std::unique_ptr<TemporaryDirectory> directory_;
};

TEST_F(Factors, DecideWhatAWordMeans) {
  const auto outcome = translate({}, "Watch|NN|cap play|VB|low\n\nPlay|NN|cap watch|VB|low\n");
  EXPECT_EQ(outcome, (Outcome{0, "Uhr spielen\n\nSpiel beobachten\n", ""}));
  const auto valid = translate({"-i", path("valid.en"), "--precision", "float32"}, "");
  const auto translations = lines_of(valid.out), references = lines_of(file_text(path("valid.de")));
  ASSERT_EQ(translations.size(), references.size());
  int right = 0;
  for (std::size_t i = 0; i < references.size(); ++i) right += translations[i] == references[i];
  EXPECT_GE(right, 36);
}

TEST_F(Factors, AreNotPartOfTheWordsThatAreAligned) {
  const auto outcome =
      translate({"-m", path("model"), "--alignment", "json"}, "Iron|VB|cap  plant|NN|low\n");
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  const auto object = nlohmann::json::parse(outcome.out);
  EXPECT_EQ(object["source"]["text"], "Iron  plant");
  ASSERT_EQ(object["source"]["tokens"].size(), 2U);
  EXPECT_EQ(object["source"]["tokens"][1]["text"], "plant");
  EXPECT_EQ(object["source"]["tokens"][1]["begin"], 6);

  const auto source = directory_->write("s", "Iron|VB|cap plant|NN|low\n");
  const auto target = directory_->write("t", "glätten Pflanze\n");
  EXPECT_EQ(run_weft({"-q", "align", "-m", path("model"), "-s", source, "-t", target}),
            (Outcome{0, "0-0 1-1\n", ""}));
}

TEST_F(Factors, ThatAreMissingEndTheTranslationAfterTheLinesBefore) {
  const auto input = directory_->write("in", "Play|NN|cap\nLight|VB|cap iron|NN\nPlay|NN|cap\n");
  const std::string mistake =
      ":2: word 2, 'iron|NN', has 1 factor; expected a word and 2 factors, each after '|'\n";
  EXPECT_EQ(translate({"-i", input}, ""), (Outcome{2, "Spiel\n", input + mistake}));
  EXPECT_EQ(translate({}, file_text(input)), (Outcome{2, "Spiel\n", "<stdin>" + mistake}));
  const auto target = directory_->write("t", "Spiel\nleuchten Eisen\nSpiel\n");
  EXPECT_EQ(run_weft({"-q", "align", "-m", path("model"), "-s", input, "-t", target}),
            (Outcome{2, "0-0\n", input + mistake}));
  EXPECT_THAT(run_weft({"bench", "translate", "-m", path("model"), "-i", input}).err,
              HasSubstr(input + mistake));
}

TEST_F(Factors, ThatAreMissingEndTrainingBeforeItBegins) {
  const auto source = directory_->write("s", "Play|NN|cap\nLight\n");
  const auto target = directory_->write("t", "Spiel\nLicht\n");
  const auto outcome =
      run_weft({"train", "-c", path("config.yaml"), "-m", path("none"), "--set",
                "data.train_source=" + source, "--set", "data.train_target=" + target, "--set",
                "data.valid_source=" + source, "--set", "data.valid_target=" + target});
  const auto mistake = StartsWith(source + ":2: word 1, 'Light', has no factor; expected");
  EXPECT_EQ(outcome.status, 2);
  EXPECT_THAT(lines_of(outcome.err), ElementsAre(mistake)) << "once, though in both texts";
  EXPECT_FALSE(std::filesystem::exists(path("none")));
}

TEST_F(Factors, StayWithARunThatIsResumed) {
  const std::vector<std::string> once{"-q",    "train",
                                      "-c",    path("config.yaml"),
                                      "-m",    path("short"),
                                      "--set", "model.embedding.factors=[24,24]",
                                      "--set", "model.embedding.factor_combine=sum",
                                      "--set", "training.validation.every=0",
                                      "--set"};
  auto first = once, second = once;
  first.push_back("training.stop_after=3u");
  second.push_back("training.stop_after=6u");
  EXPECT_EQ(run_weft(first), (Outcome{0, "", ""}));
  EXPECT_EQ(run_weft(second), (Outcome{0, "", ""}));
  EXPECT_TRUE(std::filesystem::exists(path("short/factor2.words")));
  auto other = second;
  other.insert(other.end(), {"--set", "data.factor_separator=/"});
  EXPECT_EQ(run_weft(other).status, 2);
}

TEST_F(Factors, AreMeasuredWithTheRest) {
  const auto input = directory_->write("in", "Play|NN|cap\nLight|VB|cap iron|NN|low\n");
  EXPECT_EQ(run_weft({"bench", "translate", "-m", path("model"), "-i", input}).status, 0);
  EXPECT_EQ(
      run_weft({"bench", "train", "-c", path("config.yaml"), "--updates", "2", "--warmup", "1"})
          .status,
      0);
}

}  // namespace
}  // namespace weft::e2e
