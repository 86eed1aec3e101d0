// weft bench: what is measured is there and makes sense (how large it is, no test can know), and
// nothing is left behind.

#include <gmock/gmock.h>

#include <array>
#include <cmath>
#include <filesystem>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "base/temporary_directory.h"
#include "e2e/program.h"
#include "e2e/tiny_models.h"

namespace weft::e2e {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;

std::vector<std::string> train_arguments() {
  return {"bench",    "train", "-c",    reversal_task().config(),    "--updates", "7",
          "--warmup", "2",     "--set", "training.precision=float32"};
}

std::vector<std::string> translate_arguments() {
  return {"bench", "translate", "-m", reversal_model(), "-i", reversal_task().path("valid.src")};
}

std::vector<std::string> with(std::vector<std::string> arguments,
                              const std::vector<std::string>& more) {
  arguments.insert(arguments.end(), more.begin(), more.end());
  return arguments;
}

/// The JSON of a run that must succeed.
std::vector<json> measured(const std::vector<std::string>& arguments) {
  const auto outcome = run_weft(with(arguments, {"--json", "-"}));
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(outcome.err, "");
  std::vector<json> settings;
  for (const auto& line : lines_of(outcome.out)) settings.push_back(json::parse(line));
  return settings;
}

void expect_positive(const json& setting, const std::vector<std::string>& keys) {
  for (const auto& key : keys) {
    ASSERT_TRUE(setting.at(key).is_number()) << key << " is " << setting.at(key);
    EXPECT_GT(setting.at(key).get<double>(), 0) << key;
    EXPECT_TRUE(std::isfinite(setting.at(key).get<double>())) << key;
  }
}

/// What both kinds of settings have, and how it hangs together.
void expect_consistent(const json& setting) {
  expect_positive(setting,
                  {"threads", "seconds", "flops", "flops_per_second", "matmul_flops_per_second",
                   "model_flops_utilisation", "peak_memory_megabytes"});
  const double seconds = setting.at("seconds").get<double>();
  for (const std::string count :
       {"source_words", "target_words", "source_pieces", "target_pieces", "flops"}) {
    expect_positive(setting, {count, count + "_per_second"});
    EXPECT_NEAR(setting.at(count + "_per_second").get<double>() * seconds,
                setting.at(count).get<double>(), 1e-6 * setting.at(count).get<double>());
  }
  EXPECT_DOUBLE_EQ(setting.at("model_flops_utilisation").get<double>(),
                   setting.at("flops_per_second").get<double>() /
                       setting.at("matmul_flops_per_second").get<double>());
  EXPECT_THAT(setting.at("products").get<std::string>(), testing::AnyOf("oneDNN", "Weft"));
  const auto& machine = setting.at("machine");
  EXPECT_FALSE(machine.at("processor").get<std::string>().empty());
  EXPECT_GE(machine.at("cores").get<int>(), 1);
  EXPECT_EQ("weft " + machine.at("weft").get<std::string>() + "\n", run_weft({"--version"}).out);
  if (setting.at("command") == "train" || setting.at("tensors") == "LibTorch") {
    EXPECT_THAT(machine.at("libtorch").get<std::string>(), testing::ContainsRegex("^[0-9]+[.]"));
  } else {
    EXPECT_TRUE(machine.at("libtorch").is_null());
  }
}

std::size_t words_in(const std::string& text) {
  std::istringstream stream(text);
  return static_cast<std::size_t>(std::distance(std::istream_iterator<std::string>(stream), {}));
}

/// Every file below, and when it was last written to.
std::map<std::string, fs::file_time_type> file_times_in(const std::string& directory) {
  std::map<std::string, fs::file_time_type> files;
  for (const auto& entry : fs::recursive_directory_iterator(directory))
    files[entry.path().string()] = entry.last_write_time();
  return files;
}

TEST(Bench, MeasuresTrainingInEverySetting) {
  const auto settings = measured(with(train_arguments(), {"--threads", "1,2"}));
  ASSERT_EQ(settings.size(), 2u);
  for (std::size_t i = 0; i < 2; ++i) {
    const auto& setting = settings[i];
    expect_consistent(setting);
    expect_positive(setting, {"updates_per_second", "flops_per_update"});
    EXPECT_EQ(setting.at("command"), "train");
    EXPECT_EQ(setting.at("threads"), i + 1);
    EXPECT_EQ(setting.at("precision"), "float32");
    EXPECT_EQ(setting.at("updates"), 7);
    // Letters on both sides, and an end of sentence for every pair.
    EXPECT_GT(setting.at("source_pieces"), setting.at("source_words"));
    EXPECT_EQ(setting.at("source_pieces"), setting.at("target_pieces"));
    EXPECT_EQ(setting.at("source_words"), setting.at("target_words"));
    EXPECT_EQ(setting.at("flops"), settings[0].at("flops")) << "the same sentences every time";
  }
}

TEST(Bench, HasNoNamelessResults) {
  EXPECT_EQ(run_weft({"bench", "train", "-c", reversal_task().config(), "--json", ""}),
            refusal({"the output has an empty name; expected a file, or -"}));
}

// One batch holds all of the text, and every update reads it once.
TEST(Bench, CountsTheTextThatUpdatesRead) {
  const auto settings =
      measured({"bench", "train", "-c", reversal_task().config(), "--updates", "2", "--warmup", "1",
                "--set", "training.batch_tokens=100000", "--threads", "1"});
  ASSERT_EQ(settings.size(), 1u);
  const auto text = file_text(reversal_task().path("train.src"));
  EXPECT_EQ(settings[0].at("source_words"), 2 * words_in(text));
  EXPECT_EQ(settings[0].at("source_pieces"), 2 * (words_in(text) + lines_of(text).size()));
}

TEST(Bench, MeasuresTranslatingInEverySetting) {
  const auto settings =
      measured(with(translate_arguments(), {"-b", "1,3", "--batch-sentences", "1,64", "--threads",
                                            "1", "--device", "cpu"}));
  ASSERT_EQ(settings.size(), 4u);
  const auto text = file_text(reversal_task().path("valid.src"));
  for (std::size_t i = 0; i < 4; ++i) {
    const auto& setting = settings[i];
    expect_consistent(setting);
    expect_positive(setting, {"start_seconds"});
    EXPECT_EQ(setting.at("command"), "translate");
    EXPECT_EQ(setting.at("tensors"), "Weft");
    EXPECT_EQ(setting.at("beam_size"), i < 2 ? 1 : 3);
    EXPECT_EQ(setting.at("batch_sentences"), i % 2 == 0 ? 1 : 64);
    EXPECT_EQ(setting.at("lines"), lines_of(text).size());
    EXPECT_EQ(setting.at("source_words"), words_in(text));
    EXPECT_EQ(setting.at("source_pieces"), words_in(text) + lines_of(text).size());
    if (i % 2 == 0) {
      expect_positive(setting, {"latency_median_seconds", "latency_99th_percentile_seconds"});
      EXPECT_LE(setting.at("latency_median_seconds"),
                setting.at("latency_99th_percentile_seconds"));
    } else {
      EXPECT_TRUE(setting.at("latency_median_seconds").is_null());
    }
  }
  EXPECT_EQ(settings[0].at("decoder_steps"), settings[0].at("target_pieces"));
  EXPECT_GT(settings[2].at("decoder_steps"), settings[2].at("target_pieces"));
}

// What is measured is what weft translate does: where that needs LibTorch, so does this.
TEST(Bench, MeasuresTranslatingWithLibTorchWhereThatIsUsed) {
  auto command = weft_command(with(translate_arguments(), {"--threads", "1", "--json", "-"}));
  command.environment = {{"WEFT_LIBTORCH", "1"}};
  const auto outcome = run(command);
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  const auto with_it = json::parse(outcome.out);
  expect_consistent(with_it);
  EXPECT_EQ(with_it.at("tensors"), "LibTorch");
  const auto without = measured(with(translate_arguments(), {"--threads", "1"})).at(0);
  for (const std::string count : {"lines", "source_pieces", "target_pieces", "decoder_steps"})
    EXPECT_EQ(with_it.at(count), without.at(count)) << count;
}

TEST(Bench, CountsTheWordsOfTheTranslation) {
  const auto translated = run_weft({"translate", "-q", "-m", reversal_model()},
                                   file_text(reversal_task().path("valid.src")));
  const auto settings = measured(translate_arguments());
  ASSERT_EQ(settings.size(), 1u);
  EXPECT_EQ(settings[0].at("target_words"), words_in(translated.out));
}

TEST(Bench, PrintsATableAndWritesJson) {
  const TemporaryDirectory directory;
  for (const auto& arguments : {train_arguments(), translate_arguments()}) {
    const auto path = directory.path("bench.jsonl");
    const auto outcome =
        run_weft(with(arguments, {"--threads", "1,2", "--precision", "float32", "--json", path}));
    ASSERT_EQ(outcome.status, 0) << outcome.err;
    const auto table = lines_of(outcome.out);
    ASSERT_EQ(table.size(), 4u) << outcome.out;  // two lines of headings
    EXPECT_THAT(table[1], HasSubstr("threads"));
    EXPECT_THAT(table[1], HasSubstr("words/s"));
    EXPECT_THAT(table[2], HasSubstr("float32"));
    for (const auto& row : table) EXPECT_EQ(row.size(), table[0].size());
    const auto objects = lines_of(file_text(path));
    ASSERT_EQ(objects.size(), 2u);
    for (const auto& object : objects) expect_consistent(json::parse(object));
  }
}

TEST(Bench, LeavesNothingBehind) {
  const TemporaryDirectory directory, temporary;
  const auto before = file_times_in(reversal_task().directory);
  for (const auto& arguments : {train_arguments(), translate_arguments()}) {
    auto command = weft_command(arguments);
    command.directory = directory.path("");
    command.environment = {{"TMPDIR", temporary.path("")}};
    const auto outcome = run(command);
    EXPECT_EQ(outcome.status, 0) << outcome.err;
  }
  EXPECT_EQ(file_times_in(reversal_task().directory), before);
  EXPECT_TRUE(fs::is_empty(directory.path("")));
  EXPECT_TRUE(fs::is_empty(temporary.path("")));
}

/// A processor with AVX2 alone has no bfloat16, and is told so beside what it has.
TEST(Bench, ShowsWhoComputesWhichProduct) {
  for (const std::string isa : {"", "AVX2"}) {
    auto command = weft_command(
        {"bench", "products", "-m", reversal_model(), "--rows", "1,40", "--json", "-"});
    if (!isa.empty()) command.environment = {{"ONEDNN_MAX_CPU_ISA", isa}};
    const auto outcome = run(command);
    ASSERT_EQ(outcome.status, 0) << outcome.err;
    std::map<std::string, std::set<std::string>> makers;
    std::set<std::array<int64_t, 3>> shapes;
    for (const auto& line : lines_of(outcome.out)) {
      const auto product = json::parse(line);
      const auto precision = product.at("precision").get<std::string>();
      const auto maker = product.at("products").get<std::string>();
      makers[precision].insert(maker);
      if (maker == "none") {
        EXPECT_TRUE(product.at("flops_per_second").is_null());
        continue;
      }
      expect_positive(product, {"flops_per_second", "rows", "inputs", "outputs"});
      if (precision != "float32") continue;
      expect_positive(product, {"panel_flops_per_second", "libtorch_flops_per_second"});
      shapes.emplace(std::array{product.at("rows").get<int64_t>(),
                                product.at("inputs").get<int64_t>(),
                                product.at("outputs").get<int64_t>()});
    }
    EXPECT_EQ(makers.size(), 3U);
    EXPECT_EQ(shapes.count({1, 24, 72}), 1U) << "states of the GRU";
    EXPECT_EQ(shapes.count({40, 24, 12}), 1U) << "the output layer: 8 letters, 4 of its own";
    EXPECT_EQ(makers["float32"].count("none"), 0U);
    if (isa.empty()) continue;
    EXPECT_THAT(makers["float32"], ElementsAre("Weft"));
    EXPECT_THAT(makers["bfloat16"], ElementsAre("none"));
    EXPECT_THAT(makers["int8"], ElementsAre("Weft"));
  }
}

TEST(Bench, MistakesAreOneLine) {
  const TemporaryDirectory directory;
  const auto empty = directory.write("empty", "\n \n");
  EXPECT_EQ(run_weft(with(train_arguments(), {"--precision", "float23"})),
            refusal({"--precision: unknown precision 'float23'; expected auto, float32, bfloat16 "
                     "or int8; did "
                     "you mean 'float32'?"}));
  EXPECT_EQ(run_weft(with(translate_arguments(), {"--precision", "float32,int4"})),
            refusal({"--precision: unknown precision 'int4'; expected auto, float32, bfloat16 or "
                     "int8; did you "
                     "mean 'int8'?"}));
  EXPECT_EQ(run_weft(with(train_arguments(), {"--set", "data.train_source=" + empty, "--set",
                                              "data.train_target=" + empty})),
            refusal({"no words to make a vocabulary of in " + empty}));
  EXPECT_EQ(run_weft({"bench", "translate", "-m", reversal_model(), "-i", empty}),
            refusal({empty + ": has no line to translate"}));
  EXPECT_EQ(run_weft({"bench", "translate", "-m", reversal_model(), "-i", "none.txt"}),
            refusal({"none.txt: cannot be opened (No such file or directory)"}));
  EXPECT_EQ(run_weft({"bench", "products", "--precision", "auto"}),
            refusal({"--precision is auto; expected float32, bfloat16 or int8"}));
  EXPECT_EQ(run_weft({"bench", "products", "-m", "none"}),
            refusal({"none: is not a model directory (there is no such directory)"}));
  EXPECT_EQ(run_weft({"bench", "translate", "-m", "none", "-i", empty}),
            refusal({"none: is not a model directory (there is no such directory)"}));
  EXPECT_EQ(run_weft(with(translate_arguments(), {"--json", "none/out"})),
            refusal({"none/out: cannot be written (No such file or directory)"}));
}

TEST(Bench, RefusesWhatItCannotDo) {
  for (const std::vector<std::string>& wrong : std::vector<std::vector<std::string>>{
           {"bench"},
           {"bench", "trian"},
           {"bench", "train"},
           {"bench", "translate", "-m", reversal_model()},
           with(train_arguments(), {"--updates", "0"}),
           with(train_arguments(), {"--threads", "1,x"}),
           with(translate_arguments(), {"-b", "0"}),
           with(translate_arguments(), {"--batch-sentences", "1,0"}),
           {"bench", "translate", "-m", reversal_model(), "-i", "-"}}) {
    const auto outcome = run_weft(wrong);
    EXPECT_EQ(outcome.status, 2) << outcome.err;
    EXPECT_EQ(outcome.out, "");
    EXPECT_NE(outcome.err, "");
  }
}

// The mistake is found by the process that measures, not by the one that starts it.
TEST(Bench, ADamagedModelIsAMistakeToo) {
  const TemporaryDirectory directory;
  fs::copy(reversal_model(), directory.path("model"), fs::copy_options::recursive);
  const auto weights = directory.path("model/weights.safetensors");
  fs::resize_file(weights, fs::file_size(weights) / 2);
  const auto outcome = run_weft({"bench", "translate", "-m", directory.path("model"), "-i",
                                 reversal_task().path("valid.src")});
  EXPECT_EQ(outcome.status, 2);
  EXPECT_EQ(outcome.out, "");
  EXPECT_THAT(lines_of(outcome.err), ElementsAre(HasSubstr(weights + ": is damaged: ")));
}

}  // namespace
}  // namespace weft::e2e
