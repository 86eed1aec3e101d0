// Precisions on processors that lack them, and the promise of independent lines there. oneDNN takes
// any processor for one with AVX2 alone if the environment says so.

#include <gmock/gmock.h>

#include <filesystem>

#include "base/temporary_directory.h"
#include "e2e/program.h"
#include "e2e/tiny_models.h"

namespace weft::e2e {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

/// Runs `weft ARGUMENTS` as on a processor with AVX2 alone.
Outcome run_on_avx2(const std::vector<std::string>& arguments, const std::string& input = "") {
  auto command = weft_command(arguments);
  command.environment = {{"ONEDNN_MAX_CPU_ISA", "AVX2"}};
  return run(command, input);
}

std::string precision_text() { return file_text(reversal_task().path("valid.src")); }

/// A copy of the reversal model whose config prefers `precision` in search.
void write_model_that_prefers(const std::string& precision, const std::string& directory) {
  fs::copy(reversal_model(), directory, fs::copy_options::recursive);
  auto config = file_text(directory + "/config.yaml");
  const auto decoding = config.find("\ndecoding:");
  const auto place = config.find("precision: ", decoding);
  config.replace(place, config.find('\n', place) - place, "precision: " + precision);
  write_text(directory + "/config.yaml", config);
}

TEST(PrecisionOfAModel, IsFloat32WhereTheProcessorLacksIt) {
  const TemporaryDirectory directory;
  const auto text = precision_text();
  const auto expected = run_on_avx2({"translate", "-m", reversal_model()}, text).out;
  const auto model = directory.path("bfloat16");
  write_model_that_prefers("bfloat16", model);
  const auto outcome = run_on_avx2({"translate", "-m", model}, text);
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(outcome.out, expected);
  EXPECT_THAT(outcome.err, HasSubstr("decoding.precision of " + model + " is bfloat16"));
  EXPECT_THAT(outcome.err, HasSubstr("float32 is used instead"));
}

// Weft's own products in int8: whoever prefers them gets them, without a word.
TEST(PrecisionOfAModel, IsInt8WithAvx2Alone) {
  const TemporaryDirectory directory;
  const auto text = precision_text();
  const auto model = directory.path("int8");
  write_model_that_prefers("int8", model);
  const auto preferred = run_on_avx2({"translate", "-m", model}, text);
  const auto asked =
      run_on_avx2({"translate", "-m", reversal_model(), "--precision", "int8"}, text);
  EXPECT_EQ(preferred.status, 0) << preferred.err;
  EXPECT_THAT(preferred.err, Not(HasSubstr("float32")));
  EXPECT_EQ(asked.status, 0) << asked.err;
  EXPECT_EQ(asked.out, preferred.out);
  EXPECT_EQ(lines_of(asked.out).size(), lines_of(text).size());
}

// Most lines are those of float32, and no line's scores are: the precision is another one.
TEST(Int8WithAvx2Alone, TranslatesAlmostAsFloat32) {
  const auto text = precision_text();
  const auto translations = [&](const std::string& precision, bool scores) {
    std::vector<std::string> arguments{"translate", "-m", reversal_model(), "--precision",
                                       precision};
    if (scores) arguments.insert(arguments.end(), {"--n-best", "1"});
    return lines_of(run_on_avx2(arguments, text).out);
  };
  const auto exact = translations("float32", false), rounded = translations("int8", false);
  ASSERT_EQ(rounded.size(), exact.size());
  std::size_t same = 0;
  for (std::size_t i = 0; i < exact.size(); ++i) same += exact[i] == rounded[i] ? 1 : 0;
  EXPECT_GT(same, exact.size() * 8 / 10);
  EXPECT_NE(translations("float32", true), translations("int8", true));
}

TEST(PrecisionAskedFor, IsRefusedByTheNameOfTheOption) {
  const std::string mistake =
      "--precision is bfloat16, but this processor (or this build of Weft) has no fast bfloat16 "
      "products; expected ";
  EXPECT_EQ(run_on_avx2({"translate", "-m", reversal_model(), "--precision", "bfloat16"}, "a\n"),
            refusal({mistake + "auto, float32 or int8"}));
  EXPECT_EQ(
      run_on_avx2({"bench", "train", "-c", reversal_task().config(), "--precision", "bfloat16"}),
      refusal({mistake + "auto or float32"}));
  const auto outcome =
      run_on_avx2({"translate", "-m", reversal_model(), "--precision", "auto"}, "a\n");
  EXPECT_EQ(outcome.status, 0) << outcome.err;
}

TEST(Lines, DoNotDependOnTheirNeighboursWithAvx2Alone) {
  const auto text = precision_text();
  for (const std::string precision : {"float32", "int8"}) {
    const auto translation = [&](const std::string& option, const std::string& value) {
      return run_on_avx2({"translate", "-m", reversal_model(), "--precision", precision, "--n-best",
                          "3", option, value},
                         text)
          .out;
    };
    const auto expected = translation("--batch-sentences", "64");
    EXPECT_EQ(lines_of(expected).size(), 3 * lines_of(text).size());
    for (const std::string size : {"1", "3", "7"})
      EXPECT_EQ(translation("--batch-sentences", size), expected) << precision << size;
    EXPECT_EQ(translation("--threads", "1"), translation("--threads", "2")) << precision;
  }
}

class PrecisionOfARun : public testing::Test {
 protected:
  std::vector<std::string> command(const std::string& precision, const std::string& end) const {
    return {"train",
            "-c",
            reversal_task().config(),
            "-m",
            model(),
            "--set",
            "training.precision=" + precision,
            "--set",
            "training.stop_after=" + end};
  }
  std::string model() const { return directory_.path("model"); }

  TemporaryDirectory directory_;
};

TEST_F(PrecisionOfARun, IsFloat32WhereTheProcessorLacksIt) {
  const auto outcome = run_on_avx2(command("bfloat16", "3u"));
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_THAT(outcome.err, HasSubstr("training.precision is bfloat16"));
  EXPECT_THAT(outcome.err, HasSubstr("float32 is used instead"));
  const auto rest = run_on_avx2(command("bfloat16", "5u"));
  EXPECT_EQ(rest.status, 0) << rest.err;
}

TEST_F(PrecisionOfARun, IsKeptWhenItIsResumedOrRefused) {
  const auto begun = run_weft(command("auto", "3u"));
  ASSERT_EQ(begun.status, 0) << begun.err;
  if (begun.err.find("auto: bfloat16") == std::string::npos)
    GTEST_SKIP() << "this processor has no bfloat16 products";
  const auto refused = run_on_avx2(command("auto", "5u"));
  EXPECT_EQ(refused.status, 2);
  EXPECT_THAT(refused.err, HasSubstr(model() + ": holds a run in bfloat16"));
  const auto kept = run_weft(command("float32", "5u"));
  EXPECT_EQ(kept.status, 0) << kept.err;
  EXPECT_THAT(kept.err, HasSubstr("began in bfloat16 and continues in it"));
  const auto changed = run_on_avx2(command("float32", "7u"));
  EXPECT_EQ(changed.status, 0) << changed.err;
  EXPECT_THAT(changed.err, HasSubstr("continues in float32"));
  EXPECT_EQ(run_on_avx2(command("auto", "9u")).status, 0);
}

}  // namespace
}  // namespace weft::e2e
