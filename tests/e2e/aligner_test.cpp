// weft aligner, on a small language whose words can be told apart.

#include <fcntl.h>
#include <gmock/gmock.h>
#include <unistd.h>

#include <nlohmann/json.hpp>
#include <regex>

#include "aligner/toy_language.h"
#include "base/byte_sink.h"
#include "base/read_file.h"
#include "base/temporary_directory.h"
#include "base/utf8.h"
#include "e2e/program.h"
#include "e2e/tiny_models.h"

namespace weft::e2e {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::SizeIs;
using testing::StartsWith;

constexpr std::size_t kSentences = 200;

std::string pharaoh(const std::vector<Link>& links, bool reversed = false, int first = 0) {
  std::vector<std::pair<int, int>> pairs;
  for (const auto& link : links) {
    const int source = link.source + first, target = link.target + first;
    pairs.emplace_back(reversed ? target : source, reversed ? source : target);
  }
  std::sort(pairs.begin(), pairs.end());
  std::string text;
  for (const auto& [a, b] : pairs)
    text += (text.empty() ? "" : " ") + std::to_string(a) + "-" + std::to_string(b);
  return text + "\n";
}

class Aligner : public testing::Test {
 protected:
  Aligner() {
    ToyLanguage language(1);
    std::string source, target, corpus, reversed, from_one;
    for (std::size_t k = 0; k < kSentences; ++k) {
      const auto sentence = language.next();
      source += sentence.source + "\n";
      target += sentence.target + "\n";
      corpus += sentence.source + " ||| " + sentence.target + "\n";
      gold_ += pharaoh(sentence.links);
      reversed += pharaoh(sentence.links, true);
      from_one += pharaoh(sentence.links, false, 1);
    }
    directory_.write("source", source);
    directory_.write("target", target);
    directory_.write("corpus", corpus);
    directory_.write("gold", gold_);
    directory_.write("reversed", reversed);
    directory_.write("from-one", from_one);
  }

  /// `weft -q aligner OPTIONS` in the directory of the texts.
  Outcome align(const std::string& options, const std::string& input = "") const {
    return run_shell("$WEFT -q aligner " + options, directory_.path(""), input);
  }

  void compress(const std::string& name, Compression compression) const {
    const auto path = directory_.path(name + ".packed");
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    const auto sink = make_byte_sink(path, file, compression);
    sink->write(directory_.read(name));
    sink->finish();
    ::close(file);
  }

  TemporaryDirectory directory_;
  std::string gold_;
};

TEST_F(Aligner, LinksWordsOfTwoFiles) {
  EXPECT_EQ(align("-s source -t target"), (Outcome{0, gold_, ""}));
  EXPECT_EQ(align("-s source -t target -o links"), (Outcome{0, "", ""}));
  EXPECT_EQ(directory_.read("links"), gold_);
}

TEST_F(Aligner, IsCalledAsFastAlignIs) {
  for (const std::string options : {"-i corpus", "-i corpus -d -o -v", "-d -o -v -r -i corpus"})
    EXPECT_EQ(align(options), (Outcome{0, gold_, ""})) << options;
  const auto backward = align("-i corpus --direction backward");
  EXPECT_EQ(align("-i corpus -r --direction forward"), backward);
  EXPECT_NE(align("-i corpus --direction forward"), backward);
}

TEST_F(Aligner, AlignsNewPairsByWhatItHasLearntAsTheyCome) {
  ASSERT_EQ(align("-s source -t target --save learnt -o links"), (Outcome{0, "", ""}));
  EXPECT_EQ(align("--model learnt -s source -t target"), (Outcome{0, gold_, ""}));
  auto command = weft_command({"-q", "aligner", "--model", directory_.path("learnt"), "-i", "-"});
  RunningProgram program(command);
  const auto pairs = lines_of(directory_.read("corpus"));
  const auto links = lines_of(gold_);
  for (std::size_t k = 0; k < 3; ++k) {
    program.write(pairs[k] + "\n");
    EXPECT_EQ(program.read_lines(1), links[k] + "\n");
  }
  program.close_input();
  EXPECT_EQ(program.wait().status, 0);
  EXPECT_EQ(align("--model nowhere -i corpus").status, 2);
  EXPECT_EQ(align("--model learnt -i corpus --save other").status, 2);
}

TEST_F(Aligner, TellsItsLexicon) {
  ASSERT_EQ(align("-s source -t target --save learnt -o links").status, 0);
  const auto table = run_shell("$WEFT lexicon -m learnt", directory_.path(""));
  EXPECT_EQ(table.status, 0) << table.err;
  const auto first = lines_of(table.out).at(0);
  const auto word = first.substr(0, first.find('\t'));
  // In this language every word has one.
  EXPECT_THAT(first,
              testing::MatchesRegex("[a-z]+\t[a-z]+\t(1|0.9[0-9]*)\t(1|0.9[0-9]*)\t[0-9.]+"));
  const auto one = run_shell("$WEFT lexicon -m learnt --format json " + word, directory_.path(""));
  EXPECT_EQ(json::parse(lines_of(one.out).at(0)).at("source"), word);
  EXPECT_THAT(lines_of(one.out), SizeIs(1));
  EXPECT_EQ(run_shell("$WEFT lexicon -m learnt nosuchword", directory_.path("")),
            refusal({"'nosuchword' is none of the source words of learnt"}));
}

TEST(TranslateByAligner, ShowsItsLinksInsteadOfAttention) {
  const TemporaryDirectory directory;
  const auto learnt = directory.path("learnt");
  ASSERT_EQ(
      run_weft({"-q", "aligner", "-s", reversal_task().path("train.src"), "-t",
                reversal_task().path("train.trg"), "--save", learnt, "-o", directory.path("links")})
          .status,
      0);
  const auto outcome = run_weft(
      {"-q", "translate", "-m", reversal_model(), "--aligner", learnt, "--alignment", "json"},
      "a b c\n\n");
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  const auto object = json::parse(lines_of(outcome.out).at(0));
  EXPECT_EQ(object.at("from"), "aligner");
  EXPECT_EQ(object.at("links"), json::parse("[[0,2],[1,1],[2,0]]"));
  EXPECT_FALSE(object.contains("confidence"));
  EXPECT_EQ(run_weft({"translate", "-m", reversal_model(), "--aligner", learnt, "--alignment",
                      "hard", "--alignment-unit", "piece"},
                     "a\n")
                .status,
            2);
}

TEST_F(Aligner, ReadsCompressedFilesAndStandardInput) {
  for (const auto compression : {Compression::kGzip, Compression::kZstd}) {
    for (const std::string name : {"source", "target", "corpus", "gold"})
      compress(name, compression);
    EXPECT_EQ(align("-s source.packed -t target.packed").out, gold_);
    EXPECT_EQ(align("-i corpus.packed").out, gold_);
    EXPECT_THAT(align("-i corpus --gold gold.packed").out, StartsWith("AER 0.0000"));
  }
  EXPECT_EQ(align("-i -", directory_.read("corpus")).out, gold_);
  EXPECT_EQ(align("-s - -t target", directory_.read("source")).out, gold_);
  EXPECT_EQ(align("-s - -t <(cat target)", directory_.read("source")).out, gold_);
  for (const std::string name : {"links.gz", "links.zst"}) {
    EXPECT_EQ(align("-i corpus -o " + name).status, 0);
    EXPECT_NE(directory_.read(name), gold_);
    EXPECT_EQ(read_file(directory_.path(name)), gold_);
  }
}

TEST_F(Aligner, WritesLinksOfFurtherPairsAlone) {
  const auto first_lines = [&](const std::string& name) {
    const auto lines = lines_of(directory_.read(name));
    return lines[0] + "\n" + lines[1] + "\n" + lines[2] + "\n";
  };
  directory_.write("test.source", first_lines("source"));
  directory_.write("test.target", first_lines("target"));
  directory_.write("test.gold", first_lines("gold"));
  const std::string test = " --test-source test.source --test-target test.target";
  EXPECT_EQ(align("-s source -t target" + test).out, first_lines("gold"));
  EXPECT_EQ(align("-i corpus" + test).out, first_lines("gold"));
  EXPECT_THAT(align("-i corpus --gold test.gold" + test).out, StartsWith("AER 0.0000"));
  const auto objects = lines_of(align("-i corpus --format json" + test).out);
  ASSERT_THAT(objects, SizeIs(3));
  EXPECT_EQ(json::parse(objects[0]).at("source").at("text"), lines_of(first_lines("source"))[0]);
  EXPECT_EQ(json::parse(objects[2]).at("id"), 2);
}

TEST_F(Aligner, ComparesWithGold) {
  for (const std::string gold : {"gold", "reversed --gold-reversed", "from-one --gold-from-one"})
    EXPECT_THAT(align("-s source -t target --gold " + gold).out,
                StartsWith("AER 0.0000  precision 1.0000  recall 1.0000  F1 1.0000  ("))
        << gold;
  const auto both = align("-i corpus --gold gold -o links");
  EXPECT_THAT(both.out, StartsWith("AER 0.0000"));
  EXPECT_EQ(directory_.read("links"), gold_);
  const auto& lines = lines_of(gold_);
  std::string half;  // gold that has every other line right, and the rest empty
  std::size_t links = 0, sure = 0;
  for (std::size_t k = 0; k < kSentences; ++k) {
    const auto count = static_cast<std::size_t>(std::ranges::count(lines[k], '-'));
    links += count;
    sure += k % 2 == 0 ? count : 0;
    half += (k % 2 == 0 ? lines[k] : "") + "\n";
  }
  directory_.write("half", half);
  char expected[200];
  std::snprintf(expected, sizeof expected, "AER %.4f  precision %.4f  recall 1.0000",
                1.0 - 2.0 * static_cast<double>(sure) / static_cast<double>(links + sure),
                static_cast<double>(sure) / static_cast<double>(links));
  EXPECT_THAT(align("-i corpus --gold half").out, StartsWith(expected));
}

TEST_F(Aligner, MakesOneSetOfTwoDirections) {
  std::vector<std::ptrdiff_t> links;  // from the strictest method to the most generous
  for (const std::string method :
       {"intersection", "grow-diag", "grow-diag-final-and", "grow-diag-final", "union"}) {
    const auto joined = align("-i corpus --symmetrize " + method);
    ASSERT_EQ(joined.status, 0) << joined;
    EXPECT_THAT(lines_of(joined.out), SizeIs(kSentences));
    links.push_back(std::ranges::count(joined.out, '-'));
  }
  EXPECT_TRUE(std::ranges::is_sorted(links)) << testing::PrintToString(links);
  EXPECT_LT(links.front(), links.back());
  EXPECT_EQ(align("-i corpus --threshold 1").out, std::string(kSentences, '\n'));
}

TEST_F(Aligner, WritesALineForALine) {
  directory_.write("source", directory_.read("source") + "\nsetu\n\n \nsetu");
  directory_.write("target", directory_.read("target") + "\n\nnoga\n\nnoga");
  const auto outcome = run_shell("$WEFT aligner -s source -t target", directory_.path(""));
  EXPECT_EQ(outcome.out, gold_ + "\n\n\n\n0-0\n");
  EXPECT_THAT(outcome.err, HasSubstr("4 pairs with an empty side: no links"));
  directory_.write("corpus", directory_.read("corpus") + "|||\nsetu |||\n||| noga\n");
  EXPECT_EQ(align("-i corpus").out, gold_ + "\n\n\n");
}

TEST_F(Aligner, TellsWhatIsTooLongOrOneSided) {
  std::string endless;
  for (int n = 0; n < 3000; ++n) endless += "w ";
  directory_.write("source", endless + "\nsetu\n");
  directory_.write("target", endless + "\n" + endless + "\n");
  const auto outcome = run_shell("$WEFT aligner -s source -t target", directory_.path(""));
  EXPECT_EQ(outcome.status, 0) << outcome;
  EXPECT_THAT(lines_of(outcome.out), SizeIs(2));
  EXPECT_THAT(outcome.err, HasSubstr("1 pair too long to be aligned"));
  EXPECT_THAT(outcome.err, HasSubstr("1 pair more than 9 times as long"));
}

TEST_F(Aligner, JsonHasWordsStrengthsAndLinks) {
  directory_.write("source", directory_.read("source") + "  setu, 新华社 (suku).\n\n");
  directory_.write("target", directory_.read("target") + "noga  naba.\n\n");
  const auto outcome = align("-s source -t target --format json");
  ASSERT_EQ(outcome.status, 0) << outcome;
  const auto lines = lines_of(outcome.out);
  const auto gold = lines_of(gold_);
  ASSERT_THAT(lines, SizeIs(kSentences + 2));
  for (std::size_t k = 0; k < lines.size(); ++k) {
    const auto object = json::parse(lines[k]);
    EXPECT_EQ(object.at("id"), k);
    for (const std::string side : {"source", "target"}) {
      const auto text = decode_utf8(object.at(side).at("text").get<std::string>());
      for (const auto& token : object.at(side).at("tokens")) {
        const auto begin = token.at("begin").get<std::size_t>();
        EXPECT_EQ(encode_utf8(text.substr(begin, token.at("end").get<std::size_t>() - begin)),
                  token.at("text").get<std::string>());
      }
    }
    const auto words = object.at("source").at("tokens").size();
    ASSERT_EQ(object.at("matrix").size(), object.at("target").at("tokens").size());
    for (const auto& row : object.at("matrix")) EXPECT_EQ(row.size(), words);
    std::vector<Link> links;
    for (const auto& link : object.at("links")) links.push_back({link.at(0), link.at(1)});
    for (const auto& link : links)
      EXPECT_GE(object.at("matrix").at(link.target).at(link.source).get<double>(), 0.3);
    if (k < kSentences) {
      EXPECT_EQ(pharaoh(links), gold[k] + "\n");
    }
  }
  const auto raw = json::parse(lines[kSentences]).at("source").at("tokens");
  EXPECT_EQ(raw.at(0).at("text"), "setu,");
  EXPECT_EQ(raw.back().at("text"), "(suku).");
}

TEST_F(Aligner, PosteriorsHaveTheStrengthOfEachLink) {
  const auto lines = lines_of(align("-i corpus --format posteriors").out);
  const auto gold = lines_of(gold_);
  ASSERT_THAT(lines, SizeIs(kSentences));
  const std::regex field("([0-9]+-[0-9]+):([0-9.e-]+)");
  for (std::size_t k = 0; k < kSentences; ++k) {
    std::string links;
    for (auto match = std::sregex_iterator(lines[k].begin(), lines[k].end(), field);
         match != std::sregex_iterator(); ++match) {
      const double strength = std::stod((*match)[2]);
      EXPECT_TRUE(strength >= 0.01 && strength <= 1.0) << lines[k];
      if (strength >= 0.3) links += (links.empty() ? "" : " ") + (*match)[1].str();
    }
    EXPECT_EQ(links, gold[k]);
    EXPECT_TRUE(std::regex_match(lines[k],
                                 std::regex("[0-9]+-[0-9]+:[0-9.e-]+( [0-9]+-[0-9]+:[0-9.e-]+)*")));
  }
}

TEST_F(Aligner, TextIsAPicture) {
  const auto outcome = align("-i corpus --format text");
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  for (const std::string side : {"source", "target"}) {
    const auto line = lines_of(directory_.read(side))[0];
    EXPECT_THAT(outcome.out, HasSubstr(line.substr(0, line.find(' '))));
  }
}

TEST_F(Aligner, GivesTheSameBytesOnAnyNumberOfThreads) {
  const auto one = align("-i corpus --format posteriors --threads 1");
  EXPECT_EQ(one.status, 0);
  EXPECT_EQ(align("-i corpus --format posteriors --threads 2"), one);
}

TEST_F(Aligner, RefusesMistakesBeforeItTouchesTheOutput) {
  directory_.write("short", "setu\n");
  directory_.write("bytes", "setu\n\xFFsetu\n");
  directory_.write("no-bars", "a ||| b\na b\n");
  directory_.write("bars-twice", "a ||| b ||| c\n");
  directory_.write("bad-links", "0-0\n0_0\n");
  directory_.write("one", "a ||| b\n");
  directory_.write("far-gold", "0-0 1-0\n");
  directory_.write("two", "a ||| b\na ||| b\n");
  directory_.write("far-gold-2", "0-0\n0-1\n");
  directory_.write("old", "older links\n");
  const std::vector<std::pair<std::string, std::string>> mistakes{
      {"-s source -t short",
       "short has 1 line, but source has 200 lines; expected as many lines in both"},
      {"-i corpus --test-source short --test-target source",
       "short has 1 line, but source has 200 lines; expected as many lines in both"},
      {"-s bytes -t bytes", "bytes:2: not valid UTF-8 (byte 0xff at column 1)"},
      {"-i no-bars", "no-bars:2: no '|||' between blanks; expected 'source ||| target'"},
      {"-i bars-twice",
       "bars-twice:1: more than one '|||' between blanks; expected 'source ||| target'"},
      {"-i corpus --gold short", "short:1:1: 'setu' is not an alignment link; "},
      {"-i corpus --gold bad-links", "bad-links:2:1: '0_0' is not an alignment link; "},
      {"-i one --gold gold", "the text to align has 1 line, but gold has 200 lines; "},
      {"-i one --gold far-gold", "far-gold:1: link 1-0 points past the source sentence; "},
      {"-i two --gold far-gold-2", "far-gold-2:2: link 0-1 points past the target sentence; "},
      {"-i two --gold far-gold-2 --gold-from-one", "far-gold-2:1:1: link 0-0 has position 0; "},
      {"-i none", "none: cannot be opened (No such file or directory)"},
      {"-s - -t -", "standard input is given twice; it can be read only once"},
      {"-s source", "no text is given; expected -s SOURCE -t TARGET, or -i FILE of "},
      {"-i corpus -t target", "a text is given twice: by --input and by --source or --target"},
      {"-i corpus --test-source source",
       "--test-source and --test-target are given one without the other"}};
  for (const auto& [options, message] : mistakes) {
    const auto outcome = align(options + " -o old");
    EXPECT_EQ(outcome.status, 2) << options;
    EXPECT_EQ(outcome.out, "") << options;
    EXPECT_THAT(outcome.err, StartsWith(message)) << options;
    EXPECT_EQ(std::ranges::count(outcome.err, '\n'), 1) << outcome.err;
    EXPECT_EQ(directory_.read("old"), "older links\n") << options;
  }
}

TEST_F(Aligner, RefusesAnOutputThatIsAnInput) {
  const auto corpus = directory_.read("corpus");
  for (const std::string options :
       {"-i corpus -o corpus", "-i corpus -o ./corpus", "-i corpus >>corpus",
        "-s source -t corpus -o corpus", "-i source --gold corpus -o corpus",
        "-i source --test-source corpus --test-target target -o corpus",
        "-i source --test-source target --test-target corpus -o corpus"}) {
    const auto outcome = align(options);
    EXPECT_EQ(outcome.status, 2) << options;
    EXPECT_THAT(outcome.err, HasSubstr(" is the same file as the input corpus")) << options;
    EXPECT_EQ(directory_.read("corpus"), corpus) << options;
  }
}

}  // namespace
}  // namespace weft::e2e
