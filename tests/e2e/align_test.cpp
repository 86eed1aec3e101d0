// weft align: matrices of pairs that are given, and their error rate.

#include <gmock/gmock.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "base/temporary_directory.h"
#include "e2e/alignment_text.h"
#include "e2e/program.h"
#include "e2e/tiny_models.h"

namespace weft::e2e {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::StartsWith;

class Align : public testing::Test {
 protected:
  /// Aligns two texts with a model.
  Outcome align(const std::string& source, const std::string& target,
                const std::vector<std::string>& options = {},
                const std::string& model = reversal_model()) const {
    std::vector<std::string> arguments{"align",
                                       "-m",
                                       model,
                                       "-s",
                                       directory_.write("source", source),
                                       "-t",
                                       directory_.write("target", target)};
    arguments.insert(arguments.end(), options.begin(), options.end());
    return run_weft(arguments);
  }
  std::vector<std::string> lines(const std::string& source, const std::string& target,
                                 const std::vector<std::string>& options = {}) const {
    const auto outcome = align(source, target, options);
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    return lines_of(outcome.out);
  }
  Outcome compare(const std::string& gold, std::vector<std::string> options = {}) const {
    options.insert(options.end(), {"--gold", directory_.write("gold", gold)});
    return align("a b c\nd e\n", "C B A\nE D\n", options);
  }

  TemporaryDirectory directory_;
};

TEST_F(Align, PrintsHardLinksByDefault) {
  const auto expected = std::vector<std::string>{"0-2 1-1 2-0", "0-1 1-0"};
  EXPECT_EQ(lines("a b c\nd e\n", "C B A\nE D\n"), expected);
  EXPECT_EQ(lines("a b c\nd e\n", "C B A\nE D\n", {"--format", "hard"}), expected);
}

TEST_F(Align, PrintsEveryFormat) {
  const auto soft = lines("a b c\nd e\n", "C B A\nE D\n", {"--format", "soft"});
  ASSERT_EQ(soft.size(), 2u);
  const auto rows = rows_of(soft[0]);
  ASSERT_EQ(rows.size(), 3u);
  for (const auto& row : rows) {
    EXPECT_EQ(row.size(), 3u);
    EXPECT_NEAR(sum(row), 1, 1e-3);
  }
  const auto objects = lines("a b c\nd e\n", "C B A\nE D\n", {"--format", "json"});
  ASSERT_EQ(objects.size(), 2u);
  EXPECT_EQ(json::parse(objects[0]).at("matrix").get<std::vector<std::vector<double>>>(), rows);
  EXPECT_EQ(json::parse(objects[1]).at("id"), 1);
  EXPECT_EQ(json::parse(objects[1]).at("target").at("text"), "E D");

  const auto picture = align("a b c\n", "C B A\n", {"--format", "text"});
  EXPECT_THAT(picture.out, StartsWith("C B A\n"));
  EXPECT_THAT(picture.out, HasSubstr("██"));
  const auto matrix = lines("a b c\n", "C B A\n", {"--format", "matrix"});
  ASSERT_EQ(matrix.size(), 5u);
  EXPECT_THAT(matrix[0], StartsWith("0 ||| C B A ||| "));
}

TEST_F(Align, AlignsWhatTheModelWouldNotSay) {
  // Forced decoding: a row for each word given, even words it has never seen.
  const auto rows = rows_of(lines("a b c d\n", "X D Z\n", {"--format", "soft"}).at(0));
  ASSERT_EQ(rows.size(), 3u);
  for (const auto& row : rows) EXPECT_NEAR(sum(row), 1, 1e-3);
}

TEST_F(Align, AgreesWithTranslation) {
  const auto sources = file_text(reversal_task().path("valid.src"));
  const auto translated =
      run_weft({"translate", "-m", reversal_model(), "--alignment", "hard"}, sources);
  std::string targets, links;
  for (const auto& line : lines_of(translated.out)) {
    targets += fields_of(line).at(0) + '\n';
    links += fields_of(line).at(1) + '\n';
  }
  EXPECT_EQ(align(sources, targets).out, links);
}

TEST_F(Align, KeepsBlankLines) {
  EXPECT_EQ(lines("a b\n\nc\n\n", "B A\n\nC\nD\n"),
            (std::vector<std::string>{"0-1 1-0", "", "0-0", ""}));
}

TEST_F(Align, RefusesFilesOfDifferentLength) {
  const auto outcome = align("a\nb\nc\n", "A\nB\n");
  EXPECT_EQ(outcome.status, 2);
  EXPECT_EQ(lines_of(outcome.out).size(), 2u) << "what could be aligned";
  EXPECT_EQ(outcome.err, directory_.path("target") + " has 2 lines, but " +
                             directory_.path("source") +
                             " has 3 lines; expected as many lines in both\n");
  const auto other = align("a\n", "A\nB\n");
  EXPECT_EQ(other.status, 2);
  EXPECT_THAT(other.err, StartsWith(directory_.path("source") + " has 1 line, but "));
}

TEST_F(Align, ReadsOneSideFromStandardInput) {
  const auto target = directory_.write("target", "C B A\n");
  const std::vector<std::string> arguments{"align", "-m", reversal_model(), "-s", "-", "-t"};
  auto one = arguments;
  one.push_back(target);
  EXPECT_EQ(run_weft(one, "a b c\n").out, "0-2 1-1 2-0\n");
  auto both = arguments;
  both.emplace_back("-");
  EXPECT_EQ(run_weft(both, "a b c\n"),
            refusal({"standard input is given twice; it can be read only once"}));
}

TEST_F(Align, RefusesInvalidUtf8) {
  const auto outcome = align("a\nb\n", "A\nB \xfe\n");
  EXPECT_EQ(outcome.status, 2);
  EXPECT_EQ(outcome.out, "0-0\n") << "what could be aligned";
  EXPECT_EQ(outcome.err,
            directory_.path("target") + ":2: not valid UTF-8 (byte 0xfe at column 3)\n");
}

/// A copy of the reversal model that shows rows for another word.
std::string shifted_model(const TemporaryDirectory& directory, int shift) {
  const auto model = directory.path("shifted");
  std::filesystem::copy(reversal_model(), model, std::filesystem::copy_options::recursive);
  auto config = file_text(model + "/config.yaml");
  const std::string key = "alignment_shift: ";
  config.replace(config.find(key) + key.size(), 1, std::to_string(shift));
  write_text(model + "/config.yaml", config);
  return model;
}

TEST_F(Align, ShowsRowsForTheWordThatTheModelSays) {
  const auto model = shifted_model(directory_, 1);
  EXPECT_EQ(align("a b c\n", "C B A\n", {}, model).out, "1-2 2-0 2-1\n");
  EXPECT_THAT(run_weft({"translate", "-m", model, "--alignment", "hard"}, "a b c\n").out,
              "C B A ||| 1-2 2-0 2-1\n");
}

TEST_F(Align, FindsOutWhichWordARowDescribes) {
  const auto model = shifted_model(directory_, 1);
  const auto gold = directory_.write("gold", "0-2 1-1 2-0\n0-1 1-0\n");
  const auto chosen =
      align("a b c\nd e\n", "C B A\nE D\n", {"--gold", gold, "--choose-shift"}, model);
  EXPECT_EQ(chosen.status, 0) << chosen.err;
  EXPECT_THAT(chosen.out, StartsWith("shift 0: AER 0.0000  precision 1.0000"));
  EXPECT_THAT(chosen.out, HasSubstr("\nshift -1: AER "));
  EXPECT_THAT(chosen.out, HasSubstr("\ndecoding.alignment_shift of " + model + " is 0\n"));
  EXPECT_EQ(align("a b c\n", "C B A\n", {}, model).out, "0-2 1-1 2-0\n");
}

// "a" and "A" are spelt alike, which tells an aligner that learns from two pairs enough.
TEST_F(Align, FindsItOutByTheWordAligner) {
  const auto model = shifted_model(directory_, 1);
  const auto chosen = align("a b c\nd e\n", "C B A\nE D\n", {"--choose-shift"}, model);
  EXPECT_EQ(chosen.status, 0) << chosen.err;
  EXPECT_THAT(chosen.out,
              StartsWith("compared with the links of a word aligner that has learnt from these "
                         "pairs\nshift 0: AER 0.0000  precision 1.0000"));
  EXPECT_THAT(chosen.out, HasSubstr("\ndecoding.alignment_shift of " + model + " is 0\n"));
  EXPECT_EQ(align("a b c\n", "C B A\n", {}, model).out, "0-2 1-1 2-0\n");

  const auto learnt = directory_.path("learnt");
  EXPECT_EQ(run_weft({"aligner", "-i", "-", "--save", learnt, "-o", directory_.path("links")},
                     "a b c ||| C B A\nd e ||| E D\n")
                .status,
            0);
  const auto by_learnt =
      align("a b c\nd e\n", "C B A\nE D\n", {"--choose-shift", "--aligner", learnt}, model);
  EXPECT_THAT(by_learnt.out, StartsWith("compared with the links of " + learnt + "\nshift 0: "));
  EXPECT_EQ(align("a\n", "A\n", {"--choose-shift", "--alignment-from", "head"}).status, 2);
  EXPECT_EQ(align("a\n", "A\n", {"--choose-shift", "--aligner", "none"}).status, 2);
}

// The model links 0-2 1-1 2-0 and 0-1 1-0 (the first test above): A = 5 links.
TEST_F(Align, MeasuresAgainstGoldLinks) {
  const auto perfect = compare("0-2 1-1 2-0\n0-1 1-0\n");
  EXPECT_EQ(perfect.status, 0) << perfect.err;
  EXPECT_EQ(perfect.out,
            "AER 0.0000  precision 1.0000  recall 1.0000  F1 1.0000  (5 links, 5 sure gold "
            "links)\n");
  // Sure 0-2 1-1 1-1'; possible 2p0. |A & S| = 2 of |S| = 4, |A & P| = 3:
  // precision 3/5, recall 2/4, AER = 1 - (2 + 3) / (5 + 4) = 0.4444.
  const auto partly = compare("0-2 1-1 2p0\n0-0 1-1\n");
  EXPECT_THAT(partly.out, StartsWith("AER 0.4444  precision 0.6000  recall 0.5000 "));
}

TEST_F(Align, ReadsGoldLinksOfOtherKinds) {
  const auto perfect = StartsWith("AER 0.0000 ");
  EXPECT_THAT(compare("2-0 1-1 0-2\n1-0 0-1\n", {"--gold-reversed"}).out, perfect);
  EXPECT_THAT(compare("1-3 2-2 3-1\n1-2 2-1\n", {"--gold-from-one"}).out, perfect);
}

TEST_F(Align, PrintsLinksBesideTheRateOnRequest) {
  const auto gold = std::string("0-2 1-1 2-0\n0-1 1-0\n");
  EXPECT_EQ(lines_of(compare(gold, {"--format", "hard"}).out).size(), 3u);
  const auto outcome = compare(gold, {"-o", directory_.path("links")});
  EXPECT_EQ(lines_of(outcome.out).size(), 1u);
  EXPECT_EQ(directory_.read("links"), "0-2 1-1 2-0\n0-1 1-0\n");
}

TEST_F(Align, RefusesGoldLinksThatDoNotFit) {
  const auto gold = directory_.path("gold");
  EXPECT_EQ(compare("0-2 1-1 3-0\n0-1\n"),
            refusal({gold + ":1: link 3-0 points past the source sentence; expected source "
                            "positions below 3 (do these links count from 1?)"}));
  EXPECT_EQ(compare("0-0\n0-1 1-9\n"),
            refusal({gold + ":2: link 1-9 points past the target sentence; expected target "
                            "positions below 2"}));
  EXPECT_EQ(compare("0-0\n0:1\n"),
            refusal({gold + ":2:1: '0:1' is not an alignment link; expected source-target, such as "
                            "0-1 (sure) or 0p1 (possible)"}));
  for (const auto* lines : {"0-0\n", "0-0\n0-0\n0-0\n"}) {
    const auto outcome = compare(lines);
    EXPECT_EQ(outcome.status, 2);
    EXPECT_THAT(outcome.err, HasSubstr(gold + " has "));
    EXPECT_THAT(outcome.err, HasSubstr("; expected as many lines in both"));
  }
}

TEST_F(Align, CountsWordsThatTheModelReadsJoined) {
  // The model was trained on Chinese without spaces; the gold links count words.
  const auto outcome = align("The dog sees a cat.\n", "一 猫 这 狗 看见 。\n",
                             {"--join-target", "--format", "json"}, chinese_model());
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  const auto object = json::parse(outcome.out);
  EXPECT_EQ(object.at("target").at("text"), "一猫这狗看见。");
  std::vector<std::string> words;
  for (const auto& token : object.at("target").at("tokens")) words.push_back(token.at("text"));
  EXPECT_EQ(words, (std::vector<std::string>{"一", "猫", "这", "狗", "看见", "。"}));
  EXPECT_EQ(object.at("matrix").size(), 6u);
}

TEST_F(Align, RefusesAPairWhoseMatrixWouldTakeAllMemory) {
  std::string source, target;
  for (int i = 0; i < 20000; ++i) {
    source += "a ";
    target += "A ";
  }
  const auto outcome = align("a b\n" + source + "\nc\n", "B A\n" + target + "\nC\n");
  EXPECT_EQ(outcome.status, 2);
  EXPECT_EQ(outcome.out, "0-1 1-0\n") << "what comes before is answered";
  EXPECT_EQ(outcome.err,
            directory_.path("source") +
                ":2: the pair has 20001 source and 20001 target tokens; expected at most 67108864 "
                "weights in its matrix\n");
}

}  // namespace
}  // namespace weft::e2e
