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

std::string validation_text() { return file_text(reversal_task().path("valid.src")); }

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
  const auto text = validation_text();
  const auto expected = run_on_avx2({"translate", "-m", reversal_model()}, text).out;
  for (const std::string precision : {"bfloat16", "int8"}) {
    const auto model = directory.path(precision);
    write_model_that_prefers(precision, model);
    const auto outcome = run_on_avx2({"translate", "-m", model}, text);
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    EXPECT_EQ(outcome.out, expected);
    EXPECT_THAT(outcome.err, HasSubstr("decoding.precision of " + model + " is " + precision));
    EXPECT_THAT(outcome.err, HasSubstr("float32 is used instead"));
  }
}

TEST(PrecisionAskedFor, IsRefusedByTheNameOfTheOption) {
  for (const std::string precision : {"bfloat16", "int8"}) {
    EXPECT_EQ(run_on_avx2({"translate", "-m", reversal_model(), "--precision", precision}, "a\n"),
              refusal({"--precision is " + precision +
                       ", but this processor (or this build of Weft) has no fast " + precision +
                       " products; expected auto or float32"}));
  }
  const auto outcome =
      run_on_avx2({"translate", "-m", reversal_model(), "--precision", "auto"}, "a\n");
  EXPECT_EQ(outcome.status, 0) << outcome.err;
}

TEST(Lines, DoNotDependOnTheirNeighboursWithAvx2Alone) {
  const auto text = validation_text();
  const auto translation = [&](const std::string& option, const std::string& value) {
    return run_on_avx2({"translate", "-m", reversal_model(), "--n-best", "3", option, value}, text)
        .out;
  };
  const auto expected = translation("--batch-sentences", "64");
  EXPECT_EQ(lines_of(expected).size(), 3 * lines_of(text).size());
  for (const std::string size : {"1", "3", "7"})
    EXPECT_EQ(translation("--batch-sentences", size), expected) << size;
  EXPECT_EQ(translation("--threads", "1"), translation("--threads", "2"));
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
