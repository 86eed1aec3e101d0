// weft train: what it leaves behind, and how it takes options.

#include <gmock/gmock.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>

#include "base/temporary_directory.h"
#include "e2e/program.h"
#include "e2e/tiny_models.h"

namespace weft::e2e {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

std::set<std::string> files_in(const std::string& directory) {
  std::set<std::string> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(directory)) {
    if (entry.is_regular_file())
      files.insert(std::filesystem::relative(entry.path(), directory).string());
  }
  return files;
}

std::vector<json> metrics_of(const std::string& model) {
  std::vector<json> events;
  for (const auto& line : lines_of(file_text(model + "/metrics.jsonl")))
    events.push_back(json::parse(line));
  return events;
}

/// The reversal task, trained for one epoch only.
std::vector<std::string> short_training(const std::string& model) {
  return {"train",
          "-c",
          reversal_task().config(),
          "-m",
          model,
          "--set",
          "training.stop_after=1e",
          "--set",
          "training.validation.every=1e"};
}

TEST(Train, LeavesAModelDirectory) {
  EXPECT_THAT(files_in(reversal_model()),
              ElementsAre("README", "config.yaml", "metrics.jsonl", "source.words", "target.words",
                          "training/checkpoint.safetensors", "training/lock", "training/log.txt",
                          "weights.safetensors"));
  EXPECT_THAT(files_in(chinese_model()),
              ElementsAre("README", "config.yaml", "metrics.jsonl", "source.spm", "target.spm",
                          "training/checkpoint.safetensors", "training/lock", "training/log.txt",
                          "weights.safetensors"));
}

TEST(Train, LeavesOneSharedVocabulary) {
  const TemporaryDirectory directory;
  auto arguments = short_training(directory.path("model"));
  arguments.insert(arguments.end(), {"--set", "vocabulary.shared=true"});
  const auto outcome = run_weft(arguments);
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  const auto files = files_in(directory.path("model"));
  EXPECT_TRUE(files.contains("shared.words"));
  EXPECT_FALSE(files.contains("source.words"));
}

TEST(Train, WritesMetricsForPrograms) {
  std::vector<json> updates, validations;
  for (const auto& event : metrics_of(reversal_model()))
    (event.at("event") == "update" ? updates : validations).push_back(event);
  ASSERT_GE(updates.size(), 10u);
  for (std::size_t i = 0; i < updates.size(); ++i) {
    EXPECT_EQ(updates[i].at("updates"), 10 * (i + 1));
    EXPECT_GT(updates[i].at("target_tokens_per_second").get<double>(), 0);
  }
  EXPECT_LT(updates.back().at("loss").get<double>(), updates.front().at("loss").get<double>() / 2);
  ASSERT_EQ(validations.size(), 8u);  // 16 epochs, every second one
  double best = validations.front().at("loss").get<double>();
  for (const auto& event : validations) {
    EXPECT_EQ(event.at("event"), "validation");
    best = std::min(best, event.at("loss").get<double>());
    EXPECT_DOUBLE_EQ(event.at("best").get<double>(), best);
    EXPECT_NEAR(event.at("perplexity").get<double>(), std::exp(event.at("loss").get<double>()),
                1e-6 * event.at("perplexity").get<double>());
  }
}

TEST(Train, SaysWhatItDoesOnStandardError) {
  const TemporaryDirectory directory;
  const auto outcome = run_weft(short_training(directory.path("model")));
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.out, "");
  EXPECT_THAT(outcome.err, HasSubstr("training data: 1000 pairs of 1000 lines"));
  EXPECT_THAT(outcome.err, HasSubstr("validation 1 "));
  EXPECT_THAT(outcome.err, HasSubstr("training.stop_after is reached"));
  EXPECT_THAT(outcome.err, Not(HasSubstr("\x1b"))) << "no control characters in a log file";
  EXPECT_THAT(outcome.err, Not(HasSubstr("\r")));
}

TEST(Train, BeginsFromPretrainedVectors) {
  const TemporaryDirectory directory;
  std::string numbers;
  for (int i = 0; i < 24; ++i) numbers += " 0.5";
  const auto vectors =
      directory.write("v.vec", "2 24\na" + numbers + "\nelsewhere" + numbers + "\n");
  auto arguments = short_training(directory.path("model"));
  arguments.insert(arguments.end(), {"--set", "model.embedding.source_vectors=" + vectors, "--set",
                                     "model.embedding.frozen_source=true"});
  const auto outcome = run_weft(arguments);
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_THAT(outcome.err, HasSubstr("source embeddings: 1 of 12 pieces begin from " + vectors));
  EXPECT_EQ(run_weft({"translate", "-m", directory.path("model")}, "a b\n").status, 0);
}

TEST(Train, IsSilentWhenAskedToBe) {
  const TemporaryDirectory directory;
  auto arguments = short_training(directory.path("model"));
  arguments.insert(arguments.end(), {"--set", "training.stop_after=3e", "--quiet"});
  EXPECT_EQ(run_weft(arguments), (Outcome{0, "", ""}));
  const auto on_terminal =
      run_shell("script -qec '$WEFT train -q -c " + reversal_task().config() + " -m " +
                directory.path("other") + " --set training.stop_after=1e' /dev/null </dev/null");
  EXPECT_EQ(on_terminal, (Outcome{0, "", ""}));
}

TEST(Train, DrawsAProgressBarOnATerminal) {
  const TemporaryDirectory directory;
  const auto outcome =
      run_shell("script -qec '$WEFT train -c " + reversal_task().config() + " -m " +
                directory.path("model") + " --set training.stop_after=1e' /dev/null </dev/null");
  EXPECT_EQ(outcome.status, 0) << outcome.out;
  EXPECT_THAT(outcome.out, HasSubstr("epoch 1 "));
  EXPECT_THAT(outcome.out, HasSubstr("[====================] 100%"));
  EXPECT_THAT(outcome.out, HasSubstr("\r"));
}

TEST(Train, PutsTheModelIntoRunsByDefault) {
  const TemporaryDirectory directory;
  auto command =
      weft_command({"train", "-c", reversal_task().config(), "--set", "training.stop_after=2e"});
  command.directory = directory.path("");
  const auto outcome = run(command);
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_TRUE(std::filesystem::exists(directory.path("runs/config/weights.safetensors")));
}

// Validation every second epoch, and an end between two of them.
TEST(Train, ValidatesTheLastWeightsToo) {
  const TemporaryDirectory directory;
  const std::vector<std::string> arguments{"train",
                                           "-c",
                                           reversal_task().config(),
                                           "-m",
                                           directory.path("model"),
                                           "--set",
                                           "training.stop_after=3e"};
  ASSERT_EQ(run_weft(arguments).status, 0);
  const auto last = metrics_of(directory.path("model")).back();
  EXPECT_EQ(last.at("event"), "validation");
  EXPECT_EQ(last.at("epoch"), 3);
  const auto metrics = directory.read("model/metrics.jsonl");
  ASSERT_EQ(run_weft(arguments).status, 0);
  EXPECT_THAT(directory.read("model/metrics.jsonl").substr(metrics.size()),
              Not(HasSubstr("validation")))
      << "once is enough";
}

TEST(Train, LeavesAModelWithoutValidation) {
  const TemporaryDirectory directory;
  for (const std::vector<std::string>& settings : std::vector<std::vector<std::string>>{
           {"data.valid_source=[]", "data.valid_target=[]"}, {}}) {
    auto arguments = short_training(directory.path("model" + std::to_string(settings.size())));
    for (const auto& setting : settings) arguments.insert(arguments.end(), {"--set", setting});
    arguments.insert(arguments.end(), {"--set", "training.validation.every=0", "--set",
                                       "training.validation.metric=bleu", "--set",
                                       "training.validation.patience=0"});
    const auto outcome = run_weft(arguments);
    ASSERT_EQ(outcome.status, 0) << outcome.err;
    EXPECT_EQ(run_weft({"translate", "-q", "-m", arguments[4]}, "a\n").status, 0);
  }
}

TEST(Train, TheCommandLineBeatsTheFile) {
  const TemporaryDirectory directory;
  auto arguments = short_training(directory.path("model"));
  arguments.insert(arguments.end(),
                   {"--set", "training.seed=77", "--set", "model.dropout.hidden=0.25"});
  const auto outcome = run_weft(arguments);
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  const auto config = directory.read("model/config.yaml");
  EXPECT_THAT(config, HasSubstr("seed: 77"));
  EXPECT_THAT(config, HasSubstr("hidden: 0.25"));
  EXPECT_THAT(config, HasSubstr("stop_after: 1e"));
}

TEST(Train, AnotherSeedIsAnotherModel) {
  const TemporaryDirectory directory;
  auto first = short_training(directory.path("first"));
  auto second = short_training(directory.path("second"));
  auto third = short_training(directory.path("third"));
  third.insert(third.end(), {"--set", "training.seed=2"});
  for (const auto& arguments : {first, second, third}) ASSERT_EQ(run_weft(arguments).status, 0);
  const auto weights = directory.read("first/weights.safetensors");
  EXPECT_EQ(directory.read("second/weights.safetensors"), weights);
  EXPECT_NE(directory.read("third/weights.safetensors"), weights);
}

TEST(Train, DumpedConfigReadsBack) {
  const TemporaryDirectory directory;
  const auto first = run_weft({"train", "-c", reversal_task().config(), "--dump-config", "--set",
                               "training.optimizer.learning_rate=0.03"});
  ASSERT_EQ(first.status, 0) << first.err;
  EXPECT_EQ(first.err, "");
  EXPECT_THAT(first.out, HasSubstr("learning_rate: 0.03"));
  const auto path = directory.write("dumped.yaml", first.out);
  EXPECT_EQ(run_weft({"train", "-c", path, "--dump-config"}), first);
  // The config in a model directory is the resolved one, with the precision the run had.
  const auto stored = run_weft({"train", "-c", reversal_model() + "/config.yaml", "--dump-config"});
  const bool rounded = stored.out.find("precision: bfloat16") != std::string::npos;
  const auto resolved =
      run_weft({"train", "-c", reversal_task().config(), "--dump-config", "--set",
                std::string("training.precision=") + (rounded ? "bfloat16" : "float32")});
  EXPECT_EQ(stored, resolved);
}

TEST(Train, TakesSizesOfVocabulariesAsUpperLimits) {
  const TemporaryDirectory directory;
  auto arguments = short_training(directory.path("model"));
  arguments.insert(arguments.end(), {"--set", "vocabulary.type=sentencepiece"});
  const auto outcome = run_weft(arguments);
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  for (const char* side : {"source", "target"}) {
    EXPECT_THAT(outcome.err, testing::ContainsRegex(std::string("vocabulary\\.") + side +
                                                    "_size: the text yields [0-9]+ pieces of the "
                                                    "8000 asked for"));
  }
}

TEST(Train, ReadsCompressedTextAndSeveralFiles) {
  const TemporaryDirectory directory;
  const Task task = reversal_task();
  const auto split = run_shell("for side in src trg; do head -n 400 " + task.path("train.$side") +
                                   " | gzip >a.$side.gz; tail -n +401 " + task.path("train.$side") +
                                   " >b.$side; done",
                               directory.path(""));
  ASSERT_EQ(split.status, 0) << split.err;
  auto arguments = short_training(directory.path("parts"));
  for (const std::string side : {"source", "target"}) {
    const std::string ending = side == "source" ? ".src" : ".trg";
    arguments.insert(arguments.end(),
                     {"--set", "data.train_" + side + "=[" + directory.path("a" + ending + ".gz") +
                                   ", " + directory.path("b" + ending) + "]"});
  }
  const auto outcome = run_weft(arguments);
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  ASSERT_EQ(run_weft(short_training(directory.path("whole"))).status, 0);
  EXPECT_EQ(directory.read("parts/weights.safetensors"),
            directory.read("whole/weights.safetensors"));
}

TEST(Train, NormalizesWordsInTrainingAndTranslating) {
  const TemporaryDirectory directory;
  auto arguments = short_training(directory.path("model"));
  for (const char* side : {"source", "target"})
    arguments.insert(arguments.end(), {"--set", std::string("vocabulary.") + side +
                                                    "_word_normalization=nfkc_lower"});
  arguments.insert(arguments.end(), {"--set", "training.stop_after=4e"});
  const auto outcome = run_weft(arguments);
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_THAT(directory.read("model/target.words"),
              testing::StartsWith("<normalization> nfkc_lower\n"));
  EXPECT_THAT(directory.read("model/target.words"), testing::Not(HasSubstr("A")))
      << "though the text has capitals";
  const auto translated = run_weft(
      {"translate", "-m", directory.path("model"), "--alignment", "json"}, "a b c\nA \uFF22 c\n");
  const auto lines = lines_of(translated.out);
  ASSERT_EQ(lines.size(), 2U) << translated.err;
  const auto plain = json::parse(lines[0]), other = json::parse(lines[1]);
  EXPECT_NE(plain.at("target").at("text"), "");
  EXPECT_EQ(plain.at("target"), other.at("target"));
  EXPECT_EQ(plain.at("matrix"), other.at("matrix"));
  EXPECT_EQ(other.at("source").at("text"), "A \uFF22 c");
  EXPECT_EQ(other.at("source").at("tokens").at(1).at("text"), "\uFF22");
}

TEST(Train, KeepsEncodedTextForOtherRuns) {
  const TemporaryDirectory directory;
  const auto run = [&](const std::string& model, const std::vector<std::string>& more = {}) {
    auto arguments = short_training(directory.path(model));
    arguments.insert(arguments.end(), more.begin(), more.end());
    const auto outcome = run_weft(arguments);
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    return outcome.err;
  };
  const std::vector<std::string> kept{"--set", "data.text_cache=" + directory.path("cache")};
  run("plain");
  EXPECT_THAT(run("first", kept), HasSubstr(" s, kept in " + directory.path("cache")));
  EXPECT_THAT(run("second", kept), HasSubstr("encoded by an earlier run, kept in"));
  for (const char* model : {"first", "second"})
    EXPECT_TRUE(directory.read(std::string(model) + "/weights.safetensors") ==
                directory.read("plain/weights.safetensors"))
        << model;
  // Another vocabulary is another text.
  EXPECT_THAT(run("third", {kept[0], kept[1], "--set", "vocabulary.source_size=8"}),
              HasSubstr("encoded in"));
}

}  // namespace
}  // namespace weft::e2e
