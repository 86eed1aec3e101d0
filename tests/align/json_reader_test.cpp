#include "align/json_reader.h"

#include <gmock/gmock.h>

#include <stdexcept>

namespace weft {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr const char* kLine =
    R"({"id": 3, "score": -1.5, "source": {"text": "Der Hund", "tokens": [)"
    R"({"text": "Der", "begin": 0, "end": 3}, {"text": "Hund", "piece": "▁Hund", "begin": 4, "end": 8},)"
    R"({"text": "</s>", "begin": 8, "end": 8, "end_of_sentence": true}]},)"
    R"("target": {"text": "dog", "tokens": [{"text": "dog", "begin": 0, "end": 3}]},)"
    R"("from": "attention", "matrix": [[0.25, 0.5, null]], "links": [[1, 0]]})";

std::string complaint(const std::string& line) {
  try {
    read_json_alignment(line);
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "";
}

TEST(JsonReader, ReadsWordsAndWeights) {
  const auto alignment = read_json_alignment(kLine);
  EXPECT_EQ(alignment.id, 3);
  EXPECT_EQ(alignment.score, -1.5);
  EXPECT_EQ(alignment.source, "Der Hund");
  EXPECT_EQ(alignment.target, "dog");
  ASSERT_EQ(alignment.matrix.columns(), 3);
  EXPECT_EQ(alignment.matrix.source[1].text, "▁Hund");
  EXPECT_TRUE(alignment.matrix.source[2].end_of_sentence);
  EXPECT_EQ(alignment.matrix.target[0].text, "dog");
  EXPECT_THAT(alignment.matrix.weights, ElementsAre(0.25F, 0.5F, 0.0F));
  EXPECT_THAT(alignment.links, ElementsAre(Link{1, 0}));
}

TEST(JsonReader, SaysWhatIsNoAlignment) {
  EXPECT_THAT(complaint("0-0 1-1"), HasSubstr("is no alignment in JSON"));
  EXPECT_THAT(complaint("{}"), HasSubstr("is no alignment in JSON"));
  EXPECT_THAT(complaint(R"({"id": 0, "source": {"text": "a.png"}, "grid": [1, 1],)"
                        R"("target": {"text": "", "tokens": []}, "matrix": []})"),
              HasSubstr("has 'a.png' for its source"));
  auto short_row = std::string(kLine);
  short_row.replace(short_row.find(", null"), 6, "");
  EXPECT_EQ(complaint(short_row), "has a matrix of another size than its tokens");
  auto far_link = std::string(kLine);
  far_link.replace(far_link.find("[1, 0]"), 6, "[3, 0]");
  EXPECT_EQ(complaint(far_link), "has a link beyond its tokens");
}

}  // namespace
}  // namespace weft
