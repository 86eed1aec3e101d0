// Models that translate together, judge one another's translations and learn from them.

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/temporary_directory.h"
#include "e2e/alignment_text.h"
#include "e2e/program.h"
#include "e2e/tiny_models.h"

namespace weft::e2e {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

std::string output_of(const std::vector<std::string>& command, const std::string& input = "") {
  const auto outcome = run_weft(command, input);
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  return outcome.out;
}

std::size_t right_lines(const std::string& translations) {
  const auto expected = lines_of(file_text(reversal_task().path("valid.trg")));
  const auto lines = lines_of(translations);
  std::size_t right = 0;
  for (std::size_t i = 0; i < expected.size(); ++i) right += lines.at(i) == expected[i] ? 1 : 0;
  return right;
}

class SeveralModels : public testing::Test {
 protected:
  /// A student of lists of the reversal model, which knows the words in another order; and a model
  /// that writes from right to left.
  static void SetUpTestSuite() {
    directory_ = new TemporaryDirectory;
    const auto task = reversal_task();
    auto lines = lines_of(file_text(task.path("train.src")));
    std::string source;
    for (std::size_t i = 0; i < 600; ++i) source += lines[i] + '\n';
    directory_->write("some.src", source);
    output_of({"translate", "-m", reversal_model(), "-i", path("some.src"), "-o", path("list"),
               "--n-best", "2", "-b", "2"});
    auto words = lines_of(file_text(reversal_model() + "/source.words"));
    std::string others;
    for (auto word = words.rbegin(); word != words.rend(); ++word) others += *word + '\n';
    directory_->write("other.words", others);
    train("student", path("other.words"),
          {"data.train_source=" + path("some.src"), "data.train_target=" + path("list"),
           "data.train_format=n-best"});
    train("backwards", reversal_model() + "/source.words", {"data.right_to_left=true"});
  }
  static void TearDownTestSuite() {
    delete directory_;
    directory_ = nullptr;
  }
  static void train(const std::string& name, const std::string& source_words,
                    const std::vector<std::string>& settings) {
    std::vector<std::string> command{"train", "-c", reversal_task().config(), "-m", path(name)};
    for (const auto& setting : settings) command.insert(command.end(), {"--set", setting});
    command.insert(command.end(), {"--set", "vocabulary.source_file=" + source_words, "--set",
                                   "vocabulary.target_file=" + reversal_model() + "/target.words"});
    output_of(command);
  }
  static std::string path(const std::string& name) { return directory_->path(name); }
  static std::string valid() { return reversal_task().path("valid.src"); }

  static TemporaryDirectory* directory_;
};
TemporaryDirectory* SeveralModels::directory_ = nullptr;

TEST_F(SeveralModels, LearnFromListsAsTheyAre) {
  const auto lines = lines_of(file_text(valid())).size();
  EXPECT_GT(right_lines(output_of({"translate", "-m", path("student"), "-i", valid()})), lines / 2);
}

TEST_F(SeveralModels, TellTheLineOfAListThatIsOfNoSource) {
  directory_->write("broken", "0 ||| A ||| F0= -1 ||| -1\n700 ||| B ||| F0= -1 ||| -1\n");
  const auto outcome =
      run_weft({"train", "-c", reversal_task().config(), "-m", path("never"), "--set",
                "data.train_source=" + path("some.src"), "--set",
                "data.train_target=" + path("broken"), "--set", "data.train_format=n-best"});
  EXPECT_EQ(outcome.status, 2);
  EXPECT_THAT(outcome.err, HasSubstr("broken:2: the id is 700; expected that of one of the 600"));
}

TEST_F(SeveralModels, OfOtherSourceVocabulariesTranslateTogether) {
  ASSERT_NE(file_text(path("student/source.words")), file_text(reversal_model() + "/source.words"));
  const std::vector<std::string> both{"-m", reversal_model(), "-m", path("student")};
  auto command = both;
  command.insert(command.begin(), "translate");
  command.insert(command.end(), {"-i", valid(), "--n-best", "3"});
  const auto list = output_of(command);
  EXPECT_GT(right_lines(output_of(
                {"translate", "-m", reversal_model(), "-m", path("student"), "-i", valid()})),
            lines_of(file_text(valid())).size() / 2);
  // The same scores when the translations are given.
  directory_->write("both.list", list);
  command = both;
  command.insert(command.begin(), "score");
  command.insert(command.end(), {"-s", valid(), "--n-best", path("both.list")});
  const auto scored = lines_of(output_of(command));
  const auto found = lines_of(list);
  ASSERT_EQ(scored.size(), found.size());
  for (std::size_t i = 0; i < found.size(); ++i)
    EXPECT_NEAR(std::stod(fields_of(scored[i]).at(3)), std::stod(fields_of(found[i]).at(3)), 1e-4);
}

TEST_F(SeveralModels, OfOtherSourceVocabulariesAlignTheFirstsWords) {
  const auto matrix = [&](const std::vector<std::string>& models) {
    std::vector<std::string> command{"translate", "--alignment", "json"};
    for (const auto& model : models) command.insert(command.end(), {"-m", model});
    directory_->write("prefix", "D C B A\n");
    command.insert(command.end(), {"--prefix", path("prefix"), "--max-length", "5"});
    return nlohmann::json::parse(output_of(command, "a b c d\n"));
  };
  const auto first = matrix({reversal_model()}), second = matrix({path("student")}),
             both = matrix({reversal_model(), path("student")});
  ASSERT_EQ(both["source"], first["source"]);
  const auto& weights = both["matrix"];
  ASSERT_THAT(weights, SizeIs(first["matrix"].size()));
  for (std::size_t i = 0; i < weights.size(); ++i)
    for (std::size_t j = 0; j < weights[i].size(); ++j)
      EXPECT_NEAR(weights[i][j].get<double>(),
                  (first["matrix"][i][j].get<double>() + second["matrix"][i][j].get<double>()) / 2,
                  2e-3);
}

TEST_F(SeveralModels, FromRightToLeftRerankLists) {
  const auto list = path("forward.list");
  output_of(
      {"translate", "-m", reversal_model(), "-i", valid(), "-o", list, "-b", "6", "--n-best", "6"});
  const auto reranked = [&](const std::string& part) {
    return right_lines(output_of(
        {"score", "-m", path("backwards"), "-s", valid(), "--n-best", list, "--rerank", part}));
  };
  const auto forward = reranked("0");
  EXPECT_EQ(
      forward,
      right_lines(output_of({"translate", "-m", reversal_model(), "-i", valid(), "-b", "6"})));
  EXPECT_GE(reranked("0.5"), forward);
}

class Consensus : public testing::Test {
 protected:
  std::string combined(std::vector<std::string> arguments) {
    for (auto& argument : arguments)
      if (argument.starts_with("list")) argument = directory_.path(argument);
    arguments.insert(arguments.begin(), "consensus");
    return output_of(arguments);
  }
  TemporaryDirectory directory_;
};

TEST_F(Consensus, TakesWhatSystemsAgreeOn) {
  directory_.write("list1",
                   "0 ||| a b c d ||| F0= -1 ||| -1\n0 ||| x y ||| F0= -9 ||| -1\n"
                   "1 ||| p ||| F0= -1 ||| -1\n");
  directory_.write("list2", "0 ||| a b c e ||| F0= -1 ||| -1\n1 ||| q ||| F0= -1 ||| -1\n");
  directory_.write("list3", "a b c d\nq\n");  // plain translations
  EXPECT_EQ(combined({"list1", "list2", "list3"}), "a b c d\nq\n");
  EXPECT_EQ(combined({"list1", "list2", "list3", "--metric", "bleu"}), "a b c d\nq\n");
  EXPECT_EQ(combined({"list1", "list2", "list3", "--weights", "9,1,1"}), "a b c d\np\n");
}

TEST_F(Consensus, TellsListsOfOtherLines) {
  directory_.write("list1", "0 ||| a ||| F0= -1 ||| -1\n");
  directory_.write("list2", "0 ||| a ||| F0= -1 ||| -1\n2 ||| a ||| F0= -1 ||| -1\n");
  directory_.write("list3", "a\nb\n");
  const auto refused = [&](const std::string& second) {
    const auto outcome = run_weft({"consensus", directory_.path("list1"), directory_.path(second)});
    EXPECT_EQ(outcome.status, 2);
    return outcome.err;
  };
  EXPECT_THAT(refused("list2"), HasSubstr("list2:2: the id is 2; expected 0 or 1"));
  EXPECT_THAT(refused("list3"), HasSubstr("has translations of 2 lines, but"));
}

TEST(Tune, FindsLengthsThatSuitAndSavesThem) {
  const TemporaryDirectory directory;
  const auto model = directory.path("model");
  // A reward for length that makes translations too long.
  run_shell("cp -r " + reversal_model() +
                " model && sed -i 's/word_penalty: .*/word_penalty: -8/; s/length_normalization: "
                ".*/length_normalization: 0/' model/config.yaml",
            directory.path(""));
  const auto bleu = [&] {
    directory.write("out", output_of({"translate", "-m", model, "-i",
                                      reversal_task().path("valid.src"), "-b", "12"}));
    const auto score = output_of({"evaluate", "-i", directory.path("out"), "-r",
                                  reversal_task().path("valid.trg"), "--metrics", "bleu"});
    return std::stod(score.substr(score.find(" = ") + 3));
  };
  const auto before = bleu();
  const auto outcome = run_weft({"tune", "-m", model, "-s", reversal_task().path("valid.src"), "-t",
                                 reversal_task().path("valid.trg"), "-b", "12", "--save"});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("length_normalization: "));
  const auto after = bleu();
  EXPECT_GT(after, before);
  const auto told = outcome.err.substr(outcome.err.find("validation text: ") + 17);
  EXPECT_NEAR(std::stod(told), after, 0.01);
}

}  // namespace
}  // namespace weft::e2e
