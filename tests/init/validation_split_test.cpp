#include "init/validation_split.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>

#include "base/temporary_directory.h"

namespace weft {
namespace {

int64_t count(const std::vector<bool>& lines) {
  return std::count(lines.begin(), lines.end(), true);
}

/// Lines of which many share a sentence on one side or both.
std::vector<SentenceHashes> tangled_lines(std::size_t size) {
  std::mt19937_64 generator(3);
  std::vector<SentenceHashes> lines(size);
  for (auto& line : lines) line = {1 + generator() % (2 * size), 1 + generator() % (2 * size)};
  return lines;
}

TEST(ChooseValidationLines, SharesNoSentenceWithTraining) {
  const auto lines = tangled_lines(5000);
  const auto is_validation = choose_validation_lines(lines, 250);
  EXPECT_EQ(count(is_validation), 250);
  std::set<uint64_t> sources, targets;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (is_validation[i]) continue;
    sources.insert(lines[i].source);
    targets.insert(lines[i].target);
  }
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (!is_validation[i]) continue;
    EXPECT_FALSE(sources.contains(lines[i].source));
    EXPECT_FALSE(targets.contains(lines[i].target));
  }
}

TEST(ChooseValidationLines, DoesNotDependOnTheOrder) {
  const auto lines = tangled_lines(2000);
  auto reversed = lines;
  std::reverse(reversed.begin(), reversed.end());
  auto chosen = choose_validation_lines(reversed, 100);
  std::reverse(chosen.begin(), chosen.end());
  EXPECT_EQ(choose_validation_lines(lines, 100), chosen);
}

TEST(ChooseValidationLines, LeavesBlankLinesInTraining) {
  std::vector<SentenceHashes> lines(50);
  for (std::size_t i = 0; i < lines.size(); ++i) lines[i] = {i + 1, i % 2 == 0 ? 0 : i + 1};
  const auto is_validation = choose_validation_lines(lines, 10);
  EXPECT_EQ(count(is_validation), 10);
  for (std::size_t i = 0; i < lines.size(); i += 2) EXPECT_FALSE(is_validation[i]);
}

TEST(ChooseValidationLines, TakesNoneOfOneSentence) {
  const std::vector<SentenceHashes> lines(40, {7, 9});
  EXPECT_EQ(count(choose_validation_lines(lines, 4)), 0);
}

TEST(WriteSplit, CopiesEveryLineOnce) {
  const TemporaryDirectory directory;
  const ParallelFiles files{{{directory.write("a", "1\n2\n"), directory.write("b", "3\n\n5")}},
                            {directory.write("c", "I\nII\nIII\nIV\nV\n")}};
  const SplitPaths paths{directory.path("ts"), directory.path("tt"), directory.path("vs"),
                         directory.path("vt")};
  write_split(files, {false, true, false, false, true}, paths);
  EXPECT_EQ(directory.read("ts"), "1\n3\n\n");
  EXPECT_EQ(directory.read("tt"), "I\nIII\nIV\n");
  EXPECT_EQ(directory.read("vs"), "2\n5\n");
  EXPECT_EQ(directory.read("vt"), "II\nV\n");
}

}  // namespace
}  // namespace weft
