// weft translate: a person's mistakes and damaged models are one clear line and exit status 2.

#include <gmock/gmock.h>

#include <cmath>
#include <csignal>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "base/temporary_directory.h"
#include "e2e/program.h"
#include "e2e/tiny_models.h"

namespace weft::e2e {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::StartsWith;

constexpr const char* kOtherVocabularies = "was trained with other vocabularies";

/// Exit status 2, nothing translated, and one line that begins with the place.
void expect_one_line(const Outcome& outcome, const std::string& begins, const std::string& says) {
  EXPECT_EQ(outcome.status, 2);
  EXPECT_EQ(outcome.out, "");
  EXPECT_EQ(lines_of(outcome.err).size(), 1u) << outcome.err;
  EXPECT_THAT(outcome.err, StartsWith(begins));
  EXPECT_THAT(outcome.err, HasSubstr(says));
}

TEST(TranslateMistakes, InvalidUtf8AfterWhatCouldBeTranslated) {
  const TemporaryDirectory directory;
  const auto input = directory.write("in", "a b\nc\nd \xc3(\ne\n");
  const auto expected = run_weft({"translate", "-m", reversal_model()}, "a b\nc\n").out;
  EXPECT_EQ(run_weft({"translate", "-m", reversal_model(), "-i", input}),
            (Outcome{2, expected, input + ":3: not valid UTF-8 (byte 0xc3 at column 3)\n"}));
  EXPECT_EQ(run_weft({"translate", "-m", reversal_model()}, "a b\nc\n\xff\n"),
            (Outcome{2, expected, "<stdin>:3: not valid UTF-8 (byte 0xff at column 1)\n"}));
}

TEST(TranslateMistakes, MissingFiles) {
  EXPECT_EQ(run_weft({"translate", "-m", reversal_model(), "-i", "none.txt"}),
            refusal({"none.txt: cannot be opened (No such file or directory)"}));
  EXPECT_EQ(run_weft({"translate", "-m", "none"}, "a\n"),
            refusal({"none: is not a model directory (there is no such directory)"}));
  EXPECT_EQ(run_weft({"translate", "-m", reversal_model(), "-o", "none/out"}, "a\n"),
            refusal({"none/out: cannot be written (No such file or directory)"}));
}

TEST(TranslateMistakes, OfTheCommandLine) {
  for (const std::vector<std::string>& wrong : std::vector<std::vector<std::string>>{
           {"translate"},
           {"translate", "-m", reversal_model(), "-b", "0"},
           {"translate", "-m", reversal_model(), "-b", "many"},
           {"translate", "-m", reversal_model(), "-n", "nan"},
           {"translate", "-m", reversal_model(), "-n", "-1"},
           {"translate", "-m", reversal_model(), "--threads", "100000"},
           {"translate", "-m", reversal_model(), "--max-source-length", "0"},
           {"translate", "-m", reversal_model(), "--alignment", "hrad"},
           {"translate", "-m", reversal_model(), "--bem-size", "3"},
           {}}) {
    const auto outcome = run_weft(wrong, "a\n");
    EXPECT_EQ(outcome.status, 2) << outcome.err;
    EXPECT_EQ(outcome.out, "");
    EXPECT_NE(outcome.err, "");
  }
}

TEST(TranslateMistakes, AnUnknownCommand) {
  EXPECT_EQ(
      run_weft({"trnslate", "-m", "model"}),
      refusal({"unknown command 'trnslate'; expected init, check, train, translate, score, align, "
               "serve, tune, consensus, average, inspect, import, export, aligner, lexicon, symmetrize, evaluate, "
               "evaluate-alignment, plot, compare or bench; did you mean 'translate'?"}));
}

TEST(TranslateMistakes, AFullDiskIsToldWhateverIsWritten) {
  const TemporaryDirectory directory;
  const auto pair = directory.write("pair", "a b\n");
  const auto gold = directory.write("gold", "0-0\n");
  const std::string translate = "translate -m " + reversal_model() + " -i " + pair;
  const std::string align = "align -m " + reversal_model() + " -s " + pair + " -t " + pair;
  for (const std::string& command :
       {translate, translate + " --alignment json", translate + " --n-best 2", align,
        align + " --gold " + gold, "evaluate -i " + pair + " -r " + pair,
        "train --dump-config -c " + reversal_task().config(), std::string("--help")}) {
    const auto outcome = run_shell("$WEFT " + command + " >/dev/full");
    EXPECT_EQ(outcome.status, 2) << command;
    EXPECT_THAT(outcome.err, HasSubstr("standard output: cannot be written to its end")) << command;
  }
  const auto file = run_shell("$WEFT " + translate + " -o /dev/full");
  EXPECT_EQ(file.status, 2);
  EXPECT_THAT(file.err, HasSubstr("/dev/full: cannot be written to its end"));
}

TEST(TranslateMistakes, AReaderThatLeavesIsNoMistake) {
  // More than a pipe holds.
  const auto outcome =
      run_shell("yes 'a b c' | head -n 1000 | { $WEFT translate -q -m " + reversal_model() +
                " --alignment json; echo \"status $?\" >&2; } | head -n 1");
  EXPECT_EQ(lines_of(outcome.out).size(), 1u);
  EXPECT_EQ(outcome.err, "status " + std::to_string(128 + SIGPIPE) + "\n");
}

class DamagedModel : public testing::Test {
 protected:
  DamagedModel() { fs::copy(reversal_model(), model(), fs::copy_options::recursive); }
  std::string model() const { return directory_.path("model"); }
  std::string in_model(const std::string& name) const { return model() + "/" + name; }
  Outcome translate() const { return run_weft({"translate", "-m", model()}, "a b\n"); }
  /// Replaces text of the same length.
  void replace(const std::string& name, const std::string& from, const std::string& to) const {
    auto text = file_text(in_model(name));
    const auto at = text.find(from);
    ASSERT_NE(at, std::string::npos) << from;
    write_text(in_model(name), text.replace(at, from.size(), to));
  }

  TemporaryDirectory directory_;
};

TEST_F(DamagedModel, WeightsCutShort) {
  const auto whole = fs::file_size(in_model("weights.safetensors"));
  for (const auto size : {whole - 1, whole / 2, std::uintmax_t{100}, std::uintmax_t{0}}) {
    fs::resize_file(in_model("weights.safetensors"), size);
    expect_one_line(translate(), in_model("weights.safetensors") + ": is damaged: ", "");
  }
}

TEST_F(DamagedModel, WeightsThatAreSomethingElse) {
  write_text(in_model("weights.safetensors"), "Once upon a time there were no weights.");
  expect_one_line(translate(), in_model("weights.safetensors") + ": is damaged: ", "");
}

TEST_F(DamagedModel, FromANewerVersion) {
  replace("weights.safetensors", "\"weft_format\":\"2\"", "\"weft_format\":\"9\"");
  expect_one_line(translate(), in_model("weights.safetensors") + ": ",
                  "has format version 9; this program reads versions up to 2");
}

TEST_F(DamagedModel, VocabularyOfAnotherSize) {
  write_text(in_model("source.words"), "a\nb\n");
  expect_one_line(translate(), in_model("weights.safetensors") + ": ", kOtherVocabularies);
}

TEST_F(DamagedModel, VocabulariesSwapped) {
  fs::rename(in_model("source.words"), in_model("other"));
  fs::rename(in_model("target.words"), in_model("source.words"));
  fs::rename(in_model("other"), in_model("target.words"));
  expect_one_line(translate(), in_model("weights.safetensors") + ": ", kOtherVocabularies);
}

TEST_F(DamagedModel, VocabularyOfAnotherModel) {
  fs::remove(in_model("source.words"));
  fs::copy(chinese_model() + "/source.spm", in_model("source.spm"));
  expect_one_line(translate(), in_model("weights.safetensors") + ": ", kOtherVocabularies);
}

TEST_F(DamagedModel, FilesMissing) {
  for (const std::string name : {"weights.safetensors", "target.words", "config.yaml"}) {
    fs::remove(in_model(name));
    expect_one_line(translate(), model(), name);
  }
}

TEST_F(DamagedModel, ConfigOfAnotherModel) {
  replace("config.yaml", "layers: 1", "layers: 2");
  const auto outcome = translate();
  EXPECT_EQ(outcome.status, 2);
  EXPECT_EQ(outcome.out, "");
  EXPECT_THAT(outcome.err, StartsWith(in_model("weights.safetensors") + ": has no tensor "));
}

/// Puts a number in place of all weights, or of the first of each tensor.
void overwrite_weights(const std::string& path, float value, bool all) {
  auto bytes = file_text(path);
  uint64_t header_size = 0;
  std::memcpy(&header_size, bytes.data(), sizeof header_size);
  const auto header = nlohmann::json::parse(bytes.substr(8, header_size));
  for (const auto& [name, tensor] : header.items()) {
    if (name == "__metadata__") continue;
    const auto begin = tensor["data_offsets"][0].get<std::size_t>();
    const auto end = all ? tensor["data_offsets"][1].get<std::size_t>() : begin + 4;
    for (auto at = begin; at < end; at += 4)
      std::memcpy(bytes.data() + 8 + header_size + at, &value, sizeof value);
  }
  write_text(path, bytes);
}

// As a run that diverged leaves them.
TEST_F(DamagedModel, WeightsThatAreNoNumbers) {
  const std::vector<std::pair<float, bool>> kinds{
      {NAN, true}, {NAN, false}, {INFINITY, true}, {1e38F, true}};
  write_text(directory_.path("a"), "a b\n");
  for (const auto& [value, all] : kinds) {
    SCOPED_TRACE(std::to_string(value) + (all ? " everywhere" : " in places"));
    fs::copy_file(reversal_model() + "/weights.safetensors", in_model("weights.safetensors"),
                  fs::copy_options::overwrite_existing);
    overwrite_weights(in_model("weights.safetensors"), value, all);
    const auto refused = [&](const std::string& what) {
      return refusal({model() + ": gives " + what +
                      " no probability: its weights are not numbers, or too large"});
    };
    EXPECT_EQ(translate(), refused("the next token"));
    EXPECT_EQ(
        run_weft({"align", "-m", model(), "-s", directory_.path("a"), "-t", directory_.path("a")}),
        refused("a sentence pair"));
  }
}

TEST_F(DamagedModel, PartOfAnEnsemble) {
  EXPECT_EQ(run_weft({"translate", "-m", reversal_model(), "-m", chinese_model()}, "a\n"),
            refusal({chinese_model() + ": has another target vocabulary than " + reversal_model() +
                     "; the models of an ensemble must share it"}));
}

}  // namespace
}  // namespace weft::e2e
