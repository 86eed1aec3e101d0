#include "train/guidance.h"

#include <gmock/gmock.h>
#include <torch/types.h>

#include "align/pharaoh.h"
#include "kernels/machine.h"
#include "model/model_directory.h"
#include "train/copy_task.h"
#include "train/guided_weight.h"
#include "train/link_files.h"

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
  task.config.model.alignment_head.width = 6;
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
    const TrainingTask prepared(task.config, {task.path("")});
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
  for (const auto& event : guided) {
    EXPECT_GT(event.at("guided"), 0);
    EXPECT_GT(event.at("head"), 0);
  }
  EXPECT_LT(guided.back().at("guided"), guided.front().at("guided"));
  EXPECT_THAT(task.directory().read("run/training/log.txt"),
              ::testing::AllOf(HasSubstr("guided alignment: "), HasSubstr(" : Guided ")));
  CopyTask plain;
  plain.train("run");
  EXPECT_FALSE(plain.events("run", "update").front().contains("guided"));
}

/// The copy of each word, and of the word after it: what rows that are one too late would say.
std::string links_to(int shift, const std::string& text) {
  std::string links;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line); links += '\n') {
    const int words = (static_cast<int>(line.size()) + 1) / 2;
    for (int word = 0; word < words; ++word) {
      const int target = word + shift;
      if (target >= 0 && target < words)
        links += std::to_string(word) + "-" + std::to_string(target) + " ";
    }
  }
  return links;
}

// Gradients are clipped, units are dropped and weights averaged.
TEST(Guide, TeachesAHeadAndLeavesTheTranslationAsItWas) {
  CopyTask plain;
  plain.config.training.optimizer.clip_norm = 0.5;
  plain.train("run");
  CopyTask task;
  task.config = [&] {
    auto config = plain.config;
    config.model.alignment_head.width = 6;
    config.training.guided_alignment.links =
        task.directory().write("links", links_to(0, copy_lines(60, 1)));
    return config;
  }();
  task.train("run");
  const auto expected = plain.weights("run").tensors, found = task.weights("run").tensors;
  EXPECT_GT(found.size(), expected.size());
  for (const auto& [name, tensor] : expected)
    EXPECT_TRUE(torch::equal(tensor, found.at(name))) << name;
  const auto updates = task.events("run", "update");
  EXPECT_LT(updates.back().at("head"), updates.front().at("head"));
  EXPECT_FALSE(updates.front().contains("guided"));
  const auto validations = task.events("run", "validation");
  EXPECT_LT(validations.back().at("head_aer"), validations.front().at("head_aer"));
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

TEST(Guide, MeasuresAlignmentsOfTheValidationText) {
  for (const bool file : {true, false}) {
    CopyTask task;
    guide_task(task, file);
    task.config.training.validation.metric = ValidationMetric::kAer;
    task.train("run");
    const auto events = task.events("run", "validation");
    ASSERT_FALSE(events.empty());
    double best = 1;
    for (const auto& event : events) {
      EXPECT_GT(event.at("aer"), 0);
      EXPECT_LE(event.at("aer"), 1);
      EXPECT_EQ(event.at("alignment_shift"), 0);
      best = std::min(best, event.at("aer").get<double>());
    }
    EXPECT_LE(best, task.checkpoint("run").progress.best.value());
    EXPECT_THAT(task.directory().read("run/training/log.txt"), HasSubstr(" : AER 0."));
  }
}

// Attention that copies, and links that say it is one word late.
TEST(Guide, StoresWhichWordRowsDescribe) {
  CopyTask task(600);
  task.config.training.batch_tokens = 200;
  task.config.training.stop_after = {150, Period::Unit::kUpdates};
  task.config.training.guided_alignment.weight = 1;
  task.config.training.guided_alignment.links =
      task.directory().write("links", links_to(0, copy_lines(600, 1)));
  task.train("taught");
  EXPECT_EQ(read_model_config(task.path("taught")).decoding.alignment_shift, 0);

  // The same weights, of which nobody says that they were guided.
  auto plain = task.config;
  plain.training.guided_alignment = {};
  plain.training.validation.gold = task.directory().write("gold", links_to(1, copy_lines(12, 2)));
  Validator validator(plain, read_model_vocabularies(task.path("taught")), task.path(""));
  validator.compare_alignments(read_pharaoh(plain.training.validation.gold));
  ValidationResult result;
  validator.align(load_model(task.path("taught")).model, {}, result);
  EXPECT_EQ(result.alignment_shift, 1);
  EXPECT_LT(*result.aer, 0.5);
}

TEST(Guide, ChoosesTheShiftAtTheEndByGoldLinks) {
  CopyTask task;
  task.config.training.validation.gold =
      task.directory().write("gold", links_to(0, copy_lines(12, 2)));
  task.train("run");
  const auto shift = read_model_config(task.path("run")).decoding.alignment_shift;
  const auto best = task.weights("run").metadata.at("updates");
  for (const auto& event : task.events("run", "validation")) {
    if (std::to_string(event.at("updates").get<int64_t>()) == best) {
      EXPECT_EQ(event.at("alignment_shift"), shift);
    }
  }
  EXPECT_NO_THROW(task.train("run")) << "the shift is no other run's";
}

TEST(Guide, ChoosesTheShiftOfAnUntaughtRunByTheAlignersLinks) {
  CopyTask task(200);
  const auto valid = copy_lines(120, 2);
  task.directory().write("valid.src", valid);
  task.directory().write("valid.trg", valid);
  task.config.decoding.alignment_shift = 1;  // what no short run has, but for chance
  task.train("run");

  TrainingTask again(task.config, {task.path("")});
  EXPECT_FALSE(again.validator()->compares_alignments());
  again.find_links_for_shift();
  ASSERT_TRUE(again.validator()->compares_alignments());
  ValidationResult result;
  again.validator()->align(load_model(task.path("run")).model, {}, result);
  EXPECT_NE(result.alignment_shift, 1) << "the test shows nothing";
  EXPECT_EQ(read_model_config(task.path("run")).decoding.alignment_shift, result.alignment_shift);
  EXPECT_FALSE(task.events("run", "validation").back().contains("aer"));
}

TEST(Guide, ChoosesNoShiftByAFewSentences) {
  const CopyTask task;
  TrainingTask prepared(task.config, {task.path("")});
  prepared.find_links_for_shift();
  EXPECT_FALSE(prepared.validator()->compares_alignments());
}

std::vector<std::string> mistakes(const CopyTask& task, const std::string& links) {
  auto config = task.config;
  config.training.guided_alignment.links = task.directory().write("links", links);
  Problems problems;
  check_link_files(config, problems);
  return problems.messages();
}

TEST(CheckLinkFiles, SaysWhereAMistakeIs) {
  CopyTask task;
  task.config.data.train_source = {task.directory().write("s", "a b\n我喜欢你。\n")};
  task.config.data.train_target = {task.directory().write("t", "A\nB C\n")};
  const auto links = task.path("links");
  EXPECT_THAT(mistakes(task, "0-0 1-0\n3-1\n"), ElementsAre());
  EXPECT_THAT(mistakes(task, "0-0 1-1\n0-0\n"),
              ElementsAre(links + ":1: link 1-1 points past the target sentence; expected target "
                                  "positions below 1 (do these links count from 1?)"));
  EXPECT_THAT(mistakes(task, "0-0\n1:1\n"), ElementsAre(HasSubstr(links + ":2:1: '1:1' is not")));
  EXPECT_THAT(mistakes(task, "x\n1:1\n\n"),
              ElementsAre(HasSubstr("has 3 lines"), HasSubstr(links + ":1:1: 'x'"),
                          HasSubstr(links + ":2:1: '1:1'")));
  EXPECT_THAT(mistakes(task, "0-0\n"), ElementsAre(links + " has 1 line, but " + task.path("s") +
                                                   " has more; expected as many lines in both"));
  EXPECT_THAT(mistakes(task, "0-0\n0-0\n0-0\n\n"),
              ElementsAre(links + " has 4 lines, but " + task.path("s") +
                          " has 2 lines; expected as many lines in both"));
}

}  // namespace
}  // namespace weft
