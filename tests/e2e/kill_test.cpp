// A run that is killed at random instants, again and again, ends byte for byte where one that was
// never killed ends: weights, best model, metrics, counters, the optimizer's state. WEFT_KILLS in
// the environment: kills of each variation, instead of ten.

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>
#include <random>
#include <set>

#include "base/temporary_directory.h"
#include "e2e/program.h"
#include "e2e/tiny_models.h"

namespace weft::e2e {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using Seconds = std::chrono::duration<double>;

int kills_wanted() {
  const char* wanted = std::getenv("WEFT_KILLS");
  return wanted == nullptr ? 10 : std::stoi(wanted);
}

struct Variation {
  const char* name;
  std::vector<std::string> settings;  // @: the task's directory
};

/// Whether a kill came while a file was written.
bool has_half_a_file(const std::string& model) {
  std::error_code error;
  for (fs::recursive_directory_iterator entry(model, error), end; !error && entry != end;
       entry.increment(error))
    if (entry->path().filename().string().find(".tmp-") != std::string::npos) return true;
  return false;
}

/// All that must be equal, by name; what the clock says is left out.
std::map<std::string, std::string> content_of(const std::string& model) {
  std::map<std::string, std::string> content;
  for (const auto& entry : fs::recursive_directory_iterator(model)) {
    if (entry.is_regular_file()) content[fs::relative(entry.path(), model).string()];
  }
  for (const auto& name : {"weights", "best/chrf/weights", "best/command/weights"}) {
    const auto path = name + std::string(".safetensors");
    if (fs::exists(model + "/" + path)) content[path] = file_text(model + "/" + path);
  }
  for (const auto& line : lines_of(file_text(model + "/metrics.jsonl"))) {
    auto event = json::parse(line);
    if (event.at("event") == "resume") continue;
    for (const char* key : {"seconds", "target_tokens_per_second", "source_tokens_per_second"})
      event.erase(key);
    content["metrics.jsonl"] += event.dump() + '\n';
  }
  const auto checkpoint = file_text(model + "/training/checkpoint.safetensors");
  uint64_t header_size = 0;
  std::memcpy(&header_size, checkpoint.data(), sizeof header_size);
  auto header = json::parse(checkpoint.substr(sizeof header_size, header_size));
  auto metadata = header.at("__metadata__");
  auto progress = json::parse(metadata.at("progress").get<std::string>());
  for (const char* key : {"seconds", "wall_seconds"}) progress.erase(key);
  progress.at("log_window").erase("seconds");
  metadata["progress"] = progress;
  metadata.erase("metrics_bytes");  // lines that tell of resuming count
  header.erase("__metadata__");
  content["counters"] = metadata.dump(1);
  content["tensors"] = header.dump() + checkpoint.substr(sizeof header_size + header_size);
  return content;
}

class Kill : public testing::TestWithParam<Variation> {
 protected:
  std::vector<std::string> command(const std::string& model) const {
    std::vector<std::string> arguments{"train", "-c", task_.config(), "-m", model};
    for (const char* setting :
         {"training.stop_after=320u", "training.validation.every=30u",
          "training.validation.patience=0", "training.checkpoint_every=75u",
          "training.log_every=25u", "training.batch_tokens=100", "model.encoder.hidden=8",
          "model.decoder.hidden=8", "model.attention.width=8"})
      arguments.insert(arguments.end(), {"--set", setting});
    for (auto setting : GetParam().settings) {
      for (std::size_t at = 0; (at = setting.find('@', at)) != std::string::npos;)
        setting.replace(at, 1, task_.directory);
      arguments.insert(arguments.end(), {"--set", setting});
    }
    return arguments;
  }

  /// A second corpus, and weights for both.
  void SetUp() override {
    std::string source, target, weights;
    for (const char* line : {"a b c d e", "h g f", "c", "b b a h"}) {
      for (int i = 0; i < 15; ++i) {
        source += std::string(line) + '\n';
        target += reversal_of(line) + '\n';
        weights += i % 2 == 0 ? "0.5\n" : "2\n";
      }
    }
    write_text(task_.path("more.src"), source);
    write_text(task_.path("more.trg"), target);
    write_text(task_.path("more.weights"), weights);
    std::string ones;
    for (std::size_t i = 0; i < lines_of(file_text(task_.path("train.src"))).size(); ++i)
      ones += "1\n";
    write_text(task_.path("train.weights"), ones);
  }

  void expect_equal(const std::string& model, const std::map<std::string, std::string>& expected) {
    const auto found = content_of(model);
    for (const auto& [name, text] : expected) {
      ASSERT_TRUE(found.contains(name)) << name;
      const bool is_text = name == "counters" || name == "metrics.jsonl";
      if (is_text) {
        EXPECT_EQ(found.at(name), text) << name;
      } else {
        EXPECT_TRUE(found.at(name) == text) << name;
      }
    }
    for (const auto& [name, text] : found)
      EXPECT_TRUE(expected.contains(name)) << name << " is left";
  }

  TemporaryDirectory directory_;
  Task task_ = write_reversal_task(directory_.path("task"));
};

INSTANTIATE_TEST_SUITE_P(
    Variations, Kill,
    testing::Values(
        Variation{"Plain", {}},
        Variation{"WithDropoutAndAnAverage",
                  {"model.dropout.embedding=0.2", "model.dropout.hidden=0.2",
                   "model.dropout.target_word=0.1", "training.exponential_smoothing=0.99",
                   "training.accumulate=2", "training.stop_after=160u",
                   "training.validation.metric=bleu"}},
        Variation{
            "WithOwnWordsAndSeveralMetrics",
            {"training.scheduled_sampling.probability=0.5", "training.scheduled_sampling.decay=20",
             "training.r_drop=0.5", "model.dropout.hidden=0.2", "training.accumulate=2",
             "training.stop_after=160u", "training.validation.metric=loss",
             "training.validation.more_metrics=[chrf, command]",
             "training.validation.command=wc -c", "training.rate_factors=[encoder.*=0.5]"}},
        Variation{
            "WithTwoCorporaTagsAndWeights",
            {"data.train_source=[@/train.src, @/more.src]",
             "data.train_target=[@/train.trg, @/more.trg]", "data.corpora.weights=[1, 3]",
             "data.corpora.tags=[\"\", <BT>]",
             "data.train_sentence_weights=[@/train.weights, @/more.weights]",
             "data.filter.duplicates=true", "data.filter.max_ratio=9",
             "training.batch_sentences=20", "training.loss_per=sentence",
             "training.curriculum_epochs=2", "training.accumulate=2", "training.stop_after=160u"}},
        Variation{
            "WithDrawnSegmentations",
            {"vocabulary.type=sentencepiece", "vocabulary.source_size=40",
             "vocabulary.target_size=40", "vocabulary.byte_fallback=false", "vocabulary.model=bpe",
             "data.subword_sampling.source=0.2", "data.subword_sampling.target=0.2",
             "data.corpora.temperature=2", "data.train_source=[@/train.src, @/more.src]",
             "data.train_target=[@/train.trg, @/more.trg]", "training.stop_after=110u"}},
        Variation{
            "WithAllOfItAtOnceAndACheckpointOfEachUpdate",
            {"vocabulary.type=sentencepiece", "vocabulary.source_size=40",
             "vocabulary.target_size=40", "vocabulary.byte_fallback=false", "vocabulary.model=bpe",
             "data.subword_sampling.source=0.2", "data.subword_sampling.target=0.2",
             "data.train_source=[@/train.src, @/more.src]",
             "data.train_target=[@/train.trg, @/more.trg]", "data.corpora.weights=[1, 3]",
             "data.train_sentence_weights=[@/train.weights, @/more.weights]",
             "model.dropout.embedding=0.2", "model.dropout.hidden=0.2",
             "model.dropout.target_word=0.1", "training.exponential_smoothing=0.99",
             "training.accumulate=3", "training.checkpoint_every=1u", "training.stop_after=80u",
             "training.validation.more_metrics=[chrf]"}},
        Variation{"WithoutCheckpointsOfItsOwn",
                  {"training.checkpoint_every=0", "training.optimizer.type=adafactor"}}),
    [](const auto& tested) { return tested.param.name; });

TEST_P(Kill, LosesNothing) {
  const auto start = std::chrono::steady_clock::now();
  const auto straight = run_weft(command(directory_.path("straight")));
  ASSERT_EQ(straight.status, 0) << straight.err;
  const Seconds duration = std::chrono::steady_clock::now() - start;
  const auto expected = content_of(directory_.path("straight"));

  std::mt19937 random(7);
  const int wanted = kills_wanted();
  int kills = 0, within_files = 0, runs = 0;
  for (; kills < wanted; ++runs) {
    const auto model = directory_.path("killed" + std::to_string(runs));
    int status = 128 + SIGKILL;
    while (status == 128 + SIGKILL) {
      RunningProgram training(weft_command(command(model)));
      const double part = static_cast<double>(random()) / std::mt19937::max();
      if (kills < wanted) {
        std::this_thread::sleep_for(part * duration);
        training.send(SIGKILL);
      }
      const auto outcome = training.wait();
      status = outcome.status;
      kills += status == 128 + SIGKILL;
      within_files += status == 128 + SIGKILL && has_half_a_file(model);
      ASSERT_TRUE(status == 0 || status == 128 + SIGKILL) << "kill " << kills << outcome;
    }
    expect_equal(model, expected);
    fs::remove_all(model);
  }
  std::cout << kills << " kills, " << within_files << " of them while a file was written; " << runs
            << " runs ended\n";
}

}  // namespace
}  // namespace weft::e2e
