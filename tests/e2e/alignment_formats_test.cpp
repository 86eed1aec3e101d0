// weft translate --alignment: each format can be read, and says the same.

#include <gmock/gmock.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "base/display_width.h"
#include "base/temporary_directory.h"
#include "e2e/alignment_text.h"
#include "e2e/program.h"
#include "e2e/tiny_models.h"

namespace weft::e2e {
namespace {

using nlohmann::json;
using testing::Each;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

constexpr double kTolerance = 1e-3;

/// Lines with a blank one and a word no model has seen.
constexpr const char* kReversalLines = "a b c d\n\nh g unseen e f\nc\n";
constexpr const char* kChineseLines = "The old dog sees a bird.\nXylophone \xf0\x9f\x90\xb1!\n";

std::vector<std::string> translate(const std::string& model, std::vector<std::string> options,
                                   const std::string& input) {
  options.insert(options.begin(), {"translate", "-m", model});
  const auto outcome = run_weft(options, input);
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  return lines_of(outcome.out);
}

std::vector<json> json_lines(const std::string& model, std::vector<std::string> options,
                             const std::string& input) {
  options.insert(options.end(), {"--alignment", "json"});
  std::vector<json> objects;
  for (const auto& line : translate(model, options, input)) objects.push_back(json::parse(line));
  return objects;
}

/// Code points of `line` in [begin, end).
std::string code_points(const std::string& line, std::size_t begin, std::size_t end) {
  std::string part;
  std::size_t position = 0;
  for (const char byte : line) {
    if ((static_cast<unsigned char>(byte) & 0xC0) != 0x80) ++position;
    if (position > begin && position <= end) part += byte;
  }
  return part;
}

TEST(AlignmentFormats, HardLinksFollowTheTranslation) {
  const auto plain = translate(reversal_model(), {}, kReversalLines);
  const auto sources = lines_of(kReversalLines);
  const auto lines = translate(reversal_model(), {"--alignment", "hard"}, kReversalLines);
  ASSERT_EQ(lines.size(), 4u);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const auto fields = fields_of(lines[i] + " ");  // an empty last field
    ASSERT_EQ(fields.size(), 2u) << lines[i];
    EXPECT_EQ(fields[0], plain[i]);
    const auto links = links_of(fields_of(lines[i]).back());
    for (const auto& [source, target] : links) {
      EXPECT_LT(source, static_cast<int>(split(sources[i], ' ').size()));
      EXPECT_LT(target, static_cast<int>(split(plain[i], ' ').size()));
    }
  }
  // The task is a reversal: it looks at the words from the last to the first.
  EXPECT_EQ(lines[0], "D C B A ||| 0-3 1-2 2-1 3-0");
  EXPECT_EQ(lines[1], " ||| ");
  EXPECT_EQ(lines[3], "C ||| 0-0");
}

TEST(AlignmentFormats, SoftRowsSumToOne) {
  const auto sources = lines_of(kReversalLines);
  const auto lines = translate(reversal_model(), {"--alignment", "soft"}, kReversalLines);
  ASSERT_EQ(lines.size(), 4u);
  for (const std::size_t i : {0, 2, 3}) {
    const auto fields = fields_of(lines[i]);
    ASSERT_EQ(fields.size(), 2u);
    const auto rows = rows_of(fields[1]);
    EXPECT_EQ(rows.size(), split(fields[0], ' ').size()) << "a row for each target word";
    for (const auto& row : rows) {
      EXPECT_EQ(row.size(), split(sources[i], ' ').size()) << "a column for each source word";
      EXPECT_NEAR(sum(row), 1, kTolerance);
    }
  }
  EXPECT_EQ(lines[1], " ||| ");
}

TEST(AlignmentFormats, JsonHoldsEverything) {
  for (const std::string unit : {"word", "piece"}) {
    const auto objects = json_lines(chinese_model(), {"--alignment-unit", unit}, kChineseLines);
    const auto sources = lines_of(kChineseLines);
    ASSERT_EQ(objects.size(), 2u);
    for (std::size_t i = 0; i < objects.size(); ++i) {
      const auto& object = objects[i];
      EXPECT_EQ(object.at("id"), i);
      EXPECT_LT(object.at("score").get<double>(), 0);
      EXPECT_EQ(object.at("source").at("text"), sources[i]);
      for (const char* side : {"source", "target"}) {
        const std::string text = object.at(side).at("text");
        for (const auto& token : object.at(side).at("tokens")) {
          const auto covered = code_points(text, token.at("begin"), token.at("end"));
          EXPECT_EQ(token.at("text"), covered);
        }
      }
      const auto& matrix = object.at("matrix");
      EXPECT_EQ(matrix.size(), object.at("target").at("tokens").size());
      for (const auto& row : matrix) {
        EXPECT_EQ(row.size(), object.at("source").at("tokens").size());
        EXPECT_NEAR(sum(row.get<std::vector<double>>()), 1, kTolerance);
      }
      for (const auto& link : object.at("links")) {
        EXPECT_LT(link.at(0).get<std::size_t>(), object.at("source").at("tokens").size());
        EXPECT_LT(link.at(1).get<std::size_t>(), object.at("target").at("tokens").size());
      }
    }
  }
}

TEST(AlignmentFormats, FormatsAgree) {
  const auto hard = translate(reversal_model(), {"--alignment", "hard"}, kReversalLines);
  const auto soft = translate(reversal_model(), {"--alignment", "soft"}, kReversalLines);
  const auto objects = json_lines(reversal_model(), {}, kReversalLines);
  ASSERT_EQ(objects.size(), 4u);
  for (const std::size_t i : {0, 2, 3}) {
    EXPECT_EQ(objects[i].at("target").at("text"), fields_of(hard[i])[0]);
    EXPECT_EQ(objects[i].at("links").get<Links>(), links_of(fields_of(hard[i])[1]));
    EXPECT_EQ(objects[i].at("matrix").get<std::vector<std::vector<double>>>(),
              rows_of(fields_of(soft[i])[1]));
  }
}

TEST(AlignmentFormats, PiecesAndWordsAreDifferentUnits) {
  const auto words = json_lines(chinese_model(), {}, kChineseLines);
  const auto pieces = json_lines(chinese_model(), {"--alignment-unit", "piece"}, kChineseLines);
  ASSERT_EQ(words.size(), 2u);
  ASSERT_EQ(pieces.size(), 2u);
  EXPECT_EQ(words[0].at("source").at("tokens").size(), 6u);  // what spaces separate
  EXPECT_GT(pieces[1].at("source").at("tokens").size(), words[1].at("source").at("tokens").size());
  EXPECT_EQ(words[0].at("target").at("text"), pieces[0].at("target").at("text"));
}

TEST(AlignmentFormats, TheEndOfSentenceIsKeptOnRequest) {
  for (const std::string unit : {"word", "piece"}) {
    const auto without = json_lines(reversal_model(), {"--alignment-unit", unit}, "a b c\n").at(0);
    const auto with =
        json_lines(reversal_model(), {"--alignment-unit", unit, "--alignment-eos"}, "a b c\n")
            .at(0);
    for (const char* side : {"source", "target"}) {
      const auto& tokens = with.at(side).at("tokens");
      EXPECT_EQ(tokens.size(), without.at(side).at("tokens").size() + 1);
      EXPECT_EQ(tokens.back().at("end_of_sentence"), true);
    }
    for (const auto& row : with.at("matrix"))
      EXPECT_NEAR(sum(row.get<std::vector<double>>()), 1, kTolerance);
  }
}

TEST(AlignmentFormats, LinksAboveAThreshold) {
  const auto all =
      translate(reversal_model(), {"--alignment", "hard", "--alignment-threshold", "0"}, "a b c\n");
  ASSERT_EQ(all.size(), 1u);
  EXPECT_THAT(links_of(fields_of(all[0])[1]), SizeIs(9)) << "no weight is zero";
  const auto none =
      translate(reversal_model(), {"--alignment", "hard", "--alignment-threshold", "0.9999"},
                "a b c d e f\n");
  EXPECT_THAT(none, Each(testing::EndsWith(" ||| ")));
}

TEST(AlignmentFormats, MatrixBlocksHaveTheSizesTheyName) {
  const auto lines = translate(reversal_model(), {"--alignment", "matrix"}, "a b c\n\nd e\n");
  // Nematus: id ||| target ||| score ||| source ||| columns rows, the rows, a blank line.
  std::size_t at = 0;
  for (const std::string id : {"0", "1", "2"}) {
    ASSERT_LT(at, lines.size());
    const auto fields = fields_of(lines[at++]);
    ASSERT_EQ(fields.size(), 5u) << lines[at - 1];
    EXPECT_EQ(fields[0], id);
    EXPECT_EQ(fields[3], id == "0" ? "a b c" : id == "1" ? "" : "d e");
    const auto columns = std::stoul(split(fields[4], ' ').at(0));
    const auto rows = std::stoul(split(fields[4], ' ').at(1));
    EXPECT_EQ(rows, split(fields[1], ' ').size());
    for (std::size_t row = 0; row < rows; ++row)
      EXPECT_EQ(split(lines.at(at++), ' ').size(), columns);
    EXPECT_EQ(lines.at(at++), "");
  }
  EXPECT_EQ(at, lines.size());
}

/// A translation, a picture, a blank line.
TEST(AlignmentFormats, PicturesHaveStraightEdges) {
  const auto lines =
      translate(chinese_model(), {"--alignment", "text"}, "The old dog sees a bird.\n");
  ASSERT_GT(lines.size(), 8u);
  EXPECT_EQ(lines.back(), "");
  EXPECT_THAT(lines[0], HasSubstr("狗"));
  const std::vector<std::string> picture(lines.begin() + 1, lines.end() - 1);
  for (const auto& line : picture)
    EXPECT_EQ(display_width(line), display_width(picture.front())) << line;
  const auto shows = [&](const std::string& word) {
    return std::any_of(picture.begin(), picture.end(),
                       [&](const auto& line) { return line.find(word) != std::string::npos; });
  };
  for (const char* word : {"The", "old", "dog", "sees", "bird."}) EXPECT_TRUE(shows(word)) << word;
  EXPECT_TRUE(shows("狗"));
}

TEST(AlignmentFormats, PicturesKeepToTheWidthAsked) {
  const std::string line = "a b c d e f a b c d e f a b c d e f\n";
  for (const auto& drawn :
       translate(reversal_model(), {"--alignment", "text", "--width", "30"}, line)) {
    if (drawn.find_first_of("ABCDEFGH") == 0 && drawn.find(' ') == 1 && drawn.size() > 40)
      continue;  // the translation itself
    EXPECT_LE(display_width(drawn), 30u) << drawn;
  }
}

TEST(AlignmentFormats, ColourIsForTerminals) {
  const std::vector<std::string> picture{"--alignment", "text"};
  EXPECT_THAT(translate(reversal_model(), picture, "a b\n"), Each(Not(HasSubstr("\x1b"))));
  auto coloured = picture;
  coloured.insert(coloured.end(), {"--colour", "always"});
  EXPECT_THAT(translate(reversal_model(), coloured, "a b\n"), testing::Contains(HasSubstr("\x1b")));
  const auto terminal = run_shell("script -qec \"$WEFT translate -q -m " + reversal_model() +
                                      " --alignment text </dev/stdin\" /dev/null",
                                  "", "a b\n\x04");
  EXPECT_THAT(terminal.out, HasSubstr("\x1b["));
}

/// Of a PNG, as its header says.
std::pair<unsigned, unsigned> png_size(const std::string& png) {
  const auto number = [&](std::size_t at) {
    unsigned value = 0;
    for (std::size_t k = 0; k < 4; ++k)
      value = value << 8 | static_cast<unsigned char>(png.at(at + k));
    return value;
  };
  return {number(16), number(20)};
}

TEST(AlignmentFormats, PicturesAreFilesOfADirectory) {
  const TemporaryDirectory directory;
  const auto pictures = directory.path("svg");
  const auto options = [&](const char* format) {
    return std::vector<std::string>{"translate", "-m", reversal_model(),      "--alignment",
                                    format,      "-o", directory.path(format)};
  };
  // The translations go where they go without alignments.
  const auto plain = run_weft({"translate", "-m", reversal_model()}, kReversalLines);
  const auto svg = run_weft(options("svg"), kReversalLines);
  EXPECT_EQ(svg.status, 0) << svg.err;
  EXPECT_EQ(svg.out, plain.out);
  const auto picture = file_text(pictures + "/00001.svg");
  EXPECT_THAT(picture, testing::StartsWith("<svg "));
  EXPECT_FALSE(std::filesystem::exists(pictures + "/00002.svg"));  // the blank line
  EXPECT_TRUE(std::filesystem::exists(pictures + "/00004.svg"));
  EXPECT_FALSE(std::filesystem::exists(pictures + "/00001.html"));
  const auto png = run_weft(options("png"), kReversalLines);
  if (png.err.find("librsvg, which is not here") == std::string::npos) {
    EXPECT_EQ(png.status, 0) << png.err;
    const auto drawn = file_text(directory.path("png/00001.png"));
    EXPECT_EQ(drawn.substr(1, 3), "PNG");
    const auto [width, height] = png_size(drawn);
    EXPECT_NEAR(width, 2 * std::stod(picture.substr(picture.find("width=\"") + 7)), 1);
    EXPECT_NEAR(height, 2 * std::stod(picture.substr(picture.find("height=\"") + 8)), 1);
  }
  EXPECT_EQ(
      run_weft({"translate", "-m", reversal_model(), "--alignment", "svg"}, kReversalLines),
      refusal({"the format svg is a file for each sentence; expected --output with a directory "
               "for them"}));
}

TEST(AlignmentFormats, GivenPairsBecomePictures) {
  const TemporaryDirectory directory;
  const auto source = directory.write("source", "a b c\n"),
             target = directory.write("target", "C B A\n");
  const auto outcome = run_weft({"align", "-m", reversal_model(), "-s", source, "-t", target,
                                 "--format", "svg", "-o", directory.path("svg")});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(outcome.out, "");
  EXPECT_THAT(file_text(directory.path("svg/00001.svg")), HasSubstr(">B</text>"));
  const auto both = run_weft({"align", "-m", reversal_model(), "-s", source, "-t", target,
                              "--picture", directory.path("both")});
  EXPECT_EQ(both.out, "0-2 1-1 2-0\n");
  EXPECT_TRUE(std::filesystem::exists(directory.path("both/00001.svg")));
  EXPECT_TRUE(std::filesystem::exists(directory.path("both/00001.html")));
}

TEST(AlignmentFormats, ModelsAreComparedOnAPage) {
  const TemporaryDirectory directory;
  const auto alignments = [&](const std::string& name, std::vector<std::string> more) {
    more.insert(more.begin(), {"translate", "-m", reversal_model(), "--alignment", "json"});
    const auto outcome = run_weft(more, kReversalLines);
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    return directory.write(name, outcome.out);
  };
  const auto first = alignments("first.json", {});
  const auto second = alignments("second.json", {"-b", "1", "--alignment-unit", "piece"});
  const auto lists = alignments("lists.json", {"--n-best", "3"});
  const auto page = run_weft({"compare", first, "pieces=" + second, lists});
  EXPECT_EQ(page.status, 0) << page.err;
  EXPECT_THAT(page.err, HasSubstr("lists: "));
  EXPECT_THAT(page.err, HasSubstr(" further translations of the same sentences are not shown"));
  for (const char* part : {"<h2>first</h2>", "<h2>pieces</h2>", "<h2>lists</h2>",
                           "data-number=\"4\"", ">h g unseen e f</p></figcaption>"})
    EXPECT_THAT(page.out, HasSubstr(part));
  const auto shorter = directory.write("shorter.json", lines_of(file_text(first))[0] + "\n");
  EXPECT_EQ(run_weft({"compare", first, shorter, "-o", directory.path("page.html")}).err,
            shorter + ":1: is the last, but " + first +
                " has more; expected alignments of the same "
                "sentences\n");
  EXPECT_THAT(run_weft({"compare", directory.write("links", "0-0\n")}),
              refusal({directory.path("links") + ":1: is no alignment in JSON; expected what "
                                                 "--alignment json writes"}));
}

}  // namespace
}  // namespace weft::e2e
