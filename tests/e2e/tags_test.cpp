// weft translate --tags: tags and placeholders go around the translation.

#include <gmock/gmock.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <random>

#include "base/temporary_directory.h"
#include "e2e/program.h"
#include "e2e/tiny_models.h"

namespace weft::e2e {
namespace {

using testing::HasSubstr;

std::vector<std::string> with_tags(const std::string& input,
                                   std::vector<std::string> options = {}) {
  options.insert(options.begin(), {"translate", "-m", reversal_model(), "--tags", "xml"});
  const auto outcome = run_weft(options, input);
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  return lines_of(outcome.out);
}

/// The tags of a line in alphabetical order.
std::vector<std::string> tags_of(const std::string& line) {
  std::vector<std::string> tags;
  for (std::size_t begin = line.find('<'); begin != std::string::npos;
       begin = line.find('<', begin + 1))
    tags.push_back(line.substr(begin, line.find('>', begin) + 1 - begin));
  std::sort(tags.begin(), tags.end());
  return tags;
}

TEST(Tags, GoWithTheirWords) {
  EXPECT_THAT(with_tags("a <b>b</b> c\n<g id=\"1\">d e</g> f {0}\n\n<x/>\n"),
              testing::ElementsAre("C <b>B</b> A", "F <g id=\"1\">E D</g> {0}", "", "<x/>"));
}

TEST(Tags, AreTextUnlessAskedFor) {
  const auto outcome = run_weft({"translate", "-m", reversal_model()}, "a <b>b</b> c\n");
  EXPECT_EQ(outcome.status, 0);
  EXPECT_THAT(outcome.out, testing::Not(HasSubstr("<b>")));
}

TEST(Tags, AreNotLostInADocument) {
  std::mt19937 random(3);
  std::string document;
  for (int line = 0; line < 1000; ++line) {
    std::string text;
    for (int word = 0; word < 6; ++word) {
      const std::string letter(1, static_cast<char>('a' + random() % 8));
      const auto id = std::to_string(line * 10 + word);
      switch (random() % 4) {
        case 0:
          text += "<g id=\"" + id + "\">" + letter + "</g>";
          break;
        case 1:
          text += "<x id=\"" + id + "\"/> " + letter;
          break;
        default:
          text += letter;
      }
      text += ' ';
    }
    document += text + '\n';
  }
  const auto sources = lines_of(document);
  const auto answers = with_tags(document);
  ASSERT_EQ(answers.size(), sources.size());
  for (std::size_t n = 0; n < answers.size(); ++n)
    ASSERT_EQ(tags_of(answers[n]), tags_of(sources[n])) << answers[n];
}

TEST(Tags, GoWithListsAndAlignments) {
  const auto list = with_tags("a <b>b</b>\n", {"-b", "2", "--n-best", "2", "--alignment", "hard"});
  ASSERT_EQ(list.size(), 2u);
  EXPECT_THAT(list[0], testing::StartsWith("0 ||| <b>B</b> A ||| 0-1 1-0 ||| "));
  const auto object =
      nlohmann::json::parse(with_tags("a <b>b</b>\n", {"--alignment", "json"}).at(0));
  EXPECT_EQ(object["tagged"], "<b>B</b> A");
  EXPECT_EQ(object["target"]["text"], "B A");
  EXPECT_FALSE(object["confidence"]["hallucination"]);
}

TEST(Tags, AreRefusedWhereTheyCannotBePutBack) {
  EXPECT_EQ(
      run_weft({"translate", "-m", reversal_model(), "--tags", "xml", "--alignment-unit", "piece"},
               "a\n"),
      refusal({"--tags is given with --alignment-unit piece; tags are put back between words"}));
}

}  // namespace
}  // namespace weft::e2e
