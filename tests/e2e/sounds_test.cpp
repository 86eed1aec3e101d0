// What is said in sound from the command line: words are tones, one behind the other.

#include <gmock/gmock.h>

#include <cmath>
#include <filesystem>
#include <memory>
#include <numbers>

#include "base/temporary_directory.h"
#include "e2e/program.h"
#include "media/sound_files.h"

namespace weft::e2e {
namespace {

using testing::HasSubstr;

constexpr const char* kTones[] = {"low", "middle", "high"};
constexpr int kTonesHz[] = {300, 800, 2000};
constexpr int kRate = 8000;

/// The words of number `i` of 27 different utterances.
std::vector<int> tones_of(int i) { return {i % 3, i / 3 % 3, i / 9 % 3}; }

std::string transcript(int i) {
  std::string line;
  for (const int word : tones_of(i)) line += (line.empty() ? "" : " ") + std::string(kTones[word]);
  return line;
}

/// Each word takes 120 ms, with silence of 40 ms before it; `shift` is of its pitch, in Hz.
std::string tones(int i, int shift) {
  std::vector<int> samples;
  for (const int word : tones_of(i)) {
    samples.insert(samples.end(), kRate / 25, 0);
    for (int t = 0; t < kRate * 12 / 100; ++t) {
      const double turns = static_cast<double>((kTonesHz[word] + shift) * t) / kRate;
      samples.push_back(static_cast<int>(8000 * std::sin(2 * std::numbers::pi * turns)));
    }
  }
  return wav(samples16(samples), kRate, 1, 16);
}

/// A model that has learnt with parts of the sound hidden.
class Sounds : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    directory_ = std::make_unique<TemporaryDirectory>();
    std::string names, lines, valid_names, valid_lines;
    for (int i = 0; i < 81; ++i) {
      const auto name = std::to_string(i) + ".wav";
      write(name, tones(i % 27, i / 27 * 8));
      for (int repeat = 0; repeat < 3; ++repeat) {
        names += name + "\n";
        lines += transcript(i % 27) + "\n";
      }
      if (i >= 27) continue;
      write("v" + name, tones(i, 4));
      valid_names += "v" + name + "\n";
      valid_lines += transcript(i) + "\n";
    }
    write("train.names", names);
    write("train.en", lines);
    write("valid.names", valid_names);
    write("valid.en", valid_lines);
    write("config.yaml", config());
    const auto outcome = train("model");
    ASSERT_EQ(outcome.status, 0) << outcome.err;
  }
  static void TearDownTestSuite() { directory_.reset(); }

  static std::string config() {
    return "data:\n  source_kind: [audio]\n  source_root: " + path("") +
           "\n  train_source: " + path("train.names") + "\n  train_target: " + path("train.en") +
           "\n  valid_source: " + path("valid.names") + "\n  valid_target: " + path("valid.en") +
           "\n  audio: {sample_rate: 8000, mels: 20, deltas: true}\n"
           "  spec_augment: {time_warp: 2, frequency_masks: 1, frequency_width: 3, time_masks: 2, "
           "time_width: 4}\n"
           "vocabulary: {type: words}\n"
           "model:\n"
           "  embedding: {source: 32, target: 16}\n"
           "  input: {map: relu, frame_stack: 4}\n"
           "  encoder: {hidden: 16}\n"
           "  attention: {width: 16}\n"
           "  decoder: {hidden: 32, readout: 16, attention_place: between}\n"
           "  dropout: {embedding: 0, hidden: 0, readout: 0}\n"
           "training:\n"
           "  threads: 1\n"
           "  batch_tokens: 216\n"
           "  label_smoothing: 0\n"
           "  optimizer: {learning_rate: 0.01}\n"
           "  schedule: {warmup_steps: 20}\n"
           "  stop_after: 40e\n"
           "  validation: {every: 20e, beam_size: 1, tokenizer: none}\n"
           "decoding: {max_length: 8, beam_size: 2}\n";
  }
  static Outcome train(const std::string& model, const std::vector<std::string>& settings = {}) {
    std::vector<std::string> command{"-q", "train", "-c", path("config.yaml"), "-m", path(model)};
    for (const auto& setting : settings) command.insert(command.end(), {"--set", setting});
    return run_weft(command);
  }
  static std::string weights(const std::string& model) {
    return file_text(path(model) + "/weights.safetensors");
  }
  static std::string path(const std::string& name) { return directory_->path(name); }
  static std::string write(const std::string& name, const std::string& text) {
    return directory_->write(name, text);
  }

  inline static std::unique_ptr<TemporaryDirectory> directory_;
};

TEST_F(Sounds, AreWrittenDown) {
  const auto outcome =
      run_weft({"-q", "translate", "-m", path("model"), "-i", path("valid.names")});
  const auto made = lines_of(outcome.out), expected = lines_of(file_text(path("valid.en")));
  ASSERT_EQ(made.size(), expected.size()) << outcome.err;
  int right = 0;
  for (std::size_t i = 0; i < made.size(); ++i) right += made[i] == expected[i];
  EXPECT_GE(right, 24) << "of 27";
}

// What is hidden depends on the seed, the epoch and the pair alone.
TEST_F(Sounds, AreHiddenAlikeAfterAnInterruption) {
  const std::string never = "training.validation.every=0";
  ASSERT_EQ(train("parts", {never, "training.stop_after=13u"}).status, 0);
  ASSERT_EQ(train("parts", {never, "training.stop_after=26u"}).status, 0);
  ASSERT_EQ(train("whole", {never, "training.stop_after=26u"}).status, 0);
  EXPECT_TRUE(weights("parts") == weights("whole"));
  ASSERT_EQ(
      train("none", {never, "training.stop_after=26u", "data.spec_augment.time_masks=0"}).status,
      0);
  EXPECT_FALSE(weights("none") == weights("whole"));
}

TEST_F(Sounds, AreNotHiddenInValidation) {
  const std::vector<std::string> settings{"training.stop_after=1u", "training.validation.every=1u",
                                          "training.optimizer.learning_rate=1e-5"};
  auto others = settings;
  others.emplace_back("data.spec_augment.time_masks=9");
  others.emplace_back("data.spec_augment.time_width=100");
  ASSERT_EQ(train("some", settings).status, 0);
  ASSERT_EQ(train("most", others).status, 0);
  const auto loss = [](const std::string& model) {
    const auto text = file_text(path(model) + "/metrics.jsonl");
    const auto begin = text.find("\"loss\":", text.find("\"event\":\"validation\""));
    EXPECT_NE(begin, std::string::npos);
    return std::stod(text.substr(begin + 7));
  };
  EXPECT_NEAR(loss("some"), loss("most"), 1e-4);
}

TEST_F(Sounds, GoOnWhateverTheFeatureCache) {
  const std::string never = "training.validation.every=0";
  ASSERT_EQ(train("moved", {never, "training.stop_after=1u"}).status, 0);
  const auto given = train(
      "moved", {never, "training.stop_after=2u", "data.feature_cache=" + path("kept/features")});
  ASSERT_EQ(given.status, 0) << given.err;
  const auto taken = train("moved", {never, "training.stop_after=3u"});
  ASSERT_EQ(taken.status, 0) << taken.err;
  ASSERT_EQ(train("alike", {never, "training.stop_after=3u"}).status, 0);
  EXPECT_TRUE(weights("moved") == weights("alike"));
  EXPECT_FALSE(std::filesystem::exists(path("kept"))) << "which is for pictures";
}

TEST_F(Sounds, GoOnWhereTheyLieNow) {
  const std::string never = "training.validation.every=0";
  std::filesystem::create_directory_symlink(path(""), path("before"));
  const auto before = "data.source_root=" + path("before");
  ASSERT_EQ(train("gone_on", {never, before, "training.stop_after=1u"}).status, 0);
  std::filesystem::remove(path("before"));
  const auto from =
      train("from", {never, "training.stop_after=1u", "training.from=" + path("gone_on")});
  EXPECT_EQ(from.status, 0) << from.err;
  const auto resumed = train("gone_on", {never, "training.stop_after=2u"});
  EXPECT_EQ(resumed.status, 0) << resumed.err;
}

TEST_F(Sounds, CannotBeHiddenInText) {
  const auto outcome =
      train("text", {"data.source_kind=[text]", "data.train_source=" + path("train.en")});
  EXPECT_EQ(outcome.status, 2);
  EXPECT_THAT(outcome.err, HasSubstr("data.spec_augment is given, but no source in "
                                     "data.source_kind is audio or features"));
}

}  // namespace
}  // namespace weft::e2e
