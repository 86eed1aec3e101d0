// weft evaluate: lines and JSON with the scores of sacreBLEU.

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>
#include <stdexcept>

#include "base/temporary_directory.h"
#include "e2e/program.h"
#include "e2e/tiny_models.h"

namespace weft::e2e {
namespace {

using nlohmann::json;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

/// A case of tests/golden/metrics, whose scores sacreBLEU computed.
json golden(const std::string& file, const std::string& name) {
  for (const auto& known : json::parse(file_text(std::string(WEFT_GOLDEN) + "/metrics/" + file)))
    if (known.at("name") == name) return known;
  throw std::out_of_range(file + " has no case '" + name + "'");
}

std::string joined(const json& lines) {
  std::string text;
  for (const auto& line : lines) text += line.get<std::string>() + '\n';
  return text;
}

class Evaluate : public testing::Test {
 protected:
  /// Evaluates the hypotheses of a golden case, which come on standard input.
  Outcome evaluate(const json& known, const std::vector<std::string>& options) const {
    std::vector<std::string> arguments{"evaluate"};
    for (const auto& reference : known.at("references")) {
      const auto name = "reference" + std::to_string(arguments.size());
      arguments.insert(arguments.end(), {"-r", directory_.write(name, joined(reference))});
    }
    arguments.insert(arguments.end(), options.begin(), options.end());
    return run_weft(arguments, joined(known.at("hypotheses")));
  }

  TemporaryDirectory directory_;
};

TEST_F(Evaluate, BleuIsSacreBleus) {
  for (const std::string name : {"english, 13a", "german, 13a", "chinese, zh", "german, none",
                                 "two references, 13a", "english, 13a, lowercase"}) {
    const auto known = golden("bleu.json", name);
    std::vector<std::string> options{"--metrics", "bleu", "--json", "--tokenizer",
                                     known.at("tokenizer")};
    if (known.at("lowercase").get<bool>()) options.emplace_back("--lowercase");
    const auto outcome = evaluate(known, options);
    ASSERT_EQ(outcome.status, 0) << outcome.err;
    const auto result = json::parse(outcome.out).at(0);
    EXPECT_EQ(result.at("name"), "BLEU");
    EXPECT_NEAR(result.at("score").get<double>(), known.at("score").get<double>(), 0.005) << name;
    EXPECT_THAT(result.at("signature").get<std::string>(),
                StartsWith(known.at("signature").get<std::string>()));
    EXPECT_EQ(result.at("hypothesis_length"), known.at("hypothesis_length"));
  }
}

TEST_F(Evaluate, ChrfIsSacreBleus) {
  const auto known = golden("chrf.json", "english, chrF2");
  const auto outcome = evaluate(known, {"--metrics", "chrf", "--json"});
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  const auto result = json::parse(outcome.out).at(0);
  EXPECT_EQ(result.at("name"), known.at("score_name"));
  EXPECT_NEAR(result.at("score").get<double>(), known.at("score").get<double>(), 0.005);
}

TEST_F(Evaluate, ErrorRatesAreJiwers) {
  auto known = golden("rates.json", "random");
  known["references"] = json::array({known.at("references")});
  const auto outcome = evaluate(known, {"--metrics", "wer,CER", "--json"});
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  const auto results = json::parse(outcome.out);
  EXPECT_NEAR(results.at(0).at("score"), 100 * known.at("wer").get<double>(), 0.005);
  EXPECT_EQ(results.at(1).at("name"), "CER");
  EXPECT_NEAR(results.at(1).at("score"), 100 * known.at("cer").get<double>(), 0.005);
}

TEST_F(Evaluate, CaptionScoresArePycocoevalcaps) {
  auto known = golden("captions.json", "three references");
  json files(3, json::array());
  for (const auto& references : known.at("references"))
    for (std::size_t r = 0; r < 3; ++r) files[r].push_back(references.at(r));
  known["references"] = files;
  const auto outcome = evaluate(known, {"--metrics", "cider,rouge-l", "--tokenizer", "none", "-b"});
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  const auto lines = lines_of(outcome.out);
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_NEAR(std::stod(lines[0]), 100 * known.at("cider").get<double>(), 0.0051);
  EXPECT_NEAR(std::stod(lines[1]), 100 * known.at("rouge").get<double>(), 0.0051);
}

TEST_F(Evaluate, RegionsAreScoredByClass) {
  const auto gold =
      directory_.write("gold", R"({"image":"a.png","width":4,"height":4,"boxes":{"0":[[2,0,4,2]]},)"
                               R"("sentences":[{"text":"a dog","phrases":[[1,2,"0","animal"]]}]})");
  const std::string alignment =
      R"({"source":{"text":"a.png"},"target":{"text":"a dog","tokens":[{"begin":0,"end":1},)"
      R"({"begin":2,"end":5}]},"grid":[2,2],"matrix":[[1,0,0,0],[0.2,0.8,0,0]]})";
  const auto outcome = run_weft({"evaluate", "--regions", gold}, alignment + "\n");
  EXPECT_EQ(outcome.err, "");
  EXPECT_EQ(outcome.out,
            "class             phrases  pointing    mass   uniform   centre\n"
            "animal                  1     1.000   0.800     0.250    0.000\n"
            "all                     1     1.000   0.800     0.250    0.000\n");
  EXPECT_EQ(run_weft({"evaluate", "--regions", gold, "-r", gold}).status, 2);
}

TEST_F(Evaluate, PrintsALineForEachMetric) {
  // sacreBLEU 2: BLEU|nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp|version:... = 58.26 75.4/...
  const auto outcome = evaluate(golden("bleu.json", "english, 13a"), {});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(outcome.err, "");
  const auto lines = lines_of(outcome.out);
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_THAT(lines[0], StartsWith("BLEU|nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp|version:"));
  EXPECT_THAT(lines[0], EndsWith(" = 58.26 75.4/63.5/53.2/45.2 (BP = 1.000 ratio = 1.036 "
                                 "hyp_len = 57 ref_len = 55)"));
  EXPECT_THAT(lines[1], StartsWith("chrF2|nrefs:1|case:mixed|eff:yes|nc:6|nw:0|space:no|version:"));
  EXPECT_THAT(lines[1], EndsWith(" = 63.09"));
}

TEST_F(Evaluate, ATextIsItsOwnBestTranslation) {
  const auto text = reversal_task().path("valid.trg");
  const auto outcome = run_weft({"evaluate", "-i", text, "-r", text, "--tokenizer", "none"});
  EXPECT_THAT(outcome.out, HasSubstr(" = 100.00 100.0/100.0/100.0/100.0 (BP = 1.000"));
}

TEST_F(Evaluate, RefusesFilesOfDifferentLength) {
  const auto hypotheses = directory_.write("hypotheses", "a\nb\n");
  const auto references = directory_.write("references", "a\nb\nc\n");
  EXPECT_EQ(run_weft({"evaluate", "-i", hypotheses, "-r", references}),
            refusal({hypotheses + " has 2 lines, but " + references +
                     " has 3 lines; expected as many lines in both"}));
}

TEST_F(Evaluate, RefusesWhatItDoesNotKnow) {
  const auto text = directory_.write("text", "a\n");
  EXPECT_EQ(run_weft({"evaluate", "-i", text, "-r", text, "--tokenizer", "zhh"}),
            refusal({"--tokenizer: unknown tokenizer 'zhh'; expected 13a, zh or none; did you mean "
                     "'zh'?"}));
  EXPECT_EQ(run_weft({"evaluate", "-i", "none", "-r", text}),
            refusal({"none: cannot be opened (No such file or directory)"}));
  EXPECT_EQ(run_weft({"evaluate", "-r", text}),
            refusal({"<stdin>: holds no lines; expected hypotheses for 1 reference: " + text}));
}

TEST_F(Evaluate, TakesSacreBleusSpellings) {
  const auto hypotheses = directory_.write("hypotheses", "the cat sat on a mat\n");
  const auto references = directory_.write("references", "the cat sat on the mat\n");
  const auto expected = run_weft(
      {"evaluate", "-i", hypotheses, "-r", references, "--metrics", "bleu,chrf++", "--lowercase"});
  ASSERT_EQ(expected.status, 0) << expected.err;
  for (const std::vector<std::string>& spelling : std::vector<std::vector<std::string>>{
           {references, "-i", hypotheses, "-m", "bleu", "chrf++", "--lowercase"},
           {"-i", hypotheses, "--lowercase", "-m", "BLEU", "chrF2++", "-r", references},
           {"-i", hypotheses, "-r", references, "--metrics", "bleu", "chrF++", "--lowercase",
            "--tokenize", "13A"}}) {
    auto arguments = spelling;
    arguments.insert(arguments.begin(), "evaluate");
    EXPECT_EQ(run_weft(arguments), expected);
  }
  const auto score = run_weft({"evaluate", references, "-i", hypotheses, "-m", "bleu", "-b"});
  EXPECT_THAT(expected.out, HasSubstr(" = " + score.out.substr(0, score.out.size() - 1) + " "));
}

TEST_F(Evaluate, TellsWhatSacreBleusOtherOptionsAreCalled) {
  const auto text = directory_.write("text", "a\n");
  const std::vector<std::pair<std::string, std::string>> known{
      {"-lc", "unknown option '-lc'; expected --lowercase\n"},
      {"-l", "unknown option '-l'; expected --tokenizer zh for Chinese targets"},
      {"--chrf-word-order", "unknown option '--chrf-word-order'; expected --metrics chrf++"}};
  for (const auto& [option, message] : known) {
    const auto outcome = run_weft({"evaluate", "-i", text, "-r", text, option});
    EXPECT_EQ(outcome.status, 2);
    EXPECT_THAT(outcome.err, StartsWith(message));
  }
  EXPECT_EQ(run_weft({"evaluate", "-i", text, "-r", text, "-m", "ter"}),
            refusal({"--metrics: unknown metric 'ter'; expected bleu, chrf, chrf++, wer, cer, "
                     "cider or rouge-l; did you mean 'wer'?"}));
}

TEST_F(Evaluate, NamesWhatIsMissing) {
  const auto a = directory_.write("a", "a\n"), b = directory_.write("b", "b\n");
  EXPECT_EQ(
      run_weft({"evaluate", "-r", a, b}),
      refusal({"<stdin>: holds no lines; expected hypotheses for 2 references: " + a + ", " + b}));
  EXPECT_EQ(run_weft({"evaluate", "-i", a}),
            refusal({"no references are given; expected -r FILE, a file for each reference"}));
}

TEST_F(Evaluate, SaysWhatItWaitsFor) {
  const auto reference = directory_.write("reference", "a\n");
  // Standard input stays open until the message is there.
  const auto outcome =
      run_shell("mkfifo input; $WEFT evaluate -r " + reference +
                    " <input 2>messages & exec 3>input; "
                    "for i in $(seq 300); do grep -q reading messages && break; sleep 0.1; done; "
                    "exec 3>&-; wait $!; status=$?; cat messages >&2; exit $status",
                directory_.path(""));
  EXPECT_EQ(outcome.status, 2);
  EXPECT_THAT(outcome.err, HasSubstr("reading hypotheses from standard input (-i names a file); "
                                     "1 reference: " +
                                     reference));
}

TEST_F(Evaluate, WarnsOfReferencesInColumns) {
  const auto hypotheses = directory_.write("hypotheses", "a b c d\n");
  const auto columns = directory_.write("columns", "a b c d\ta b c\n");
  const auto outcome = run_weft({"evaluate", "-i", hypotheses, "-r", columns});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_THAT(outcome.err, HasSubstr(columns + " has a tab in every line"));
}

}  // namespace
}  // namespace weft::e2e
