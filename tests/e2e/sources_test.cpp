// Several sources from the command line: words in one text, in the other what they are.

#include <gmock/gmock.h>

#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>

#include "base/temporary_directory.h"
#include "e2e/homographs.h"
#include "e2e/program.h"
#include "e2e/tiny_models.h"

namespace weft::e2e {
namespace {

using testing::HasSubstr;

/// The model that all tests here read, trained once.
class Sources : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    directory_ = std::make_unique<TemporaryDirectory>();
    write_texts("train", 700);
    write_texts("valid", 40);
    directory_->write("config.yaml", config());
    const auto outcome = run_weft({"train", "-c", path("config.yaml"), "-m", path("model")});
    ASSERT_EQ(outcome.status, 0) << outcome.err;
  }
  static void TearDownTestSuite() { directory_.reset(); }

  static void write_texts(const std::string& name, int lines) {
    std::string english, tags, german;
    for (int i = 0; i < lines; ++i) {
      const auto sentence = tagged_sentence();
      english += line_of(sentence, [](const TaggedWord& word) { return word.english; });
      tags += line_of(sentence, [](const TaggedWord& word) {
        return std::string(word.is_noun ? "Nomen" : "Verb");
      });
      german += line_of(sentence, [](const TaggedWord& word) { return word.german; });
    }
    directory_->write(name + ".en", english);
    directory_->write(name + ".tags", tags);
    directory_->write(name + ".de", german);
  }
  static std::string config() {
    std::string data = "  source_kind: [text, text]\n";
    for (const std::string part : {"train", "valid"}) {
      data += "  " + part + "_source: [" + path(part + ".en") + ", " + path(part + ".tags") +
              "]\n  " + part + "_target: " + path(part + ".de") + "\n";
    }
    return tiny_config(data, "{type: words}",
                       "  batch_tokens: 200\n"
                       "  stop_after: 14e\n"
                       "  validation: {every: 7e, beam_size: 1}\n");
  }

  static std::string path(const std::string& name) { return directory_->path(name); }
  static std::string write(const std::string& name, const std::string& text) {
    return directory_->write(name, text);
  }
  static Outcome translate(std::vector<std::string> options, const std::string& input = "") {
    options.insert(options.begin(), {"-q", "translate", "-m", path("model")});
    return run_weft(options, input);
  }

  inline static std::unique_ptr<TemporaryDirectory> directory_;
};

TEST_F(Sources, DecideTogetherWhatALineMeans) {
  const auto words = write("words", "Watch play\n\nPlay watch\nIron\n");
  const auto tags = write("tags", "Nomen Verb\n\nNomen Verb\nVerb\n");
  const std::string expected = "Uhr spielen\n\nSpiel beobachten\nglätten\n";
  EXPECT_EQ(translate({"-i", words, "-i", tags}), (Outcome{0, expected, ""}));
  EXPECT_EQ(translate({"--input", words, tags}), (Outcome{0, expected, ""}));
  EXPECT_EQ(translate({"-i", words, "-i", "-"}, file_text(tags)), (Outcome{0, expected, ""}));
  EXPECT_EQ(translate({"-m", path("model"), "-i", words, "-i", tags}), (Outcome{0, expected, ""}))
      << "an ensemble";

  const auto valid = translate({"-i", path("valid.en"), path("valid.tags")});
  const auto translations = lines_of(valid.out), references = lines_of(file_text(path("valid.de")));
  ASSERT_EQ(translations.size(), references.size());
  int right = 0;
  for (std::size_t i = 0; i < references.size(); ++i) right += translations[i] == references[i];
  EXPECT_GE(right, 36);
}

TEST_F(Sources, AreAlignedOneOrTheOther) {
  const auto words = write("words", "Iron plant\n"), tags = write("tags", "Verb Nomen\n");
  const auto german = write("german", "glätten Pflanze\n");
  for (const std::string source : {"1", "2"}) {
    const auto made = translate(
        {"-i", words, tags, "--alignment", "json", "--n-best", "2", "--alignment-source", source});
    ASSERT_EQ(made.status, 0) << made.err;
    const auto object = nlohmann::json::parse(lines_of(made.out).front());
    EXPECT_EQ(object["source"]["text"], source == "1" ? "Iron plant" : "Verb Nomen");
    const auto given = run_weft({"-q", "align", "-m", path("model"), "-s", words, "-s", tags, "-t",
                                 german, "--format", "json", "--alignment-source", source});
    ASSERT_EQ(given.status, 0) << given.err;
    const auto forced = nlohmann::json::parse(given.out);
    EXPECT_EQ(forced["source"], object["source"]);
    EXPECT_EQ(forced["target"], object["target"]);
    ASSERT_EQ(forced["matrix"].size(), 2U);
    for (std::size_t row = 0; row < 2; ++row) {
      for (std::size_t column = 0; column < 2; ++column) {
        EXPECT_NEAR(forced["matrix"][row][column], object["matrix"][row][column], 1e-3);
      }
    }
  }
}

// Written when the sources after the first had keys and tensors of another name.
TEST(OldModelOfTwoSources, TranslatesAsEver) {
  const std::string model = WEFT_GOLDEN "/model/two-sources-v1";
  EXPECT_EQ(
      run_weft({"-q", "translate", "-m", model, "-i", model + "/in.words", model + "/in.tags"}),
      (Outcome{0, file_text(model + "/expected"), ""}));
}

TEST_F(Sources, MustBeAsManyAsTheModelReads) {
  const auto words = write("words", "Iron\n"), tags = write("tags", "Verb\n");
  EXPECT_EQ(translate({"-i", words}),
            refusal({path("model") + ": reads 2 sources, but 1 is given; expected -i for each, in "
                                     "the order of training"}));
  EXPECT_THAT(run_weft({"translate", "-m", reversal_model(), "-i", words, tags}).err,
              HasSubstr(": reads 1 source, but 2 are given"));
  EXPECT_THAT(run_weft({"align", "-m", path("model"), "-s", words, "-t", tags}).err,
              HasSubstr(": reads 2 sources, but 1 is given; expected -s for each"));
  EXPECT_THAT(translate({"-i", words, tags, "--alignment", "hard", "--alignment-source", "3"}).err,
              HasSubstr("--alignment-source is 3, but " + path("model") + " reads 2 sources"));
  EXPECT_THAT(translate({"-i", "-", "-"}).err,
              HasSubstr("standard input is given twice; it can be read only once"));
  EXPECT_THAT(run_weft({"bench", "translate", "-m", path("model"), "-i", words}).err,
              HasSubstr("data.source_kind has 2 sources; expected one"));
}

TEST_F(Sources, MustHaveAsManyLines) {
  const auto two = write("two", "Iron\nPlay\n"), one = write("one", "Verb\n");
  const auto target = write("target", "glätten\nspielen\n");
  const auto outcome = translate({"-i", two, one});
  EXPECT_EQ(outcome.status, 2);
  EXPECT_EQ(outcome.out, "glätten\n") << "what could be translated";
  const auto expected =
      one + " has 1 line, but " + two + " has 2 lines; expected as many lines in both\n";
  EXPECT_EQ(outcome.err, expected);
  const auto aligned = run_weft({"-q", "align", "-m", path("model"), "-s", two, one, "-t", target});
  EXPECT_EQ(aligned.status, 2);
  EXPECT_EQ(aligned.out, "0-0\n") << "what could be aligned";
  EXPECT_EQ(aligned.err, expected);
  EXPECT_EQ(run_weft({"train", "-c", path("config.yaml"), "-m", path("none"), "--set",
                      "data.train_source=[" + path("train.en") + ", " + one + "]"}),
            refusal({path("train.en") + " has 700 lines, but " + one +
                     " has 1 line; expected as many lines in both"}));
  EXPECT_FALSE(std::filesystem::exists(path("none")));
}

TEST_F(Sources, StayWithARunThatIsResumed) {
  const std::vector<std::string> once{"-q",    "train",
                                      "-c",    path("config.yaml"),
                                      "-m",    path("short"),
                                      "--set", "model.attention.source_combination=hierarchical",
                                      "--set", "training.validation.every=0",
                                      "--set"};
  auto first = once, second = once, whole = once;
  first.push_back("training.stop_after=3u");
  second.push_back("training.stop_after=6u");
  EXPECT_EQ(run_weft(first), (Outcome{0, "", ""}));
  EXPECT_EQ(run_weft(second), (Outcome{0, "", ""}));
  EXPECT_TRUE(std::filesystem::exists(path("short/source2.words")));
  whole[5] = path("whole");
  whole.push_back("training.stop_after=6u");
  EXPECT_EQ(run_weft(whole), (Outcome{0, "", ""}));
  EXPECT_EQ(file_text(path("short/weights.safetensors")),
            file_text(path("whole/weights.safetensors")));
}

}  // namespace
}  // namespace weft::e2e
