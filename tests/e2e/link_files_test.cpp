// weft symmetrize and weft evaluate-alignment, on cases worked by hand.

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "base/read_file.h"
#include "base/temporary_directory.h"
#include "e2e/program.h"
#include "e2e/tiny_models.h"

namespace weft::e2e {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::StartsWith;

class LinkFiles : public testing::Test {
 protected:
  Outcome weft(const std::string& command, const std::string& input = "") const {
    return run_shell("$WEFT " + command, directory_.path(""), input);
  }

  /// One line of message, and the output as it was.
  void expect_refusal(const std::string& command, const std::string& message) const {
    const auto outcome = weft(command);
    EXPECT_EQ(outcome.status, 2) << command;
    EXPECT_EQ(outcome.out, "") << command;
    EXPECT_THAT(outcome.err, StartsWith(message)) << command;
    EXPECT_EQ(std::ranges::count(outcome.err, '\n'), 1) << outcome.err;
  }

  TemporaryDirectory directory_;
};

class SymmetrizeFiles : public LinkFiles {
 protected:
  SymmetrizeFiles() {
    directory_.write("forward", "0-0 1-1 3-3 3-4\n\n0-0\n");
    directory_.write("backward", "0-0 4-3\n\n\n");
  }
};

TEST_F(SymmetrizeFiles, HasFiveMethods) {
  const std::vector<std::pair<std::string, std::string>> expected{
      {"intersection", "0-0\n\n\n"},
      {"union", "0-0 1-1 3-3 3-4 4-3\n\n0-0\n"},
      {"grow-diag", "0-0 1-1\n\n\n"},
      {"grow-diag-final", "0-0 1-1 3-3 3-4 4-3\n\n0-0\n"},
      {"grow-diag-final-and", "0-0 1-1 3-3\n\n0-0\n"}};
  for (const auto& [method, links] : expected)
    EXPECT_EQ(weft("symmetrize forward backward --method " + method), (Outcome{0, links, ""}));
  EXPECT_EQ(weft("symmetrize forward backward").out, expected.back().second);
}

TEST_F(SymmetrizeFiles, ReadsOtherForms) {
  directory_.write("turned", "1-1 4-5\n\n\n");
  directory_.write("from-one", "1-1 2-2 4-4 4-5\n\n1-1\n");
  EXPECT_EQ(weft("symmetrize from-one turned --from-one --backward-reversed").out,
            "0-0 1-1 3-3\n\n0-0\n");
  EXPECT_EQ(weft("symmetrize - backward", directory_.read("forward")).out, "0-0 1-1 3-3\n\n0-0\n");
  EXPECT_EQ(weft("symmetrize <(gzip -c forward) backward -o out.zst").status, 0);
  EXPECT_EQ(read_file(directory_.path("out.zst")), "0-0 1-1 3-3\n\n0-0\n");
  EXPECT_EQ(weft("symmetrize out.zst out.zst --method union").out, "0-0 1-1 3-3\n\n0-0\n");
}

TEST_F(SymmetrizeFiles, RefusesMistakesBeforeItTouchesTheOutput) {
  directory_.write("short", "0-0\n");
  directory_.write("spoilt", "0-0\n\n0-x\n");
  directory_.write("old", "older links\n");
  const std::vector<std::pair<std::string, std::string>> mistakes{
      {"forward short",
       "short has 1 line, but forward has 3 lines; expected as many lines in both"},
      {"spoilt backward", "spoilt:3:1: '0-x' is not an alignment link; "},
      {"forward spoilt", "spoilt:3:1: '0-x' is not an alignment link; "},
      {"forward backward --from-one", "forward:1:1: link 0-0 has position 0; "},
      {"forward none", "none: cannot be opened"},
      {"- -", "standard input is given twice; it can be read only once"},
      {"forward", "backward is required"},
      {"forward backward --method all", "--method: unknown value 'all'; expected intersection, "}};
  for (const auto& [options, message] : mistakes)
    expect_refusal("symmetrize " + options + " -o old", message);
  EXPECT_EQ(directory_.read("old"), "older links\n");
  expect_refusal("symmetrize forward backward -o backward",
                 "backward is the same file as the input backward; expected another file");
  EXPECT_EQ(directory_.read("backward"), "0-0 4-3\n\n\n");
}

// Two sentences. "good": A = 3, S = 3, A and S 2, A and P 3: 1 - 5/6. "poor": A = 2, S = 3, A and
// S 1, A and P 1: 1 - 2/5.
class EvaluateAlignment : public LinkFiles {
 protected:
  EvaluateAlignment() {
    directory_.write("gold", "0-0 1-1 0p1\n1-0\n");
    directory_.write("good", "0-0 0-1\n1-0\n");
    directory_.write("poor", "0-0 2-2\n\n");
  }
  json evaluate(const std::string& options) const {
    const auto outcome = weft("evaluate-alignment --json " + options);
    EXPECT_EQ(outcome.status, 0) << outcome;
    return json::parse(outcome.out);
  }
};

TEST_F(EvaluateAlignment, IsByHand) {
  const auto objects = evaluate("good poor --gold gold");
  ASSERT_EQ(objects.size(), 2u);
  const auto& good = objects[0];
  EXPECT_EQ(good.at("file"), "good");
  EXPECT_DOUBLE_EQ(good.at("aer"), 1 - 5.0 / 6);
  EXPECT_DOUBLE_EQ(good.at("precision"), 1.0);
  EXPECT_DOUBLE_EQ(good.at("recall"), 2.0 / 3);
  EXPECT_DOUBLE_EQ(good.at("f1"), 0.8);
  EXPECT_EQ(good.at("links"), 3);
  EXPECT_EQ(good.at("sure_gold_links"), 3);
  EXPECT_FALSE(good.contains("difference"));
  const auto& poor = objects[1];
  EXPECT_DOUBLE_EQ(poor.at("aer"), 0.6);
  EXPECT_DOUBLE_EQ(poor.at("precision"), 0.5);
  EXPECT_DOUBLE_EQ(poor.at("recall"), 1.0 / 3);
  EXPECT_DOUBLE_EQ(poor.at("difference"), 0.6 - (1 - 5.0 / 6));
}

// Drawn again, two sentences are the first twice, the second twice, or both: "good" makes 1 - 3/4,
// 0 and 1/6, and "poor" 1 - 2/4, 1 and 0.6.
TEST_F(EvaluateAlignment, HasIntervals) {
  const auto objects = evaluate("good poor --gold gold");
  EXPECT_EQ(objects[0].at("aer_95"), json::array({0.0, 0.25}));
  EXPECT_EQ(objects[1].at("aer_95"), json::array({0.5, 1.0}));
  EXPECT_EQ(objects[1].at("difference_95"), json::array({0.25, 1.0}));
}

TEST_F(EvaluateAlignment, PrintsALineForEachFile) {
  EXPECT_EQ(weft("evaluate-alignment -l good --gold gold"),
            (Outcome{0,
                     "AER 0.1667 (95 %: 0.0000 to 0.2500)  precision 1.0000  recall 0.6667  F1 "
                     "0.8000  (3 links, 3 sure gold links)  good\n",
                     ""}));
  const auto lines = lines_of(weft("evaluate-alignment good poor --gold gold").out);
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_THAT(lines[1], HasSubstr("  difference +0.4333 (95 %: +0.2500 to +1.0000)  poor"));
}

TEST_F(EvaluateAlignment, ReadsOtherForms) {
  directory_.write("other", "1-1 2-1\n1-2\n");
  directory_.write("other-gold", "1-1 2-2 2p1\n1-2\n");
  const auto expected = evaluate("good --gold gold")[0];
  for (const std::string options : {"other --links-from-one --links-reversed --gold gold",
                                    "good --gold other-gold --gold-from-one --gold-reversed",
                                    "other --links-from-one --gold other-gold --gold-from-one",
                                    "<(gzip -c good) --gold <(gzip -c gold)"}) {
    auto object = evaluate(options)[0];
    object["file"] = "good";
    EXPECT_EQ(object, expected) << options;
  }
  const auto piped = weft("evaluate-alignment - --gold gold --json", directory_.read("good"));
  EXPECT_DOUBLE_EQ(json::parse(piped.out)[0].at("aer"), 1 - 5.0 / 6);
}

TEST_F(EvaluateAlignment, TakesFilesOfAnyName) {
  const auto outcome = weft(
      "symmetrize good good -o $'caf\\xE9' && "
      "$WEFT evaluate-alignment $'caf\\xE9' --gold gold --json");
  EXPECT_EQ(outcome.status, 0) << outcome;
  EXPECT_DOUBLE_EQ(json::parse(outcome.out)[0].at("aer"), 1 - 5.0 / 6);
}

TEST_F(EvaluateAlignment, RefusesMistakes) {
  directory_.write("short", "0-0\n");
  directory_.write("spoilt", "0-0\n0-x\n");
  directory_.write("empty", "");
  const std::vector<std::pair<std::string, std::string>> mistakes{
      {"short --gold gold",
       "short has 1 line, but gold has 2 lines; expected as many lines in both"},
      {"good short --gold gold",
       "short has 1 line, but gold has 2 lines; expected as many lines in both"},
      {"spoilt --gold gold", "spoilt:2:1: '0-x' is not an alignment link; "},
      {"good --gold spoilt", "spoilt:2:1: '0-x' is not an alignment link; "},
      {"empty --gold empty", "empty: holds no lines; expected gold links"},
      {"good --gold gold --gold-from-one", "gold:1:1: link 0-0 has position 0; "},
      {"good --gold none", "none: cannot be opened"},
      {"- --gold -", "standard input is given twice; it can be read only once"},
      {"good", "--gold is required"}};
  for (const auto& [options, message] : mistakes)
    expect_refusal("evaluate-alignment " + options, message);
}

}  // namespace
}  // namespace weft::e2e
