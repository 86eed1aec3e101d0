// Every pair of options of weft translate: they work together, or are refused by name.

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "base/temporary_directory.h"
#include "e2e/in_process.h"
#include "e2e/tiny_models.h"

namespace weft::e2e {
namespace {

struct Setting {
  std::vector<std::string> arguments;  ///< the first is its name
  std::string input = {};              ///< a file that it needs; "": any
};

class OptionPairs : public testing::Test {
 protected:
  OptionPairs() {
    std::filesystem::current_path(directory_.path(""));
    directory_.write("in", "a b c\nd\n\nh g f e\n");
    directory_.write("in.tabs", "a b c\tF\nd\tA B\n\nh g f e\tC\n");
    directory_.write("in.json",
                     "{\"text\": \"a b c\", \"constraints\": [\"F\"], \"avoid\": [\"B\"]}\n"
                     "{\"text\": \"d\"}\n{\"text\": \"\"}\n{\"text\": \"h g f e\"}\n");
    directory_.write("prefixes", "C\n\n\nE\n");
    directory_.write("words", "G\n");
    directory_.write("table", "a\tA\t1\n");
    directory_.write("s", "a b\nc d\na c\n");
    directory_.write("t", "B A\nD C\nC A\n");
    run_here({"aligner", "-s", "s", "-t", "t", "--save", "learnt", "-o", "links"});
  }
  ~OptionPairs() override { std::filesystem::current_path("/"); }

  static std::vector<Setting> settings() {
    return {{{"--model", reversal_model()}},  // two: an ensemble
            {{"--beam-size", "4"}},
            {{"--n-best", "3"}},
            {{"--prefix", "prefixes"}},
            {{"--prefix", "prefixes", "--prefix-weight", "3"}},
            {{"--suppress", "words"}},
            {{"--tags", "xml"}},
            {{"--tags", "plain"}},
            {{"--split", "sentences"}},
            {{"--split", "long"}},
            {{"--replace-unknown"}},
            {{"--replace-unknown", "--lexicon", "table"}},
            {{"--copy-numbers"}},
            {{"--shortlist", "table"}},
            {{"--shortlist", "learnt", "--shortlist-first", "3", "--shortlist-best", "2"}},
            {{"--model-weights", "2"}},
            {{"--alignment", "hard"}},
            {{"--alignment", "json"}},
            {{"--alignment", "text"}},
            {{"--alignment-from", "aligner", "--aligner", "learnt"}},
            {{"--alignment-from", "combined", "--aligner", "learnt"}},
            {{"--constraints", "tabs"}, "in.tabs"},
            {{"--constraints", "json"}, "in.json"},
            {{"--precision", "int8"}},
            {{"--batch-sentences", "1"}},
            {{"--max-source-length", "2"}},
            {{"--length-normalization", "0.6", "--length-offset", "5"}},
            {{"--word-penalty", "-0.5"}},
            {{"--brevity-penalty", "1", "--length-ratio", "1.2"}},
            {{"--coverage-penalty", "0.2"}},
            {{"--early-stopping", "exact"}},
            {{"--early-stopping", "first"}},
            {{"--max-length", "6"}},
            {{"--min-length", "3"}},
            {{"--min-length-factor", "1"}},
            {{"--sampling", "ancestral", "--temperature", "1.5", "--top-k", "5"}},
            {{"--sampling", "gumbel", "--top-p", "0.9", "--seed", "4"}},
            {{"--diverse-groups", "2"}},
            {{"--mbr", "bleu", "--mbr-candidates", "3"}},
            {{"--mbr", "chrf"}}};
  }

  TemporaryDirectory directory_;
};

bool mentions(const std::string& errors, const std::string& name) {
  return errors.find(name) != std::string::npos;
}

TEST_F(OptionPairs, WorkTogetherOrAreRefusedByName) {
  const auto all = settings();
  int worked = 0, refused = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    for (std::size_t j = i + 1; j < all.size(); ++j) {
      const auto &a = all[i], &b = all[j];
      if (a.arguments.front() == b.arguments.front()) continue;
      const std::string input = a.input.empty() ? b.input : a.input;
      std::vector<std::string> command{
          "translate", "--model", reversal_model(), "--input", input.empty() ? "in" : input,
          "--output",  "out"};
      command.insert(command.end(), a.arguments.begin(), a.arguments.end());
      command.insert(command.end(), b.arguments.begin(), b.arguments.end());
      const auto [status, errors] = run_here(command);
      SCOPED_TRACE(testing::PrintToString(a.arguments) + " " + testing::PrintToString(b.arguments) +
                   "\n" + errors);
      if (status == 0) {
        ++worked;
        EXPECT_FALSE(directory_.read("out").empty());
        EXPECT_FALSE(mentions(errors, "without its constraints"));
      } else {
        ++refused;
        EXPECT_EQ(status, 2);
        EXPECT_TRUE(mentions(errors, a.arguments.front()) && mentions(errors, b.arguments.front()));
      }
    }
  }
  EXPECT_GT(worked, 380);
  EXPECT_LT(refused, 24);
}

}  // namespace
}  // namespace weft::e2e
