// weft translate with lengths, sampling, groups and Minimum Bayes risk.

#include <gmock/gmock.h>

#include <set>
#include <string>
#include <vector>

#include "base/temporary_directory.h"
#include "e2e/alignment_text.h"
#include "e2e/program.h"
#include "e2e/tiny_models.h"

namespace weft::e2e {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

constexpr const char* kDecoded = "a b c d\nh g f e d c\nb a\n\nc\n";

std::vector<std::string> decoded(std::vector<std::string> options,
                                 const std::string& input = kDecoded) {
  options.insert(options.begin(), {"translate", "-m", reversal_model()});
  const auto outcome = run_weft(options, input);
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  return lines_of(outcome.out);
}

std::size_t words_of_line(const std::string& line) {
  return line.empty() ? 0 : split(line, ' ').size();
}

TEST(Lengths, AreKept) {
  for (const auto& line : decoded({"--max-length", "3"})) EXPECT_LE(words_of_line(line), 3);
  const auto lines = decoded({"--min-length", "5"});
  for (const std::size_t i : {0U, 1U, 2U, 4U}) EXPECT_GE(words_of_line(lines[i]), 5);
  EXPECT_EQ(lines[3], "");
  for (const auto& line : decoded({"--min-length-factor", "2"}, "a b c\n"))
    EXPECT_GE(words_of_line(line), 6);
}

TEST(Lengths, ThatContradictEachOtherAreRefused) {
  const auto outcome =
      run_weft({"translate", "-m", reversal_model(), "--min-length", "5", "--max-length", "5"});
  EXPECT_EQ(outcome.status, 2);
  EXPECT_THAT(outcome.err, HasSubstr("expected less than the maximum"));
}

TEST(Lengths, OfTheConfigAreHeeded) {
  const TemporaryDirectory directory;
  run_shell("cp -r " + reversal_model() +
                " model && sed -i 's/max_length: 0/max_length: 2/' "
                "model/config.yaml",
            directory.path(""));
  const auto outcome = run_weft({"translate", "-m", directory.path("model")}, "a b c d\n");
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(words_of_line(lines_of(outcome.out).at(0)), 2);
}

TEST(EarlyStopping, ExactlyLeavesTranslationsAsTheyAre) {
  EXPECT_EQ(decoded({"--early-stopping", "exact"}), decoded({}));
  EXPECT_EQ(decoded({"--n-best", "2", "--early-stopping", "exact"}), decoded({"--n-best", "2"}));
}

TEST(SamplingOption, DependsOnSeedAndLineAlone) {
  const std::vector<std::string> sampling{"--sampling", "ancestral", "--n-best",      "4",
                                          "--seed",     "3",         "--temperature", "3"};
  const auto samples = decoded(sampling);
  auto alone = sampling;
  alone.insert(alone.end(), {"--batch-sentences", "1", "--threads", "1"});
  EXPECT_EQ(decoded(alone), samples);
  // Other lines in the place of its neighbours.
  const auto last = decoded(sampling, "f\n\nh h h\na\nc\n");
  EXPECT_EQ(std::vector(last.end() - 4, last.end()), std::vector(samples.end() - 4, samples.end()));
  auto other = sampling;
  other[5] = "4";
  EXPECT_NE(decoded(other), samples);
}

TEST(SamplingOption, WithoutReplacementBringsDifferentTranslations) {
  const auto lines = decoded({"--sampling", "gumbel", "--n-best", "20"}, "a b c\n");
  ASSERT_THAT(lines, SizeIs(20));
  std::set<std::string> different;
  for (const auto& line : lines) different.insert(fields_of(line).at(1));
  EXPECT_EQ(different.size(), 20);
}

TEST(SamplingOption, OfOneTokenIsGreedy) {
  EXPECT_EQ(decoded({"--sampling", "ancestral", "--top-k", "1"}), decoded({"-b", "1"}));
}

TEST(SamplingOption, TellsWhatItDoesNotTake) {
  for (const auto& [option, value] : {std::pair{"--temperature", "0"}, std::pair{"--top-p", "0"}}) {
    const auto outcome =
        run_weft({"translate", "-m", reversal_model(), "--sampling", "ancestral", option, value});
    EXPECT_EQ(outcome.status, 2);
    EXPECT_THAT(outcome.err, HasSubstr("'0' found; expected a number in (0, "));
  }
}

TEST(Groups, BringListsThatDiffer) {
  const auto distinct = [](const std::vector<std::string>& lines) {
    std::set<std::string> first_words;
    for (const auto& line : lines) first_words.insert(split(fields_of(line).at(1), ' ').front());
    return first_words.size();
  };
  const std::vector<std::string> plain{"-b", "6", "--n-best", "6"};
  auto diverse = plain;
  diverse.insert(diverse.end(), {"--diverse-groups", "6", "--diversity", "20"});
  EXPECT_GT(distinct(decoded(diverse, "a b c d\n")), distinct(decoded(plain, "a b c d\n")));
}

TEST(MinimumBayesRisk, OrdersByLikenessToTheOthers) {
  const auto lines = decoded({"-b", "8", "--n-best", "8", "--mbr", "chrf"}, "a b c d e\n");
  ASSERT_THAT(lines, SizeIs(8));
  double last = 100;
  for (const auto& line : lines) {
    const double score = std::stod(fields_of(line).at(3));
    EXPECT_LE(score, last);
    last = score;
  }
  const auto best = decoded({"-b", "8", "--mbr", "chrf"}, "a b c d e\n");
  EXPECT_EQ(best.at(0), fields_of(lines[0]).at(1));
}

class Unknown : public testing::Test {
 protected:
  /// Of "a q 12", whose translation is made to hold two words that the vocabulary lacks.
  std::string translated(std::vector<std::string> options) {
    write_text(directory_.path("prefix"), "Q C Q\n");
    options.insert(options.end(), {"--prefix", directory_.path("prefix")});
    const auto lines = decoded(std::move(options), "a q 12\n");
    return lines.empty() ? "" : lines.front();
  }
  std::string write(const std::string& text) {
    write_text(directory_.path("table"), text);
    return directory_.path("table");
  }

  TemporaryDirectory directory_;
};

TEST_F(Unknown, WordsAreReplacedBySourceWords) {
  EXPECT_THAT(translated({}), testing::StartsWith("<unk> C <unk>"));
  const auto words = split(translated({"--replace-unknown"}), ' ');
  EXPECT_EQ(words.at(1), "C");
  for (const std::size_t i : {0U, 2U}) EXPECT_THAT("a q 12", HasSubstr(words.at(i)));
  const auto table = write("a\tX\t1\nq\tX\t1\n12\tX\t1\n");
  for (const auto& word : split(translated({"--replace-unknown", "--lexicon", table}), ' '))
    EXPECT_THAT("X C B A 12", HasSubstr(word));
}

TEST_F(Unknown, WordsHaveAlignmentsToo) {
  const auto fields =
      fields_of(translated({"--replace-unknown", "--n-best", "1", "--alignment", "soft"}));
  EXPECT_EQ(split(fields.at(2), ' ').size(), words_of_line(fields.at(1)));
}

TEST(Prefixes, LongerThanTheLimitAreToldAndEveryLineComesOut) {
  const TemporaryDirectory directory;
  write_text(directory.path("prefixes"), "A B C\nA\n");
  const auto outcome = run_weft({"translate", "-m", reversal_model(), "--prefix",
                                 directory.path("prefixes"), "--max-length", "3"},
                                "a\nb a\n");
  EXPECT_EQ(outcome.status, 0);
  EXPECT_THAT(lines_of(outcome.out), SizeIs(2));
  EXPECT_THAT(outcome.err, HasSubstr("line 1: the prefix has 3 tokens"));
  EXPECT_THAT(outcome.err, HasSubstr("1 lines were translated without their prefixes"));
}

TEST(Split, LinesHaveOneTranslationWithItsAlignmentAndTags) {
  const std::string text = "a b? C d!";
  const auto apart = decoded({"--split", "sentences"}, "a b?\nC d!\n");
  const auto together = decoded({"--split", "sentences"}, "x\n" + text + "\n\n");
  ASSERT_THAT(together, SizeIs(3));
  EXPECT_EQ(together[1], apart[0] + " " + apart[1]);
  EXPECT_EQ(together[2], "");
  const auto fields =
      fields_of(decoded({"--split", "sentences", "--alignment", "soft"}, text + "\n").at(0));
  EXPECT_EQ(split(fields.at(1), ' ').size(), words_of_line(fields.at(0)));
  const auto tagged = decoded({"--split", "sentences", "--tags", "xml"}, "a b? <x/> C d!\n");
  EXPECT_THAT(tagged.at(0), HasSubstr("<x/>"));
}

TEST(Split, LongLinesAreNotCut) {
  const auto cut = run_weft({"translate", "-m", reversal_model(), "--max-source-length", "4"},
                            "a b c , d e f\n");
  EXPECT_THAT(cut.err, HasSubstr("its last 3 tokens were not translated"));
  const auto whole =
      run_weft({"translate", "-m", reversal_model(), "--max-source-length", "4", "--split", "long"},
               "a b c , d e f\n");
  EXPECT_THAT(whole.err, Not(HasSubstr("not translated")));
  EXPECT_THAT(whole.out, HasSubstr("F E D"));
}

TEST(Split, LinesHaveListsOfTheirPartsCombined) {
  const auto parts = decoded({"--split", "sentences", "--n-best", "3"}, "a b?\nC d!\n");
  const auto whole = decoded({"--split", "sentences", "--n-best", "3"}, "a b? C d!\n");
  ASSERT_THAT(whole, SizeIs(3));
  const auto text = [](const std::string& line) { return fields_of(line).at(1); };
  EXPECT_EQ(text(whole[0]), text(parts[0]) + " " + text(parts[3]));
  EXPECT_EQ(std::set<std::string>(whole.begin(), whole.end()).size(), 3U);
  double last = 1;
  for (const auto& line : whole) {
    EXPECT_LE(std::stod(fields_of(line).at(3)), last);
    last = std::stod(fields_of(line).at(3));
  }
}

TEST(Split, PartsHaveTheSentencesOfPrefixesAndThePhrasesThatSuitThem) {
  const TemporaryDirectory directory;
  directory.write("prefixes", "H A? G\n");
  const auto prefixed =
      decoded({"--split", "sentences", "--prefix", directory.path("prefixes")}, "a b? C d!\n");
  EXPECT_TRUE(prefixed.at(0).starts_with("H <unk>"));
  EXPECT_THAT(prefixed.at(0), HasSubstr(" G"));
  for (const char* line : {"{\"text\": \"a b? C d!\", \"constraints\": [\"H G\", \"E\"]}\n",
                           "{\"text\": \"c d! A b?\", \"constraints\": [\"H G\", \"E\"]}\n"}) {
    const auto constrained = decoded({"--split", "sentences", "--constraints", "json"}, line);
    EXPECT_THAT(" " + constrained.at(0) + " ",
                testing::AllOf(HasSubstr(" H G "), HasSubstr(" E ")));
  }
}

TEST(PrefixWeight, PrefersBeginningsAsFarAsItIsWorth) {
  const TemporaryDirectory directory;
  directory.write("prefixes", "H\n");
  const auto translated = [&](const std::string& weight) {
    return decoded({"--prefix", directory.path("prefixes"), "--prefix-weight", weight}, "a b c\n")
        .at(0);
  };
  EXPECT_EQ(translated("0.001"), decoded({}, "a b c\n").at(0));
  EXPECT_TRUE(translated("1000").starts_with("H"));
}

TEST(LengthRatio, OfALineTakesThePlaceOfTheOption) {
  const auto translated = [&](const std::string& ratio) {
    return words_of_line(decoded({"--constraints", "json", "--brevity-penalty", "1000", "-b", "20"},
                                 "{\"text\": \"a b c\", \"length_ratio\": " + ratio + "}\n")
                             .at(0));
  };
  EXPECT_GT(translated("2.5"), translated("0.1"));
  const auto unheeded = run_weft({"translate", "-m", reversal_model(), "--constraints", "json"},
                                 "{\"text\": \"a b c\", \"length_ratio\": 2}\n");
  EXPECT_EQ(unheeded.status, 0);
  EXPECT_THAT(unheeded.err, HasSubstr("line 1: a length ratio is given, but nothing heeds it"));
}

TEST(ModelWeights, AreOneForEachModel) {
  const auto one = decoded({});
  EXPECT_EQ(decoded({"-m", reversal_model(), "--model-weights", "3,1"}), one);
  const auto outcome = run_weft({"translate", "-m", reversal_model(), "--model-weights", "1,2"});
  EXPECT_EQ(outcome.status, 2);
  EXPECT_THAT(outcome.err, HasSubstr("there are 2 weights of models (--model-weights); expected"));
}

class ShortlistOption : public testing::Test {
 protected:
  ShortlistOption() {
    std::string all, some;
    for (char c = 'a'; c <= 'h'; ++c) {
      const std::string entry =
          std::string(1, c) + '\t' + static_cast<char>(c - 'a' + 'A') + "\t1\n";
      all += entry;
      if (c != 'c') some += entry;
    }
    directory_.write("all", all);
    directory_.write("some", some);
  }
  std::vector<std::string> translated(const std::string& table, std::vector<std::string> more = {},
                                      const std::string& input = kDecoded) {
    more.insert(more.end(), {"--shortlist", directory_.path(table), "--shortlist-first", "0"});
    return decoded(more, input);
  }
  TemporaryDirectory directory_;
};

TEST_F(ShortlistOption, HasWhatWordsMayBecome) {
  EXPECT_EQ(translated("all"), decoded({}));
  for (const auto& line : translated("some")) EXPECT_THAT(line, Not(HasSubstr("C")));
}

TEST_F(ShortlistOption, MakesNoLineDependOnOthers) {
  for (const std::string precision : {"float32", "auto"}) {
    const auto together = translated("some", {"--n-best", "3", "--precision", precision});
    EXPECT_EQ(translated("some", {"--n-best", "3", "--precision", precision, "--batch-sentences",
                                  "1", "--threads", "1"}),
              together);
  }
}

TEST_F(ShortlistOption, HasTheWordsOfPrefixesAndConstraints) {
  directory_.write("prefixes", "C\n");
  EXPECT_TRUE(translated("some", {"--prefix", directory_.path("prefixes")}, "a b\n")
                  .at(0)
                  .starts_with("C"));
  EXPECT_THAT(translated("some", {"--constraints", "tabs"}, "a b\tC C\n").at(0), HasSubstr("C C"));
}

TEST_F(ShortlistOption, IsAskedForByTheConfig) {
  run_shell("cp -r " + reversal_model() +
                " model && cp some model/ && sed -i 's/shortlist: \"\"/shortlist: some/; "
                "s/shortlist_first: .*/shortlist_first: 0/' model/config.yaml",
            directory_.path(""));
  const auto translate = [&](std::vector<std::string> more) {
    more.insert(more.begin(), {"translate", "-m", directory_.path("model")});
    const auto outcome = run_weft(more, kDecoded);
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    return lines_of(outcome.out);
  };
  EXPECT_EQ(translate({}), translated("some"));
  EXPECT_EQ(translate({"--shortlist", "none"}), decoded({}));
}

TEST_F(ShortlistOption, OfAnotherLanguageIsTold) {
  std::string table, line;
  for (char c = 'a'; c <= 'z'; ++c) {
    table += std::string("le") + c + "\tA\t1\n";
    line += std::string("w") + c + ' ';
  }
  directory_.write("other", table);
  const auto outcome = run_weft(
      {"translate", "-m", reversal_model(), "--shortlist", directory_.path("other")}, line + "\n");
  EXPECT_EQ(outcome.status, 2);
  EXPECT_THAT(outcome.err, HasSubstr("expected a table from the language of the text"));
}

}  // namespace
}  // namespace weft::e2e
