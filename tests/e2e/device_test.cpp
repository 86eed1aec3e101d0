// Where to compute, as it is asked for on the command line.

#include <gmock/gmock.h>

#include <filesystem>

#include "base/temporary_directory.h"
#include "e2e/program.h"
#include "e2e/tiny_models.h"

namespace weft::e2e {
namespace {

using testing::HasSubstr;

/// A command line of each command that computes, without its device.
std::vector<std::vector<std::string>> commands(const TemporaryDirectory& directory) {
  const auto source = reversal_task().path("valid.src"), target = reversal_task().path("valid.trg");
  return {
      {"train", "-c", reversal_task().config(), "-m", directory.path("new")},
      {"translate", "-m", reversal_model(), "-i", source, "-o", directory.path("out")},
      {"align", "-m", reversal_model(), "-s", source, "-t", target, "-o", directory.path("out")},
      {"bench", "train", "-c", reversal_task().config(), "--updates", "1", "--warmup", "1"},
      {"bench", "translate", "-m", reversal_model(), "-i", source}};
}

TEST(Device, IsRefusedInOneLineWhereThereIsNone) {
  const TemporaryDirectory directory;
  for (auto command : commands(directory)) {
    command.insert(command.end(), {"--device", "cuda:99"});
    const auto outcome = run_weft(command);
    EXPECT_EQ(outcome.status, 2) << outcome.err;
    EXPECT_THAT(outcome.err, HasSubstr("device is cuda:99, but "));
    EXPECT_THAT(outcome.err, HasSubstr("; expected auto"));
    EXPECT_EQ(lines_of(outcome.err).size(), 1U) << outcome.err;
    EXPECT_EQ(outcome.out, "");
    EXPECT_FALSE(std::filesystem::exists(directory.path("out")));
  }
}

TEST(Device, IsRefusedByTheNameOfTheOption) {
  const TemporaryDirectory directory;
  for (auto command : commands(directory)) {
    command.insert(command.end(), {"--device", "gpu"});
    const auto outcome = run_weft(command);
    EXPECT_EQ(outcome.status, 2);
    EXPECT_THAT(outcome.err, HasSubstr("--device: 'gpu' found; expected auto, cpu or cuda:N"));
  }
}

TEST(Device, ChangesNoTranslation) {
  const auto text = file_text(reversal_task().path("valid.src"));
  const auto left = run_weft({"translate", "-m", reversal_model()}, text);
  const auto chosen = run_weft({"translate", "-m", reversal_model(), "--device", "cpu"}, text);
  EXPECT_EQ(left.out, chosen.out);
  EXPECT_EQ(left.status, 0);
}

}  // namespace
}  // namespace weft::e2e
