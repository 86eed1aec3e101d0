// What the captions and the gold regions say must be what the pixels show.
#include <gmock/gmock.h>

#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <numbers>
#include <set>
#include <sstream>

#include "base/temporary_directory.h"
#include "data/random.h"
#include "picture-captions/caption.h"
#include "picture-captions/corpus.h"
#include "picture-captions/drawing.h"

namespace weft::scenes {
namespace {

std::array<int, 3> pixel(const Picture& picture, int x, int y) {
  const auto* p = picture.pixels.data() + (y * kSide + x) * 3;
  return {p[0], p[1], p[2]};
}

bool is_background(const Picture& picture, int x, int y) {
  return pixel(picture, x, y) == std::array{240, 240, 240};
}

/// What a person would call a colour.
std::string colour_name(const std::array<int, 3>& rgb) {
  const auto [r, g, b] = rgb;
  if (b > r && b > g) return r > g ? "purple" : "blue";
  if (g > r) return "green";
  if (g > 170) return "yellow";
  return g > 100 ? "orange" : "red";
}

/// Whether box `a` stands to box `b` as the word says.
bool is_true(const std::string& relation, const nlohmann::json& a, const nlohmann::json& b) {
  if (relation == "above") return a[3] <= b[1];
  if (relation == "below") return a[1] >= b[3];
  return relation == "left" ? a[2] <= b[0] : a[0] >= b[2];
}

TEST(Scene, CaptionsAreTrue) {
  auto generator = seeded_generator({3});
  std::map<std::string, int> seen;
  for (int i = 0; i < 400; ++i) {
    const Scene scene = draw_scene(generator, false);
    const Picture picture = draw(scene);
    const auto words = caption(scene, Language::kEnglish);
    const auto gold = nlohmann::json::parse(gold_regions(scene, words, "a.png"));
    SCOPED_TRACE(to_line(words));
    EXPECT_EQ(gold["sentences"][0]["text"], to_line(words));
    for (const auto& phrase : gold["sentences"][0]["phrases"]) {
      const std::string word = words[phrase[0]].text, type = phrase[3];
      const auto& boxes = gold["boxes"][phrase[2].get<std::string>()];
      ++seen[word];
      if (type == "number") {
        const int count = word == "a" ? 1 : word == "two" ? 2 : 3;
        EXPECT_EQ(boxes.size(), count);
      }
      for (const auto& box : boxes) {
        const int left = box[0], top = box[1], right = box[2], bottom = box[3];
        ASSERT_TRUE(left >= 0 && top >= 0 && right <= kSide && bottom <= kSide);
        if (type == "size") {
          EXPECT_EQ(right - left, word == "small" ? 12 : 24);
        }
        if (type == "colour") {
          EXPECT_EQ(colour_name(pixel(picture, (left + right) / 2, (top + bottom) / 2)), word);
        }
      }
      if (type != "relation") continue;
      for (const auto& a : gold["boxes"]["0"]) {
        for (const auto& b : gold["boxes"]["1"]) {
          EXPECT_TRUE(is_true(word, a, b));
        }
      }
    }
  }
  for (const char* word :
       {"above", "below", "left", "right", "a", "two", "three", "small", "large"})
    EXPECT_GT(seen[word], 60) << word;
  for (const char* word : {"red", "green", "blue", "yellow", "purple", "orange"})
    EXPECT_GT(seen[word], 80) << word;
}

TEST(Scene, SaysTheSameInBothLanguages) {
  const Scene scene{{{{{Shape::kDiamond, Colour::kYellow, kSmall}, {{20, 20}, {50, 20}, {80, 20}}},
                      {{Shape::kCross, Colour::kGreen, kSmall}, {{50, 80}}}}},
                    Relation::kAbove,
                    {}};
  EXPECT_EQ(to_line(caption(scene, Language::kEnglish)),
            "three small yellow diamonds are above a small green cross .");
  EXPECT_EQ(to_line(caption(scene, Language::kChinese)),
            "三个 黄色 的 小 菱形 在 一个 绿色 的 小 十字 上方 。");
  Scene beside = scene;
  beside.relation = Relation::kLeft;
  beside.told[0].places.resize(1);
  EXPECT_EQ(to_line(caption(beside, Language::kEnglish)),
            "a small yellow diamond is left of a small green cross .");
}

TEST(Scene, HasExactlyOneRelation) {
  EXPECT_EQ(relation_of({0, 0, 10, 10}, {5, 10, 15, 20}), Relation::kAbove);
  EXPECT_EQ(relation_of({5, 10, 15, 20}, {0, 0, 10, 10}), Relation::kBelow);
  EXPECT_EQ(relation_of({0, 0, 10, 10}, {12, 5, 15, 20}), Relation::kLeft);
  EXPECT_EQ(relation_of({12, 5, 15, 20}, {0, 0, 10, 10}), Relation::kRight);
  EXPECT_EQ(relation_of({0, 0, 10, 10}, {10, 10, 20, 20}), std::nullopt);
  EXPECT_EQ(relation_of({0, 0, 10, 10}, {5, 5, 20, 20}), std::nullopt);
}

TEST(Drawing, HasTheAreasOfGeometry) {
  constexpr double kRadius = kLarge;
  const double star = 5 * 0.382 * std::sin(std::numbers::pi / 5) * kRadius * kRadius;
  const std::map<Shape, double> areas = {{Shape::kCircle, std::numbers::pi * kRadius * kRadius},
                                         {Shape::kSquare, 4 * kRadius * kRadius},
                                         {Shape::kTriangle, 2 * kRadius * kRadius},
                                         {Shape::kDiamond, 2 * kRadius * kRadius},
                                         {Shape::kCross, 4 * kRadius * kRadius * 5 / 9},
                                         {Shape::kStar, star}};
  for (const auto& [shape, area] : areas) {
    const Group group{{shape, Colour::kBlue, kLarge}, {{50, 60}}};
    const Picture picture = draw({{group, {{}, {}}}, Relation::kAbove, {}});
    double covered = 0;
    for (int y = 0; y < kSide; ++y) {
      for (int x = 0; x < kSide; ++x) {
        const Box box = box_of(group);
        const bool inside = x >= box.left && x < box.right && y >= box.top && y < box.bottom;
        ASSERT_TRUE(inside || is_background(picture, x, y)) << x << ' ' << y;
        covered += (240 - pixel(picture, x, y)[0]) / (240.0 - 31);
      }
    }
    EXPECT_NEAR(covered, area, 0.03 * area) << static_cast<int>(shape);
  }
}

TEST(Drawing, LeavesAnOutlineEmpty) {
  const Scene scene{
      {}, Relation::kAbove, Group{{Shape::kSquare, Colour::kRed, kLarge}, {{50, 60}}}};
  const Picture picture = draw(scene);
  EXPECT_TRUE(is_background(picture, 50, 60));
  EXPECT_FALSE(is_background(picture, 50, 60 - kLarge));
}

/// CRC-32 of zlib's polynomial.
uint32_t checksum(const std::vector<uint8_t>& bytes) {
  uint32_t crc = ~0U;
  for (const uint8_t byte : bytes) {
    crc ^= byte;
    for (int i = 0; i < 8; ++i) crc = (crc >> 1) ^ ((crc & 1U) != 0 ? 0xEDB88320U : 0);
  }
  return ~crc;
}

TEST(Corpus, KeepsItsPartsApart) {
  const TemporaryDirectory directory;
  const CorpusSizes sizes{60, 20, 20, 20};
  write_corpus(sizes, 5, directory.path(""));
  std::set<std::string> train;
  std::istringstream lines(directory.read("train.en"));
  for (std::string line; std::getline(lines, line);) {
    train.insert(line);
    EXPECT_THAT(line, testing::Not(testing::HasSubstr("purple star")));
  }
  for (const std::string part : {"valid", "test"}) {
    std::istringstream others(directory.read(part + ".en"));
    int count = 0;
    for (std::string line; std::getline(others, line); ++count) EXPECT_FALSE(train.contains(line));
    EXPECT_EQ(count, 20);
  }
  std::istringstream unseen(directory.read("unseen.en"));
  for (std::string line; std::getline(unseen, line);)
    EXPECT_THAT(line, testing::HasSubstr("purple star"));
  std::istringstream images(directory.read("train.images"));
  for (std::string line; std::getline(images, line);)
    EXPECT_EQ(decode_picture(directory.read(line)).width, kSide) << line;
}

TEST(Corpus, IsTheSameForTheSameSeed) {
  const TemporaryDirectory first, second;
  const CorpusSizes sizes{30, 5, 5, 5};
  write_corpus(sizes, 5, first.path(""));
  write_corpus(sizes, 5, second.path(""));
  for (const char* name : {"train.en", "test.zh", "unseen.en.regions", "train/00029.png"})
    EXPECT_EQ(first.read(name), second.read(name));
  write_corpus(sizes, 6, second.path(""));
  EXPECT_NE(first.read("train.en"), second.read("train.en"));
}

TEST(Corpus, IsTheSameOnEveryMachine) {
  auto generator = seeded_generator({1, 0});
  std::vector<uint8_t> pixels;
  for (int i = 0; i < 20; ++i) {
    const Picture picture = draw(draw_scene(generator, false));
    pixels.insert(pixels.end(), picture.pixels.begin(), picture.pixels.end());
  }
  EXPECT_EQ(checksum(pixels), 3931303622U);
}

}  // namespace
}  // namespace weft::scenes
