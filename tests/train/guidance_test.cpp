#include "train/guidance.h"

#include <gmock/gmock.h>
#include <torch/types.h>

#include "kernels/machine.h"
#include "model/model_directory.h"
#include "train/copy_task.h"
#include "train/guided_weight.h"

namespace weft {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(GuidedWeight, FallsByHalfLives) {
  const GuidedAlignmentOptions options{.weight = 0.9, .final_weight = 0.1, .half_life = 10};
  EXPECT_DOUBLE_EQ(guided_weight(options, 1), 0.9);
  EXPECT_DOUBLE_EQ(guided_weight(options, 11), 0.5);
  EXPECT_DOUBLE_EQ(guided_weight(options, 21), 0.3);
  EXPECT_DOUBLE_EQ(guided_weight({.weight = 0.9, .half_life = 0}, 500), 0.9);
  EXPECT_DOUBLE_EQ(guided_weight({.weight = 0.05, .final_weight = 0.1}, 500), 0.05);
}

/// The copy task with links from a file: every word with its copy.
void guide_task(CopyTask& task, bool file) {
  task.config.training.guided_alignment.weight = 0.5;
  task.config.training.guided_alignment.half_life = 6;
  if (!file) return;
  std::string links;
  std::istringstream lines(copy_lines(60, 1));
  for (std::string line; std::getline(lines, line);) {
    for (std::size_t word = 0; word < (line.size() + 1) / 2; ++word)
      links += (word == 0 ? "" : " ") + std::to_string(word) + "-" + std::to_string(word);
    links += '\n';
  }
  task.config.training.guided_alignment.links = task.directory().write("links", links);
}

TEST(Guide, TakesLinksFromAFileOrFromWeftsAligner) {
  use_machine(1);
  for (const bool file : {true, false}) {
    CopyTask task;
    guide_task(task, file);
    const TrainingTask prepared(task.config, task.path(""));
    const auto& guidance = prepared.corpus().guidance();
    ASSERT_TRUE(guidance);
    int right = 0, links = 0;
    for (int64_t i = 0; i < guidance->size(); ++i) {
      for (const auto& link : guidance->pair(i).words.links) {
        ++links;
        if (link.source == link.target) ++right;
      }
    }
    EXPECT_GT(links, 100);
    EXPECT_GE(right, file ? links : 8 * links / 10);
  }
}

TEST(Guide, IsReportedApartAndLeavesUnguidedRunsAlone) {
  CopyTask task;
  guide_task(task, true);
  task.train("run");
  const auto guided = task.events("run", "update");
  ASSERT_FALSE(guided.empty());
  for (const auto& event : guided) EXPECT_GT(event.at("guided"), 0);
  EXPECT_LT(guided.back().at("guided"), guided.front().at("guided"));
  EXPECT_THAT(task.directory().read("run/training/log.txt"),
              ::testing::AllOf(HasSubstr("guided alignment: "), HasSubstr(" : Guided ")));
  CopyTask plain;
  plain.train("run");
  EXPECT_FALSE(plain.events("run", "update").front().contains("guided"));
}

TEST(Guide, EndsTheSameWhenInterrupted) {
  for (const bool file : {true, false}) {
    CopyTask task;
    guide_task(task, file);
    task.train("whole");
    task.train("parts", after(5));
    task.train("parts");
    const auto whole = task.checkpoint("whole"), parts = task.checkpoint("parts");
    for (const auto& [name, tensor] : whole.tensors)
      EXPECT_TRUE(torch::equal(tensor, parts.tensors.at(name))) << name;
    EXPECT_EQ(task.history("whole"), task.history("parts"));
  }
}

TEST(Guide, GoesOnWithItsLinksAlone) {
  CopyTask task;
  guide_task(task, true);
  task.train("run", after(5));
  const auto links = task.directory().read("links");
  auto& path = task.config.training.guided_alignment.links;
  path = task.directory().write("moved", links);
  EXPECT_NO_THROW(task.train("run", after(1)));
  path = task.directory().write("others", "\n" + links.substr(links.find('\n') + 1));
  EXPECT_THROW(task.train("run"), UserError);
}

std::vector<std::string> mistakes(const CopyTask& task, const std::string& links) {
  auto config = task.config;
  config.training.guided_alignment.links = task.directory().write("links", links);
  Problems problems;
  check_links_file(config, problems);
  return problems.messages();
}

TEST(CheckLinksFile, SaysWhereAMistakeIs) {
  CopyTask task;
  task.config.data.train_source = {task.directory().write("s", "a b\n我喜欢你。\n")};
  task.config.data.train_target = {task.directory().write("t", "A\nB C\n")};
  const auto links = task.path("links");
  EXPECT_THAT(mistakes(task, "0-0 1-0\n3-1\n"), ElementsAre());
  EXPECT_THAT(mistakes(task, "0-0 1-1\n0-0\n"),
              ElementsAre(links + ":1: link 1-1 points past the target sentence; expected target "
                                  "positions below 1 (do these links count from 1?)"));
  EXPECT_THAT(mistakes(task, "0-0\n1:1\n"), ElementsAre(HasSubstr(links + ":2:1: '1:1' is not")));
  EXPECT_THAT(mistakes(task, "0-0\n"), ElementsAre(links + " has 1 line, but " + task.path("s") +
                                                   " has more; expected as many lines in both"));
  EXPECT_THAT(mistakes(task, "0-0\n0-0\n0-0\n\n"),
              ElementsAre(links + " has 4 lines, but " + task.path("s") +
                          " has 2 lines; expected as many lines in both"));
}

}  // namespace
}  // namespace weft
