#include "app/compare_files.h"

#include <gmock/gmock.h>

#include "app/named_files.h"
#include "base/error.h"
#include "base/temporary_directory.h"

namespace weft {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string line_of(int id, const std::string& source, const std::string& target) {
  const auto side = [](const std::string& word) {
    return R"({"text": ")" + word + R"(", "tokens": [{"text": ")" + word +
           R"(", "begin": 0, "end": 1}]})";
  };
  return R"({"id": )" + std::to_string(id) + R"(, "score": -0.5, "source": )" + side(source) +
         R"(, "target": )" + side(target) + R"(, "matrix": [[1.0]], "links": [[0, 0]]})" + "\n";
}

class CompareFiles : public testing::Test {
 protected:
  std::string compare(std::vector<std::string> files) const {
    compare_files({std::move(files), directory_.path("page.html")});
    return directory_.read("page.html");
  }
  std::string complaint(std::vector<std::string> files) const {
    try {
      compare(std::move(files));
    } catch (const UserError& error) {
      return error.what();
    }
    return "";
  }

  TemporaryDirectory directory_;
};

TEST_F(CompareFiles, ShowsModelsSideBySide) {
  const auto first = directory_.write("first.json", line_of(0, "a", "b") + line_of(2, "c", "d"));
  const auto lists = directory_.write(
      "lists.json", line_of(0, "a", "x") + line_of(0, "a", "further") + line_of(2, "c", "y"));
  const auto page = compare({first, "other=" + lists});
  for (const char* part :
       {"<h1>Alignments: first, other</h1>", "<h2>first</h2>", "<h2>other</h2>",
        "data-number=\"3\"", "<p class=\"strip\" dir=\"auto\">x</p>", "\"target\":[\"y\"]"})
    EXPECT_THAT(page, HasSubstr(part));
  EXPECT_THAT(page, Not(HasSubstr("further")));
  EXPECT_THAT(compare({first}), Not(HasSubstr("<h2>first</h2>")));  // it needs no name
}

TEST_F(CompareFiles, SaysWhatDoesNotBelongTogether) {
  const auto first = directory_.write("first.json", line_of(0, "a", "b") + line_of(1, "c", "d"));
  const auto shorter = directory_.write("shorter.json", line_of(0, "a", "b"));
  const auto other = directory_.write("other.json", line_of(0, "b", "b"));
  const auto links = directory_.write("links", line_of(0, "a", "b") + "0-0\n");
  const auto empty = directory_.write("empty", "");
  EXPECT_EQ(complaint({first, shorter}),
            shorter + ":1: is the last, but " + first +
                " has more; expected alignments of the same sentences");
  EXPECT_EQ(complaint({first, other}),
            other + ":1: is of sentence 0, 'b'; expected 0, 'a', as " + first + ":1 has it");
  EXPECT_EQ(complaint({links}),
            links + ":2: is no alignment in JSON; expected what --alignment json writes");
  EXPECT_EQ(complaint({empty}),
            empty + ": holds no alignments; expected what --alignment json writes");
}

TEST(NamedFiles, HaveTheirNamesOrTheirPaths) {
  const TemporaryDirectory directory;
  const auto equals = directory.write("a=b", "");
  const auto files = named_files(
      {"model/metrics.jsonl", "NAME=x/y.json", "x/z.json", "y/z.json", equals}, "metrics.jsonl", 9);
  EXPECT_EQ(files[0].name, "model");
  EXPECT_EQ(files[1].name, "NAME");
  EXPECT_EQ(files[1].path, "x/y.json");
  EXPECT_EQ(files[2].name, "x/z.json");
  EXPECT_EQ(files[4].name, "a=b");
  EXPECT_EQ(named_files({directory.path("")}, "metrics.jsonl", 9)[0].path,
            directory.path("") + "metrics.jsonl");
  EXPECT_THROW(named_files({"a", "b"}, "", 1), UserError);
  EXPECT_THROW(named_files({"x=a", "x=a"}, "", 9), UserError);
}

}  // namespace
}  // namespace weft
