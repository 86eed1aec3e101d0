// weft check: what is wrong with a config and its files, all at once, and what would not fit.

#include <gmock/gmock.h>

#include <algorithm>
#include <filesystem>
#include <string>

#include "base/temporary_directory.h"
#include "e2e/program.h"
#include "e2e/tiny_models.h"

namespace weft::e2e {
namespace {

using testing::HasSubstr;

class Check : public testing::Test {
 protected:
  Outcome check(const std::vector<std::string>& more) const {
    std::vector<std::string> arguments{"check", "-c", reversal_task().config(), "--set",
                                       "training.threads=1"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_weft(arguments);
  }
  TemporaryDirectory directory_;
};

TEST_F(Check, TrainsAndValidatesOnTheLargestBatches) {
  const auto outcome = check({});
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_THAT(outcome.out, testing::AllOf(HasSubstr("training text: "),
                                          HasSubstr("the largest training batch, "),
                                          HasSubstr("the largest validation batch, "),
                                          HasSubstr("peak memory "), HasSubstr("no mistakes\n")));
  EXPECT_FALSE(std::filesystem::exists("runs"));
  EXPECT_THAT(check({"--set", "training.batch_sentences=3"}).out,
              HasSubstr("the largest training batch, 3 pairs of "));
  const auto files = check({"--no-dry-run"});
  EXPECT_EQ(files.out, reversal_task().config() + ": no mistakes\n");
}

TEST_F(Check, TellsAllMistakesOfConfigAndFilesAtOnce) {
  const auto broken = directory_.write("broken.txt", "a\nb \xff\n");
  const auto config =
      directory_.write("config.yaml", "data:\n  train_source: " + broken +
                                          "\n  train_target: " + directory_.path("nowhere") +
                                          "\nmodel:\n  encoder:\n    hiden: 3\ntraining:\n"
                                          "  batch_tokens: many\n");
  const auto outcome = run_weft({"check", "-c", config});
  EXPECT_EQ(outcome.status, 2);
  EXPECT_EQ(lines_of(outcome.err).size(), 4U) << outcome.err;
  EXPECT_THAT(outcome.err, testing::AllOf(HasSubstr(config + ":6:5: unknown key 'hiden'"),
                                          HasSubstr(config + ":8:17: training.batch_tokens"),
                                          HasSubstr(broken + ":2: not valid UTF-8"),
                                          HasSubstr(directory_.path("nowhere") + ": ")));
}

TEST_F(Check, ReadsNoFileOfWhichTheConfigDoesNotSayWhatIsInIt) {
  const auto a = directory_.write("a", "a\n"), b = directory_.write("b", "\n\n");
  const auto pairs = "data:\n  train_source: [" + a + ", " + b + ", " + b +
                     "]\n  train_target: " + directory_.write("target", "A\nB\n") +
                     "\n  source_kind: [text, features, features]\n";
  const auto config = directory_.write("items.yaml", pairs +
                                                         "model:\n  input:\n"
                                                         "    width: [0, 5]\n");
  const auto items = run_weft({"check", "-c", config});
  EXPECT_EQ(items.status, 2);
  EXPECT_THAT(items.err,
              testing::AllOf(HasSubstr("model.input.width is a list of 2; expected []"),
                             HasSubstr(a + " has 1 line, but " + directory_.path("target"))));
  EXPECT_THAT(items.err, testing::Not(HasSubstr("internal error")));
  const auto words = directory_.write("words", "a\na\n");
  for (const char* setting : {"vocabulary.type=wrods", "vocabulary.tpye=words"}) {
    const auto outcome = check({"--set", "vocabulary.source_file=" + words, "--set",
                                "vocabulary.target_file=" + words, "--set", setting});
    EXPECT_EQ(outcome.status, 2);
    EXPECT_EQ(lines_of(outcome.err).size(), 1U) << outcome.err;
  }
}

TEST_F(Check, TellsTheMistakesOfEveryFileAtOnce) {
  std::string bad_pairs, links, weights;
  for (int i = 0; i < 30; ++i) {
    bad_pairs += i % 2 == 0 ? "a\tA\n" : "a\n";
    links += "0-9\n";
    weights += "-1\n";
  }
  const auto pairs = directory_.write("pairs.tsv", bad_pairs);
  const auto outcome =
      check({"--set", "data.train_source=" + pairs,
             "--set", "data.train_target=[]",
             "--set", "data.train_format=tsv",
             "--set", "data.train_sentence_weights=" + directory_.write("weights", weights),
             "--set", "data.valid_source=" + directory_.write("valid.s", "a\nb\n\xFF\n"),
             "--set", "data.valid_target=" + directory_.write("valid.t", "A\nB\n"),
             "--set", "vocabulary.source_file=" + directory_.write("words", "a\na\nb c\n"),
             "--set", "vocabulary.target_file=" + directory_.path("nowhere"),
             "--set", "training.guided_alignment.weight=1",
             "--set", "training.guided_alignment.links=" + directory_.write("links", links)});
  EXPECT_EQ(outcome.status, 2);
  const auto count = [&](const std::string& part) {
    const auto lines = lines_of(outcome.err);
    return std::count_if(lines.begin(), lines.end(), [&](const std::string& line) {
      return line.find(part) != std::string::npos;
    });
  };
  EXPECT_EQ(count(pairs + ":"), 11) << outcome.err;
  EXPECT_EQ(count(pairs + ": 5 more lines have other than two fields"), 1) << outcome.err;
  EXPECT_EQ(count(directory_.path("weights") + ": 20 more lines have weights that are no"), 1);
  EXPECT_EQ(count(directory_.path("valid.s") + ":3: not valid UTF-8"), 1);
  EXPECT_EQ(count(directory_.path("valid.s") + " has 3 lines, but "), 1);
  EXPECT_EQ(count(directory_.path("words") + ":2: duplicate word 'a'"), 1);
  EXPECT_EQ(count(directory_.path("words") + ":3: 'b c' holds whitespace"), 1);
  EXPECT_EQ(count(directory_.path("nowhere") + ": cannot be opened"), 1);
  EXPECT_EQ(count(directory_.path("links") + ":1: link 0-9 points past the target"), 1);
  EXPECT_EQ(count(directory_.path("links") + ": 5 more lines have links"), 1) << outcome.err;
}

TEST_F(Check, ComparesLinksWithNoSideOfATextWhoseSidesAreUnequal) {
  const auto source = directory_.write("s", "a\na\na\na\n");
  const auto target = directory_.write("t", "A\nA\n");
  const auto outcome = check(
      {"--set", "data.train_source=" + source, "--set", "data.train_target=" + target, "--set",
       "training.guided_alignment.weight=1", "--set",
       "training.guided_alignment.links=" + directory_.write("links", "0-0\n0-0\n0-0\n0-0\n")});
  EXPECT_EQ(outcome.status, 2);
  EXPECT_THAT(outcome.err, HasSubstr(source + " has 4 lines, but " + target + " has 2 lines"));
  EXPECT_EQ(lines_of(outcome.err).size(), 1U) << outcome.err;
}

TEST_F(Check, TriesTheLongestLinesWhereverTheyStand) {
  std::string short_lines, long_lines;
  for (int i = 0; i < 25'000; ++i) short_lines += "a b\n";
  for (int i = 0; i < 10; ++i) long_lines += "a b a b a b a b a b a b a b a b a b a b\n";
  const auto text = directory_.write("text", short_lines + long_lines + "a\n");
  const auto target = directory_.write("target", short_lines + long_lines + "\n");
  const auto outcome =
      check({"--set", "data.train_source=" + text, "--set", "data.train_target=" + target});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_THAT(outcome.out,
              HasSubstr("training text: 25011 lines, 1 blank on one side (the first: " + target +
                        ":25011); of "));
  EXPECT_THAT(outcome.out, HasSubstr(" pairs of up to 21 target tokens, "));
}

TEST_F(Check, CountsBlankLinesAsTrainingDoes) {
  std::string text, target;
  for (int i = 0; i < 100; ++i) text += "a b\n", target += "B A\n";
  const auto source = directory_.write("text", text + "\u3000\na\n \n");
  directory_.write("target", target + "A\n\u00a0\n\u2003\n");
  const auto outcome = check({"--set", "data.train_source=" + source, "--set",
                              "data.train_target=" + directory_.path("target")});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("training text: 103 lines, 2 blank on one side (the first: " +
                                     source + ":101); 100 pairs can be learnt from"));
}

TEST_F(Check, NamesAPatternAModelAndADirectoryThatDoNotFit) {
  EXPECT_THAT(check({"--set", "training.freeze=encodr.*"}).err,
              HasSubstr("training.freeze has 'encodr.*'"));
  const auto outcome =
      check({"-m", reversal_task().config(), "--set", "training.from=" + directory_.path("x"),
             "--set", "training.distillation.teacher=" + directory_.path("y")});
  EXPECT_EQ(outcome.status, 2);
  EXPECT_EQ(lines_of(outcome.err).size(), 3U) << outcome.err;
  EXPECT_THAT(check({"--set", "training.distillation.teacher=" + chinese_model()}).err,
              HasSubstr("other vocabularies than the model"));
}

TEST_F(Check, ExplainsWhereEachValueComesFrom) {
  const auto config =
      directory_.write("config.yaml", "training:\n  seed: 7\n  batch_tokens: 500\n");
  for (const char* command : {"check", "train"}) {
    const auto outcome =
        run_weft({command, "-c", config, "--explain-config", "--set", "training.batch_tokens=600"});
    const auto has = [&](const std::string& line) {
      EXPECT_THAT(outcome.out, HasSubstr("\n  " + line + "\n")) << command;
    };
    has("seed: 7  # " + config + ":2");
    has("batch_tokens: 600  # --set training.batch_tokens=600");
    has("accumulate: 1  # default");
  }
}

}  // namespace
}  // namespace weft::e2e
