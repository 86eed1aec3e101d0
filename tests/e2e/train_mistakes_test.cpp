// weft train: what a person gets wrong is told in one go, before work begins.

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <csignal>
#include <filesystem>

#include "base/temporary_directory.h"
#include "e2e/program.h"
#include "e2e/tiny_models.h"

namespace weft::e2e {
namespace {

using testing::HasSubstr;

class TrainMistakes : public testing::Test {
 protected:
  /// Trains the reversal task, with other values.
  Outcome train(const std::vector<std::string>& settings) const {
    return run_weft(arguments(settings));
  }
  /// The same, killed if it takes very long.
  Outcome train_unless_it_hangs(const std::vector<std::string>& settings) const {
    RunningProgram program(weft_command(arguments(settings)));
    program.close_input();
    if (!wait_until([&] { return !program.is_running(); }, std::chrono::seconds(20)))
      program.send(SIGKILL);
    return program.wait();
  }
  /// Trains on two texts.
  Outcome train_on(const std::string& source, const std::string& target) const {
    return train({"data.train_source=" + directory_.write("s.txt", source),
                  "data.train_target=" + directory_.write("t.txt", target)});
  }
  std::vector<std::string> arguments(const std::vector<std::string>& settings) const {
    std::vector<std::string> all{"train", "-c",    reversal_task().config(), "-m",
                                 model(), "--set", "training.stop_after=1u"};
    for (const auto& setting : settings) all.insert(all.end(), {"--set", setting});
    return all;
  }
  std::string model() const { return directory_.path("model"); }
  bool made_anything() const { return std::filesystem::exists(model()); }

  TemporaryDirectory directory_;
};

TEST_F(TrainMistakes, OfAConfigAreAllListed) {
  const auto path = directory_.write("bad.yaml",
                                     "data:\n"
                                     "  train_source: a.txt\n"
                                     "  train_target: b.txt\n"
                                     "model:\n"
                                     "  encoder: {hiden: 8}\n"
                                     "  dropout: {hidden: 1.3}\n"
                                     "training:\n"
                                     "  batch_tokens: many\n"
                                     "modle: {}\n");
  EXPECT_EQ(
      run_weft({"train", "-c", path, "-m", model()}),
      refusal({path + ":5:13: unknown key 'hiden' in 'model.encoder'; did you mean 'hidden'?",
               path + ":6:21: model.dropout.hidden is 1.3; expected a probability in [0, 1)",
               path + ":8:17: training.batch_tokens is 'many'; expected an integer in [1, 1048576]",
               path + ":9:1: unknown key 'modle' at the top level; did you mean 'model'?"}));
  EXPECT_FALSE(made_anything());
}

TEST_F(TrainMistakes, OfTheCommandLine) {
  EXPECT_EQ(
      train({"training.sed=3"}),
      refusal({"--set training.sed=3: unknown key 'sed' in 'training'; did you mean 'seed'?"}));
  EXPECT_EQ(train({"training.seed"}), refusal({"--set training.seed: expected section.key=value"}));
  EXPECT_EQ(
      run_weft({"train", "-c", directory_.path("none.yaml"), "-m", model()}),
      refusal({directory_.path("none.yaml") + ": cannot be opened (No such file or directory)"}));
  const auto no_config = run_weft({"train"});
  EXPECT_EQ(no_config.status, 2);
  EXPECT_THAT(no_config.err, HasSubstr("--config is required"));
  EXPECT_FALSE(made_anything());
}

TEST_F(TrainMistakes, MissingFilesAreAllListed) {
  EXPECT_EQ(train({"data.train_source=none.src", "data.valid_target=none.trg"}),
            refusal({"none.src: cannot be opened (No such file or directory)",
                     "none.trg: cannot be opened (No such file or directory)"}));
  EXPECT_FALSE(made_anything());
}

TEST_F(TrainMistakes, MissingVocabulariesAreAllListed) {
  EXPECT_EQ(train({"vocabulary.source_file=none.src", "vocabulary.target_file=none.trg"}),
            refusal({"none.src: cannot be opened (No such file or directory)",
                     "none.trg: cannot be opened (No such file or directory)"}));
  EXPECT_FALSE(made_anything());
}

TEST_F(TrainMistakes, NothingToValidateOn) {
  const auto blank = directory_.write("blank.txt", "\n");
  const auto outcome = train({"data.valid_source=" + blank, "data.valid_target=" + blank});
  EXPECT_EQ(outcome.status, 2);
  EXPECT_THAT(outcome.err, HasSubstr("the validation data has no sentence pair"));
}

TEST_F(TrainMistakes, SidesOfDifferentLength) {
  EXPECT_EQ(train_on("a\nb\nc\n", "A\nB\n"),
            refusal({directory_.path("s.txt") + " has 3 lines, but " + directory_.path("t.txt") +
                     " has 2 lines; expected as many lines in both"}));
  EXPECT_FALSE(made_anything());
}

TEST_F(TrainMistakes, InvalidUtf8) {
  EXPECT_EQ(train_on("a\nb \xff\n", "A\nB\n"),
            refusal({directory_.path("s.txt") + ":2: not valid UTF-8 (byte 0xff at column 3)"}));
  EXPECT_FALSE(made_anything());
}

TEST_F(TrainMistakes, PairsAndWeightsThatDoNotFitAreAllListed) {
  const auto pairs = directory_.write("pairs.tsv", "a\tA\nb B\n");
  const auto source = directory_.write("s.txt", "a\nb\n"),
             target = directory_.write("t.txt", "A\nB\n");
  const auto weights = directory_.write("w.txt", "1\n-2\n");
  EXPECT_EQ(
      train({"data.train_source=[" + pairs + ", " + source + "]",
             "data.train_target=[" + pairs + ", " + target + "]", "data.train_format=[tsv, lines]",
             "data.train_sentence_weights=[" + weights + ", " + weights + "]"}),
      refusal({pairs + ":2: has 1 field; expected two: source<TAB>target",
               weights + ":2: weight '-2'; expected a number in [0, 1000000]"}));
  EXPECT_EQ(train({"data.corpora.weights=[0]"}),
            refusal({"--set data.corpora.weights=[0]: data.corpora.weights sum to 0; expected one "
                     "above 0"}));
  EXPECT_FALSE(made_anything());
}

TEST_F(TrainMistakes, PairsThatFiltersLeaveOutAreCounted) {
  const auto outcome = run_weft({"train", "-c", reversal_task().config(), "-m", model(), "--set",
                                 "training.stop_after=1u", "--set", "data.filter.duplicates=true",
                                 "--set", "data.filter.min_length=2"});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_THAT(outcome.err, HasSubstr("are shorter than data.filter.min_length and are left out"));
  EXPECT_THAT(outcome.err,
              HasSubstr("have been there before (data.filter.duplicates) and are left out"));
}

TEST_F(TrainMistakes, ACorpusThatGetsNoShareIsTold) {
  const auto source = directory_.write("few.src", "a b\n"),
             target = directory_.write("few.trg", "B A\n");
  const auto task = reversal_task();
  const auto outcome =
      run_weft({"train", "-c", task.config(), "-m", model(), "--set", "training.stop_after=1u",
                "--set", "data.train_source=[" + task.path("train.src") + ", " + source + "]",
                "--set", "data.train_target=[" + task.path("train.trg") + ", " + target + "]",
                "--set", "data.corpora.temperature=0.001"});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_THAT(outcome.err, HasSubstr("corpus " + source +
                                     " is not trained on: data.corpora.temperature 0.001 leaves it "
                                     "no share"));
}

TEST_F(TrainMistakes, NoMemoryForABatchIsTold) {
  const auto outcome = train({"training.batch_memory=1", "model.encoder.hidden=500"});
  EXPECT_EQ(outcome.status, 2);
  EXPECT_THAT(outcome.err,
              HasSubstr("training.batch_memory is 1 MB, but the longest training pair"));
  const auto fits = train({"training.batch_memory=500"});
  EXPECT_EQ(fits.status, 0) << fits.err;
  EXPECT_THAT(fits.err, HasSubstr("training.batch_tokens: 200 fit into 500 MB"));
}

TEST_F(TrainMistakes, NothingToLearnFrom) {
  const auto outcome = train_on("a\n\n", "\nB\n");
  EXPECT_EQ(outcome.status, 2);
  EXPECT_THAT(outcome.err, HasSubstr("no sentence pair that can be learnt from"));
}

TEST_F(TrainMistakes, NoWordsForAVocabulary) {
  const auto outcome = train_on("\n \n", "\n\n");
  EXPECT_EQ(outcome.status, 2);
  EXPECT_THAT(outcome.err,
              HasSubstr("no words to make a vocabulary of in " + directory_.path("s.txt")));
}

TEST_F(TrainMistakes, APipeForText) {
  const auto pipe = directory_.path("pipe");
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  const auto links = directory_.write("links", "0-0\n");
  const auto text = directory_.write("text", "a\n");
  const std::string source = "data.train_source=", target = "data.train_target=",
                    guided = "training.guided_alignment.weight=1",
                    links_are = "training.guided_alignment.links=";
  for (const std::vector<std::string>& settings : std::vector<std::vector<std::string>>{
           {source + pipe},
           {target + pipe},
           {source + pipe, guided, links_are + links},
           {target + pipe, guided, links_are + links},
           {guided, links_are + pipe},
           {"data.valid_target=" + pipe, guided, links_are + links,
            "training.validation.gold=" + links},
           {source + pipe, "model.embedding.factors=[4]"},
           {source + pipe, "data.source_kind=features", "model.input.width=2"},
           {source + text, target + pipe, "data.train_sentence_weights=" + text},
           {source + text, target + pipe, "data.train_format=n-best"}}) {
    const auto outcome = train_unless_it_hangs(settings);
    EXPECT_EQ(outcome.status, 2) << settings.back();
    EXPECT_THAT(outcome.err, HasSubstr(pipe + ": is a pipe; expected a regular file"))
        << settings.back();
  }
}

TEST_F(TrainMistakes, ADirectoryThatCannotBeMade) {
  const auto file = directory_.write("file", "");
  EXPECT_EQ(run_weft({"train", "-c", reversal_task().config(), "-m", file + "/model"}),
            refusal({file + ": is not a directory"}));
  const auto outcome = run_weft({"train", "-c", reversal_task().config(), "-m", file});
  EXPECT_EQ(outcome.status, 2);
  EXPECT_THAT(outcome.err, testing::StartsWith(file + ": "));
  EXPECT_EQ(lines_of(outcome.err).size(), 1u);
}

TEST_F(TrainMistakes, ADirectoryThatHasNoNameOrTooLongAName) {
  const auto train_in = [](const std::string& name) {
    return run_weft({"train", "-c", reversal_task().config(), "-m", name});
  };
  EXPECT_EQ(train_in(""), refusal({"--model is empty; expected a directory"}));
  const auto name = directory_.path(std::string(300, 'x'));
  EXPECT_EQ(train_in(name), refusal({name + ": cannot be made (File name too long)"}));
}

TEST_F(TrainMistakes, ADirectoryThatHoldsTheConfig) {
  std::filesystem::copy_file(reversal_task().config(), directory_.path("config.yaml"));
  directory_.write("README", "mine\n");
  const auto config = file_text(directory_.path("config.yaml"));
  const auto outcome =
      run_weft({"train", "-c", directory_.path("config.yaml"), "-m", directory_.path("")});
  EXPECT_EQ(outcome.status, 2);
  EXPECT_THAT(outcome.err, HasSubstr("holds files that Weft has not written (README, config.yaml"));
  EXPECT_EQ(file_text(directory_.path("config.yaml")), config);
  EXPECT_EQ(file_text(directory_.path("README")), "mine\n");
}

TEST_F(TrainMistakes, BlankLinesAreCountedAndShown) {
  const auto outcome = train_on("a b\nc\n\nd\n\n\n", "B A\n \nC\nD\n\nX\n");
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_THAT(outcome.err, HasSubstr("training data: 2 pairs of 6 lines"));
  EXPECT_THAT(outcome.err, HasSubstr("warning: 3 pairs are blank on one side and are left out; "
                                     "the first is " +
                                     directory_.path("t.txt") + ":2"));
  EXPECT_THAT(outcome.err, HasSubstr("1 blank pairs are left out"));
}

TEST_F(TrainMistakes, LongPairsAreCounted) {
  const auto outcome = train({"data.max_length=5"});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  std::size_t longer = 0;
  for (const auto& line : lines_of(file_text(reversal_task().path("train.src")))) {
    if (line.size() == 11) ++longer;  // six words
  }
  EXPECT_THAT(outcome.err, HasSubstr("warning: " + std::to_string(longer) +
                                     " pairs are longer than data.max_length and are left out"));
}

}  // namespace
}  // namespace weft::e2e
