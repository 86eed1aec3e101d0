// Captions of pictures from the command line: a coloured square in one of nine places.

#include <gmock/gmock.h>

#include <array>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>

#include "base/temporary_directory.h"
#include "e2e/program.h"
#include "e2e/tiny_models.h"

namespace weft::e2e {
namespace {

using testing::HasSubstr;

constexpr int kSide = 24, kCell = 8;

struct Colour {
  const char* name;
  std::array<char, 3> pixel;
};
constexpr Colour kColours[] = {
    {"red", {'\xff', 0, 0}}, {"green", {0, '\xff', 0}}, {"blue", {0, 0, '\xff'}}};
constexpr const char* kRows[] = {"top", "middle", "bottom"};
constexpr const char* kColumns[] = {"left", "centre", "right"};

/// Number `i` of 27 different ones.
struct Scene {
  int colour, row, column;
  explicit Scene(int i) : colour(i % 3), row(i / 3 % 3), column(i / 9 % 3) {}
  std::string caption() const {
    return std::string(kColours[colour].name) + ' ' + kRows[row] + ' ' + kColumns[column];
  }
  std::string file() const { return caption() + ".ppm"; }
  /// A picture file whose square is moved by some pixels on a grey ground.
  std::string picture(int shift, char ground) const {
    std::string bytes = "P6\n24 24\n255\n";
    for (int y = 0; y < kSide; ++y) {
      for (int x = 0; x < kSide; ++x) {
        const int left = kCell * column + shift, top = kCell * row + shift;
        const bool inside = x >= left && x < left + 6 && y >= top && y < top + 6;
        for (const char part : kColours[colour].pixel) bytes += inside ? part : ground;
      }
    }
    return bytes;
  }
};

/// The model that all tests here read, trained once.
class Captions : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    directory_ = std::make_unique<TemporaryDirectory>();
    std::filesystem::create_directory(path("pictures"));
    std::string names, captions, valid_names, valid_captions;
    for (int i = 0; i < 81; ++i) {
      const Scene scene(i);
      const auto name = std::to_string(i) + ".ppm";
      write("pictures/" + name, scene.picture(i / 27, '\x20'));
      for (int repeat = 0; repeat < 3; ++repeat) {
        names += name + "\n";
        captions += scene.caption() + "\n";
      }
      if (i >= 27) continue;
      write("pictures/v" + name, scene.picture(i % 3, '\x30'));
      valid_names += "v" + name + "\n";
      valid_captions += scene.caption() + "\n";
    }
    write("train.names", names);
    write("train.en", captions);
    write("valid.names", valid_names);
    write("valid.en", valid_captions);
    write("config.yaml", config());
    const auto outcome = train("model");
    ASSERT_EQ(outcome.status, 0) << outcome.err;
  }
  static void TearDownTestSuite() { directory_.reset(); }

  static std::string config() {
    return "data:\n  source_kind: [image]\n  source_root: " + path("pictures") +
           "\n  train_source: " + path("train.names") + "\n  train_target: " + path("train.en") +
           "\n  valid_source: " + path("valid.names") + "\n  valid_target: " + path("valid.en") +
           "\n  image: {height: 24, width: 24}\n"
           "vocabulary: {type: words}\n"
           "model:\n"
           "  embedding: {source: 32, target: 32}\n"
           "  input: {convolution: small, map: none, layer_norm: true, positions: grid}\n"
           "  encoder: {type: annotations}\n"
           "  attention: {width: 32}\n"
           "  decoder: {hidden: 32, readout: 32, attention_place: after, initial_state: zero}\n"
           "  dropout: {embedding: 0, hidden: 0, readout: 0}\n"
           "training:\n"
           "  threads: 1\n"
           "  batch_tokens: 216\n"
           "  label_smoothing: 0\n"
           "  optimizer: {learning_rate: 0.01}\n"
           "  schedule: {warmup_steps: 20}\n"
           "  stop_after: 50e\n"
           "  validation: {every: 25e, beam_size: 1, tokenizer: none}\n"
           "decoding: {max_length: 8, beam_size: 2}\n";
  }
  static Outcome train(const std::string& model, std::vector<std::string> settings = {}) {
    std::vector<std::string> command{"-q", "train", "-c", path("config.yaml"), "-m", path(model)};
    for (const auto& setting : settings) {
      command.emplace_back("--set");
      command.push_back(setting);
    }
    return run_weft(command);
  }
  static std::string path(const std::string& name) { return directory_->path(name); }
  static std::string write(const std::string& name, const std::string& text) {
    return directory_->write(name, text);
  }
  static Outcome caption(std::vector<std::string> options, const std::string& input = "") {
    options.insert(options.begin(), {"-q", "translate", "-m", path("model")});
    return run_weft(options, input);
  }

  inline static std::unique_ptr<TemporaryDirectory> directory_;
};

TEST_F(Captions, SayWhatIsToBeSeenAndWhere) {
  const auto outcome = caption({"-i", path("valid.names")});
  const auto made = lines_of(outcome.out), expected = lines_of(file_text(path("valid.en")));
  ASSERT_EQ(made.size(), expected.size()) << outcome.err;
  int right = 0;
  for (std::size_t i = 0; i < made.size(); ++i) right += made[i] == expected[i];
  EXPECT_GE(right, 24);
  EXPECT_THAT(run_weft({"translate", "-m", path("model"), "--device", "cpu"}, "v0.ppm\n").err,
              testing::HasSubstr("search with LibTorch: pictures are read"));
}

TEST_F(Captions, LookAtTheSquareWhenTheySayItsColour) {
  const auto outcome = caption({"-i", path("valid.names"), "--alignment", "json"});
  const auto lines = lines_of(outcome.out);
  ASSERT_EQ(lines.size(), 27U) << outcome.err;
  int right = 0;
  for (int i = 0; i < 27; ++i) {
    const auto object = nlohmann::json::parse(lines[static_cast<std::size_t>(i)]);
    EXPECT_EQ(object["source"]["text"], "v" + std::to_string(i) + ".ppm");
    EXPECT_EQ(object["grid"], (nlohmann::json{3, 3}));
    const auto weights = object["matrix"][0].get<std::vector<double>>();
    ASSERT_EQ(weights.size(), 9U) << "no end of sentence";
    const auto heaviest = std::max_element(weights.begin(), weights.end()) - weights.begin();
    const Scene scene(i);
    right += heaviest == 3 * scene.row + scene.column;
  }
  EXPECT_GE(right, 20) << "of 27, where chance is 3";
}

TEST_F(Captions, ComeAsTheNamesOfPicturesDo) {
  RunningProgram program({{weft_program(), "-q", "translate", "-m", path("model")}, "", {}});
  program.write("v0.ppm\n");
  const auto first = program.read_lines(1);
  EXPECT_EQ(first, caption({}, "v0.ppm\n").out);
  program.write("\nv1.ppm\n");
  EXPECT_THAT(program.read_lines(2), testing::StartsWith("\n")) << "blank for blank";
  EXPECT_EQ(program.wait().status, 0);
}

TEST_F(Captions, TellWhichPictureIsMissingOrBroken) {
  write("pictures/broken.ppm", "P6\n24 24\n255\nfew bytes");
  for (const std::string bad : {"none.ppm", "broken.ppm"}) {
    const auto list = write("list", "v0.ppm\n\n" + bad + "\nv1.ppm\n");
    const auto outcome = caption({"-i", list});
    EXPECT_EQ(outcome.status, 2);
    EXPECT_EQ(outcome.out, caption({}, "v0.ppm\n").out + "\n") << "what came before";
    EXPECT_THAT(outcome.err, testing::StartsWith(list + ":3: '" + bad + "'"));
  }
  auto names = file_text(path("train.names"));
  const auto list = write("broken.names", names.replace(0, 1, "broken"));
  const auto outcome = train("none", {"data.train_source=" + list});
  EXPECT_EQ(outcome.status, 2);
  EXPECT_THAT(outcome.err, HasSubstr(list + ":1: 'broken.ppm'"));
  EXPECT_FALSE(std::filesystem::exists(path("none"))) << "before any work";
}

TEST_F(Captions, AreOfPicturesThatLieElsewhere) {
  std::filesystem::create_directory(path("elsewhere"));
  write("elsewhere/a.ppm", file_text(path("pictures/v0.ppm")));
  const auto expected = caption({}, "v0.ppm\n").out;
  EXPECT_EQ(caption({"--source-root", path("elsewhere")}, "a.ppm\n").out, expected);
  auto here = weft_command({"-q", "translate", "-m", path("model"), "--source-root", "."});
  here.directory = path("elsewhere");
  EXPECT_EQ(run(here, "a.ppm\n").out, expected);
  const auto aligned =
      run_weft({"-q", "align", "-m", path("model"), "--source-root", path("elsewhere"), "-s",
                write("names", "a.ppm\n"), "-t", write("words", "red top left\n")});
  EXPECT_EQ(aligned.status, 0) << aligned.err;
  EXPECT_EQ(lines_of(aligned.out).size(), 1U);
  const auto refused =
      run_weft({"translate", "-m", reversal_model(), "--source-root", "."}, "a b\n");
  EXPECT_EQ(refused.status, 2);
  EXPECT_THAT(refused.err,
              HasSubstr("reads text; expected a model of pictures, sound or features"));
}

TEST_F(Captions, AreAlignedWhenTheyAreGiven) {
  const auto outcome = run_weft({"-q", "align", "-m", path("model"), "-s", path("valid.names"),
                                 "-t", path("valid.en"), "--format", "json"});
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  const auto first = nlohmann::json::parse(lines_of(outcome.out).front());
  EXPECT_EQ(first["source"]["text"], "v0.ppm");
  EXPECT_EQ(first["grid"], (nlohmann::json{3, 3}));
  EXPECT_EQ(first["matrix"].size(), 3U);
  EXPECT_EQ(first["matrix"][0].size(), 9U);
}

TEST_F(Captions, GoOnWhereTheyStopped) {
  const std::vector<std::string> whole{"training.stop_after=6u", "training.validation.every=0"};
  std::vector<std::string> part = whole;
  part[0] = "training.stop_after=3u";
  ASSERT_EQ(train("parts", part).status, 0);
  ASSERT_EQ(train("parts", whole).status, 0);
  ASSERT_EQ(train("whole", whole).status, 0);
  EXPECT_EQ(file_text(path("parts/weights.safetensors")),
            file_text(path("whole/weights.safetensors")));
}

/// Where the squares of the pictures are, all of whose words are to be seen there.
std::string gold_of_squares() {
  std::string gold;
  for (int i = 0; i < 81; ++i) {
    const Scene scene(i);
    for (const bool is_valid : {false, true}) {
      const int shift = is_valid ? i % 3 : i / 27;
      const int left = kCell * scene.column + shift, top = kCell * scene.row + shift;
      const nlohmann::json box = {left, top, left + 6, top + 6};
      gold += R"({"image":")" + std::string(is_valid ? "v" : "") + std::to_string(i) +
              R"(.ppm","width":24,"height":24,"boxes":{"1":[)" + box.dump() +
              R"(]},"sentences":[{"text":")" + scene.caption() +
              R"(","phrases":[[0,3,"1","square"]]}]})" + "\n";
    }
  }
  return gold;
}

// Of weight that lies in the cell of the square, 36 of 64 pixels are in the square. With a head
// nothing else changes.
TEST_F(Captions, LookCloserWhereRegionsSay) {
  const auto gold = write("gold", gold_of_squares());
  const auto trained = [&](const std::string& model, std::vector<std::string> settings) {
    settings.insert(settings.end(), {"training.stop_after=8e", "training.validation.every=0"});
    const auto outcome = train(model, settings);
    EXPECT_EQ(outcome.status, 0) << outcome.err;
  };
  const auto mass = [&](const std::string& model, const std::string& from) {
    const auto aligned =
        run_weft({"-q", "align", "-m", path(model), "-s", path("valid.names"), "-t",
                  path("valid.en"), "--format", "json", "--alignment-from", from});
    const auto scores = lines_of(run_weft({"evaluate", "--regions", gold, "-b"}, aligned.out).out);
    EXPECT_EQ(scores.size(), 2U) << aligned.err;
    return scores.size() == 2 ? std::stod(scores[1]) : 0;
  };
  const std::string regions = "training.guided_alignment.regions=" + gold;
  trained("plain", {});
  trained("guided", {regions, "training.guided_alignment.weight=1"});
  trained("head", {regions, "model.alignment_head.width=32"});
  EXPECT_LT(mass("plain", "attention"), 0.5);  // or the test shows nothing
  EXPECT_GT(mass("guided", "attention"), 0.55);
  EXPECT_LT(mass("head", "attention"), 0.5);
  EXPECT_GT(mass("head", "head"), 0.55);
}

TEST_F(Captions, TellWhichRegionsAreWrongBeforeTheyAreTaught) {
  const auto gold = write("wrong.gold", gold_of_squares() + "{}\n");
  const auto outcome = train(
      "none", {"training.guided_alignment.regions=" + gold, "training.guided_alignment.weight=1"});
  EXPECT_EQ(outcome.status, 2);
  EXPECT_THAT(outcome.err, HasSubstr(gold + ":163: is no gold item"));
  EXPECT_FALSE(std::filesystem::exists(path("none"))) << "before any work";
}

TEST_F(Captions, CannotBeAskedForWhatWordsHave) {
  EXPECT_THAT(caption({"--tags", "xml"}, "v0.ppm\n").err, HasSubstr("is not text"));
  EXPECT_THAT(run_weft({"bench", "translate", "-m", path("model"), "-i", path("valid.names")}).err,
              HasSubstr("expected text, because weft bench counts words"));
}

}  // namespace
}  // namespace weft::e2e
