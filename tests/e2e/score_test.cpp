// weft score, weft average, weft inspect.

#include <gmock/gmock.h>

#include <cmath>
#include <map>
#include <sstream>

#include "base/mapped_file.h"
#include "base/safetensors_header.h"
#include "base/temporary_directory.h"
#include "e2e/alignment_text.h"
#include "e2e/program.h"
#include "e2e/tiny_models.h"

namespace weft::e2e {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

class Score : public testing::Test {
 protected:
  std::string write(const std::string& name, const std::string& text) const {
    write_text(directory_.path(name), text);
    return directory_.path(name);
  }
  std::string run(std::vector<std::string> arguments) const {
    const auto outcome = run_weft(arguments);
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    return outcome.out;
  }

  TemporaryDirectory directory_;
};

/// The last digit of six may be rounded differently.
void expect_same_digits(double found, double printed) {
  EXPECT_NEAR(found, printed, 6e-6 * std::abs(printed) + 1e-12);
}

/// The bytes of those tensors of a file whose names start with `prefix`, named by the rest.
std::map<std::string, std::string> tensors_of(const std::string& path, const std::string& prefix) {
  const MappedFile file(path);
  const auto header = parse_safetensors_header(path, file.view());
  std::map<std::string, std::string> found;
  for (const auto& tensor : header.tensors)
    if (tensor.name.starts_with(prefix))
      found[tensor.name.substr(prefix.size())] =
          file.view().substr(header.size + tensor.begin, tensor.end - tensor.begin);
  EXPECT_FALSE(found.empty()) << path;
  return found;
}

TEST_F(Score, IsTheDecoders) {
  const auto source = reversal_task().path("valid.src");
  for (const std::vector<std::string>& options :
       {std::vector<std::string>{},
        {"--length-offset", "5", "-n", "0.6", "--word-penalty", "0.2"},
        {"--coverage-penalty", "0.3", "--brevity-penalty", "1"},
        {"-m", reversal_model()}}) {
    std::vector<std::string> translate{"translate", "-m", reversal_model(), "-i", source,
                                       "-b",        "4",  "--n-best",       "4"};
    translate.insert(translate.end(), options.begin(), options.end());
    const auto list = run(translate);
    std::vector<std::string> score{"score", "-m",       reversal_model(),   "-s",
                                   source,  "--n-best", write("list", list)};
    score.insert(score.end(), options.begin(), options.end());
    const auto before = lines_of(list), after = lines_of(run(score));
    ASSERT_EQ(after.size(), before.size());
    int checked = 0;
    for (std::size_t i = 0; i < after.size(); ++i) {
      const auto was = fields_of(before[i]), is = fields_of(after[i]);
      ASSERT_THAT(is, SizeIs(4));
      EXPECT_EQ(is[0], was[0]);
      EXPECT_EQ(is[1], was[1]);
      if (is[1].find("<unk>") != std::string::npos) continue;  // its text is another's
      EXPECT_TRUE(is[2].starts_with(was[2] + " Weft= ")) << is[2];
      expect_same_digits(std::stod(is[2].substr(is[2].find("Weft= ") + 6)),
                         std::stod(was[2].substr(4)));
      expect_same_digits(std::stod(is[3]), std::stod(was[3]));
      ++checked;
    }
    EXPECT_GT(checked, 100);
  }
}

TEST_F(Score, RerankedListsHaveALineForEachSourceLine) {
  const auto source = write("s", "a b\n\nc\na b c\n");
  const auto list = write("list",
                          "0 ||| A B ||| F0= -9 ||| -1\n0 ||| B A ||| F0= -9 ||| -2\n"
                          "3 ||| C B A ||| F0= -9 ||| -2\n3 ||| A B C ||| F0= -9 ||| -1.9\n");
  const auto ranked = [&](std::vector<std::string> options) {
    options.insert(options.begin(),
                   {"score", "-m", reversal_model(), "-s", source, "--n-best", list});
    return run(options);
  };
  EXPECT_EQ(ranked({"--rerank", "0"}), "A B\n\n\nA B C\n");
  EXPECT_EQ(ranked({"--rerank", "0.9"}), "B A\n\n\nC B A\n");
  for (const auto& [broken, message] :
       {std::pair{"1 ||| A ||| F0= 1 ||| 1\n0 ||| A ||| F0= 1 ||| 1\n",
                  "list:2: the id is 0, after"},
        std::pair{"0 ||| A ||| F0= 1\n", "list:1: the last field is no score"},
        std::pair{"4 ||| A ||| F0= 1 ||| 1\n", "list:1: the id is 4; expected that of one"}}) {
    write("list", broken);
    const auto outcome = run_weft(
        {"score", "-m", reversal_model(), "-s", source, "--n-best", list, "--rerank", "1"});
    EXPECT_EQ(outcome.status, 2);
    EXPECT_THAT(outcome.err, HasSubstr(message));
  }
}

TEST_F(Score, OfPairsHasThatOfEveryWord) {
  const auto source = write("s", "a b c\nd\n\na\n"), target = write("t", "C B A\n\nA\nA B\n");
  const auto lines =
      lines_of(run({"score", "-m", reversal_model(), "-s", source, "-t", target, "--words"}));
  ASSERT_THAT(lines, SizeIs(4));
  const std::vector<std::size_t> words{4, 1, 0, 3};  // with the end; a blank source is not scored
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const auto parts = lines[i].find(" |||");
    ASSERT_NE(parts, std::string::npos);
    std::istringstream numbers(lines[i].substr(parts + 4));
    double sum = 0;
    std::size_t count = 0;
    for (double value = 0; numbers >> value; ++count) sum += value;
    EXPECT_EQ(count, words[i]) << lines[i];
    EXPECT_NEAR(std::stod(lines[i]), sum, 1e-5);
  }
  EXPECT_EQ(lines[2], "0 0 |||");
}

TEST_F(Score, SumsUp) {
  const auto source = write("s", "a b c\nd\n"), target = write("t", "C B A\nD\n");
  const auto lines = lines_of(run({"score", "-m", reversal_model(), "-s", source, "-t", target}));
  const double total = std::stod(lines[0]) + std::stod(lines[1]);
  const auto summary =
      run({"score", "-m", reversal_model(), "-s", source, "-t", target, "--summary"});
  EXPECT_THAT(summary, HasSubstr("pairs 2, log p "));
  const double perplexity =
      std::stod(summary.substr(summary.find("perplexity ") + std::string("perplexity ").size()));
  EXPECT_NEAR(perplexity, std::exp(-total / 6), 1e-4);  // four words and two ends
}

TEST_F(Score, TellsOfListsOfOtherSources) {
  const auto source = write("s", "a\n"),
             list = write("list", "0 ||| A ||| F0= 1 ||| 1\n1 ||| B ||| x= 0 ||| 0\n");
  const auto outcome = run_weft({"score", "-m", reversal_model(), "-s", source, "--n-best", list});
  EXPECT_EQ(outcome.status, 2);
  EXPECT_THAT(outcome.out, HasSubstr("0 ||| A ||| F0= 1 Weft= "));
  EXPECT_THAT(outcome.err,
              HasSubstr("list:2: the id is 1; expected that of one of the 1 source lines"));
  const auto broken = run_weft({"score", "-m", reversal_model(), "-s", source, "--n-best", source});
  EXPECT_THAT(broken.err, HasSubstr("expected 'ID ||| TEXT ||| FEATURES ||| SCORE'"));
}

TEST_F(Score, OfAnAverageOfAModelWithItselfIsTheModels) {
  const auto mean = directory_.path("mean");
  run({"average", reversal_model(), reversal_model(), reversal_model() + "/weights.safetensors",
       "-o", mean});
  const auto source = reversal_task().path("valid.src");
  EXPECT_EQ(run({"translate", "-m", mean, "-i", source, "--n-best", "2"}),
            run({"translate", "-m", reversal_model(), "-i", source, "--n-best", "2"}));
  const auto again = run_weft({"average", reversal_model(), reversal_model(), "-o", mean});
  EXPECT_EQ(again.status, 2);
  EXPECT_THAT(again.err, HasSubstr("has a model already"));
  const auto other =
      run_weft({"average", reversal_model(), chinese_model(), "-o", directory_.path("other")});
  EXPECT_EQ(other.status, 2);
  EXPECT_THAT(other.err, HasSubstr("has other vocabularies than the first model"));
}

TEST_F(Score, ReadsCheckpointsToo) {
  const auto mean = directory_.path("mean");
  run({"average", reversal_model(), reversal_model() + "/training/checkpoint.safetensors", "-o",
       mean});
  EXPECT_EQ(run_weft({"translate", "-m", mean}, "a b c\n").status, 0);
}

TEST_F(Score, MakesAModelOfACheckpointAlone) {
  const auto model = directory_.path("model"), last = directory_.path("last");
  const auto train_to = [&](const std::string& end) {
    run({"train", "-c", reversal_task().config(), "-m", model, "--set",
         "training.stop_after=" + end, "--set", "training.validation.every=1u"});
  };
  train_to("1u");
  const auto first = file_text(model + "/weights.safetensors");
  train_to("2u");
  // Whichever were the best: the model's own are not the checkpoint's.
  write_text(model + "/weights.safetensors", first);
  run({"average", model + "/training/checkpoint.safetensors", "-o", last});
  const auto made = tensors_of(last + "/weights.safetensors", "");
  EXPECT_TRUE(made == tensors_of(model + "/training/checkpoint.safetensors", "weight."));
  EXPECT_FALSE(made == tensors_of(model + "/weights.safetensors", ""));
  EXPECT_EQ(run_weft({"translate", "-m", last}, "a b c\n").status, 0);
  write("alone", file_text(model + "/weights.safetensors"));
  const auto outcome = run_weft({"average", directory_.path("alone"), "-o", directory_.path("x")});
  EXPECT_EQ(outcome.status, 2);
  EXPECT_THAT(outcome.err, HasSubstr("alone: is in no model directory; expected one, or a file in "
                                     "one"));
}

TEST(Inspect, ShowsVocabulariesAndParameters) {
  const auto outcome = run_weft({"inspect", reversal_model()});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  for (const char* part : {"source: ", " tokens (words)", "attention: additive",
                           "word aligner: none", "parameters: ", "weft_format: ", "24 x "})
    EXPECT_THAT(outcome.out, HasSubstr(part));
}

}  // namespace
}  // namespace weft::e2e
