// The fixture of the other tests here: trains the models they use, and checks that they learnt.

#include <gmock/gmock.h>

#include <filesystem>

#include "e2e/program.h"
#include "e2e/tiny_models.h"

namespace weft::e2e {
namespace {

/// Lines of the translation that are exactly right.
std::size_t count_right(const Task& task, const std::string& model) {
  const auto outcome = run_weft({"translate", "-m", model, "-i", task.path("valid.src")});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  const auto translations = lines_of(outcome.out);
  const auto references = lines_of(file_text(task.path("valid.trg")));
  EXPECT_EQ(translations.size(), references.size());
  std::size_t right = 0;
  for (std::size_t i = 0; i < std::min(translations.size(), references.size()); ++i) {
    if (translations[i] == references[i]) ++right;
  }
  return right;
}

TEST(TinyModels, ReversalIsLearnt) {
  std::filesystem::remove_all(reversal_task().directory);
  const Task task = write_reversal_task(reversal_task().directory);
  const auto outcome = run_weft({"train", "-c", task.config(), "-m", reversal_model()});
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(outcome.out, "");
  EXPECT_GE(count_right(task, reversal_model()), 45u) << "of 50";
}

TEST(TinyModels, ChineseIsLearnt) {
  std::filesystem::remove_all(chinese_task().directory);
  const Task task = write_chinese_task(chinese_task().directory);
  const auto outcome = run_weft({"train", "-c", task.config(), "-m", chinese_model()});
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(outcome.out, "");
  EXPECT_GE(count_right(task, chinese_model()), 15u) << "of 20";
}

}  // namespace
}  // namespace weft::e2e
