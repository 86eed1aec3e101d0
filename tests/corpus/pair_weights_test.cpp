#include "data/pair_weights.h"

#include <gmock/gmock.h>

#include "base/temporary_directory.h"
#include "data/parallel_check.h"
#include "text/user_error.h"

namespace weft {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class PairWeightsTest : public testing::Test {
 protected:
  /// What is wrong with weights of a text of three pairs.
  std::vector<std::string> problems(const std::string& sentences, const std::string& words = "") {
    ParallelFiles files{{{directory_.write("a", "a\nb c\nd\n")}},
                        {directory_.write("b", "A\nB C\nD\n")}};
    if (!sentences.empty()) files.sentence_weights = {directory_.write("s", sentences)};
    if (!words.empty()) files.word_weights = {directory_.write("w", words)};
    files.file_by_file = true;
    Problems found;
    check_parallel_files(files, found);
    return found.messages();
  }

  TemporaryDirectory directory_;
};

TEST_F(PairWeightsTest, AreReadBesideTheText) {
  WeightReader reader({directory_.write("s", "0.5\n2\n")}, {directory_.write("w", "1 0\n3\n")});
  const auto first = reader.next("A B"), second = reader.next("C");
  EXPECT_EQ(first.sentence, 0.5F);
  EXPECT_THAT(first.words, ElementsAre(1, 0));
  EXPECT_EQ(second.sentence, 2);
  EXPECT_THAT(second.words, ElementsAre(3));
  reader.require_end();
  EXPECT_TRUE(problems("1\n0\n2.5e-1\n", "1\n1 2\n0\n").empty());
}

TEST_F(PairWeightsTest, ThatDoNotFitAreToldWithTheirPlace) {
  const auto s = directory_.path("s"), w = directory_.path("w");
  EXPECT_THAT(problems("1\n-1\n1\n"),
              ElementsAre(s + ":2: weight '-1'; expected a number in [0, 1000000]"));
  for (const char* bad : {"nan", "inf", "many", "1e9"})
    EXPECT_THAT(problems("1\n1\n" + std::string(bad) + "\n"),
                ElementsAre(HasSubstr(s + ":3: weight '" + bad + "'")));
  EXPECT_THAT(problems("1\n\n1\n"),
              ElementsAre(s + ":2: has 0 numbers; expected one, the weight of the pair"));
  EXPECT_THAT(
      problems("", "1\n1\n1\n"),
      ElementsAre(w + ":2: has 1 number; expected 2, one for each word of the target line"));
  EXPECT_THAT(problems("1\n1\n"),
              ElementsAre(HasSubstr(s + ": has 2 lines; expected one for each")));
  EXPECT_THAT(problems("1\n1\n1\n1\n"), ElementsAre(HasSubstr(s + ": has 4 lines; expected 3")));
  EXPECT_THAT(
      problems("x\n1 2\n1\n", "1\n1\n1 y\n"),
      ElementsAre(HasSubstr(s + ":1: weight 'x'"), HasSubstr(s + ":2: has 2 numbers"),
                  HasSubstr(w + ":2: has 1 number; expected 2"), HasSubstr(w + ":3: weight 'y'")));
  EXPECT_TRUE(problems("1\n1\n1\n").empty());
  EXPECT_TRUE(problems("0\n0\n1\n").empty());
  const std::string nothing =
      ": gives no word of the training text a weight above 0; expected one at least";
  EXPECT_THAT(problems("0\n0\n0\n"), ElementsAre(s + nothing));
  EXPECT_THAT(problems("", "0\n0 0\n0\n"), ElementsAre(w + nothing));
  EXPECT_THAT(problems("1\n0\n0\n", "0\n1 1\n1\n"), ElementsAre(s + nothing));
}

// "ab cd": pieces "a", "b", " ", "c", "d" and one that touches both words.
TEST_F(PairWeightsTest, OfWordsGoToTheirTokens) {
  const PairWeights weights{2, {0.5, 3}};
  EXPECT_THAT(token_weights(weights, "ab cd", {{0, 1}, {1, 2}, {2, 3}, {3, 5}}),
              ElementsAre(1, 1, 2, 6, 2));
  EXPECT_THAT(token_weights(weights, "ab cd", {{0, 5}}), ElementsAre(3.5, 2));
  EXPECT_THAT(token_weights({2, {}}, "ab cd", {{0, 5}}), ElementsAre(2, 2));
}

}  // namespace
}  // namespace weft
