// weft train with guided alignment: what it is for, and what a person gets wrong.

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "base/temporary_directory.h"
#include "e2e/program.h"
#include "e2e/tiny_models.h"

namespace weft::e2e {
namespace {

using testing::AllOf;
using testing::HasSubstr;

class Guided : public testing::Test {
 protected:
  Outcome train(const std::string& model, const std::vector<std::string>& settings) const {
    std::vector<std::string> arguments{"train",
                                       "-c",
                                       reversal_task().config(),
                                       "-m",
                                       directory_.path(model),
                                       "--set",
                                       "training.stop_after=80u",
                                       "--set",
                                       "training.precision=float32"};
    for (const auto& setting : settings) arguments.insert(arguments.end(), {"--set", setting});
    return run_weft(arguments);
  }

  /// Links of the reversal task for the lines of a file.
  std::string gold_of(const std::string& file) const {
    std::string gold;
    for (const auto& line : lines_of(file_text(reversal_task().path(file)))) {
      const std::size_t words = (line.size() + 1) / 2;
      for (std::size_t i = 0; i < words; ++i)
        gold += std::to_string(i) + "-" + std::to_string(words - 1 - i) + " ";
      gold += '\n';
    }
    return gold;
  }

  double error_rate(const std::string& model, const std::string& from = "attention") const {
    const auto outcome =
        run_weft({"align", "-m", directory_.path(model), "-s", reversal_task().path("valid.src"),
                  "-t", reversal_task().path("valid.trg"), "--gold",
                  directory_.write("gold", gold_of("valid.src")), "--alignment-from", from});
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    return std::stod(outcome.out.substr(4));
  }

  TemporaryDirectory directory_;
};

TEST_F(Guided, AttentionPointsWhereItShouldSooner) {
  const std::string weight = "training.guided_alignment.weight=1";
  EXPECT_EQ(train("plain", {}).status, 0);
  const auto aligner = train("aligner", {weight});
  EXPECT_EQ(aligner.status, 0);
  EXPECT_THAT(aligner.err, HasSubstr("guided alignment: Weft's word aligner: 1000 pairs"));
  EXPECT_THAT(aligner.err, HasSubstr(" : Guided "));
  const auto links = directory_.write("gold.links", gold_of("train.src"));
  EXPECT_EQ(train("links", {weight, "training.guided_alignment.links=" + links}).status, 0);
  const double plain = error_rate("plain");
  EXPECT_GT(plain, 0.3);  // or the test shows nothing
  EXPECT_LT(error_rate("aligner"), plain / 2);
  EXPECT_LT(error_rate("links"), plain / 2);
}

// The attention of this model has not been taught, and knows nothing yet.
TEST_F(Guided, AHeadExplainsWhatAttentionDoesNotShow) {
  EXPECT_EQ(train("plain", {}).status, 0);
  const auto trained = train("head", {"model.alignment_head.width=24"});
  EXPECT_EQ(trained.status, 0);
  EXPECT_THAT(trained.err, AllOf(HasSubstr(" : Head "), HasSubstr(" : head AER ")));
  const double attention = error_rate("head");
  EXPECT_GT(attention, 0.3);  // or the test shows nothing
  EXPECT_LT(error_rate("head", "head"), attention / 2);
  EXPECT_LT(error_rate("head", "combined"), attention / 2);
  EXPECT_LT(error_rate("head", "aligner"), attention / 2);

  const auto source = directory_.write("source", "a b c d\n\ne f\n");
  const auto translate = [&](const std::string& model, const std::vector<std::string>& options) {
    std::vector<std::string> arguments{"translate", "-m", directory_.path(model), "-i", source};
    arguments.insert(arguments.end(), options.begin(), options.end());
    const auto outcome = run_weft(arguments);
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    return outcome.out;
  };
  const auto expected = translate("plain", {});
  EXPECT_EQ(translate("head", {}), expected);
  for (const std::string from : {"attention", "head", "aligner", "combined"}) {
    const auto lines = lines_of(translate(
        "head", {"--alignment-from", from, "--alignment", "json", "--n-best", "3", "-b", "3"}));
    std::string best;
    for (std::size_t i = 0; i < lines.size(); ++i) {
      const auto answer = nlohmann::json::parse(lines[i]);
      EXPECT_EQ(answer.at("from"), from);
      const auto words = answer.at("target").at("tokens").size();
      EXPECT_EQ(answer.at("matrix").size(), words);
      if (i == 0 || i == 3 || i == 4)
        best += answer.at("target").at("text").get<std::string>() + "\n";
    }
    EXPECT_EQ(lines.size(), 7u);  // a blank line has one blank translation
    EXPECT_EQ(best, translate("plain", {"-b", "3"}));
  }
}

TEST_F(Guided, SaysWhatAlignmentsAreMadeFromIsMissing) {
  EXPECT_EQ(train("plain", {}).status, 0);
  const auto source = directory_.write("source", "a b\n");
  const auto refused = [&](const std::vector<std::string>& options) {
    std::vector<std::string> arguments{"translate",   "-m",  directory_.path("plain"), "-i", source,
                                       "--alignment", "hard"};
    arguments.insert(arguments.end(), options.begin(), options.end());
    const auto outcome = run_weft(arguments);
    EXPECT_EQ(outcome.status, 2);
    EXPECT_EQ(outcome.out, "");
    return outcome.err;
  };
  EXPECT_THAT(refused({"--alignment-from", "head"}),
              HasSubstr("the model has none (model.alignment_head.width is 0)"));
  EXPECT_THAT(refused({"--alignment-from", "combined"}),
              HasSubstr("plain: has no word aligner, which alignments from combined need"));
  EXPECT_THAT(refused({"--alignment-from", "attention", "--aligner", "x"}),
              HasSubstr("--aligner is given, but alignments are from the attention; expected "
                        "--alignment-from aligner or combined"));
}

TEST_F(Guided, SaysWhatLinksLack) {
  const auto refused = [&](const std::string& links) {
    const auto outcome = train("refused", {"training.guided_alignment.weight=0.5",
                                           "training.guided_alignment.links=" + links});
    EXPECT_EQ(outcome.status, 2);
    return outcome.err;
  };
  EXPECT_THAT(refused("none.links"), HasSubstr("none.links: cannot be opened"));
  const auto gold = gold_of("train.src");
  EXPECT_THAT(
      refused(directory_.write("short", gold.substr(0, gold.rfind('\n', gold.size() - 2) + 1))),
      HasSubstr("short has 999 lines, but "));
  EXPECT_THAT(refused(directory_.write("far", "0-9\n" + gold.substr(gold.find('\n') + 1))),
              HasSubstr("far:1: link 0-9 points past the target sentence"));
}

}  // namespace
}  // namespace weft::e2e
