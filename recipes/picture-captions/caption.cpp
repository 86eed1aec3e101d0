#include "picture-captions/caption.h"

#include <array>
#include <nlohmann/json.hpp>

namespace weft::scenes {
namespace {

using Words = std::vector<CaptionWord>;

// In the order of the enums.
constexpr std::array kShapeEn = {"circle", "square", "triangle", "diamond", "cross", "star"};
constexpr std::array kShapesEn = {"circles",  "squares", "triangles",
                                  "diamonds", "crosses", "stars"};
constexpr std::array kShapeZh = {"圆形", "正方形", "三角形", "菱形", "十字", "星形"};
constexpr std::array kColourEn = {"red", "orange", "yellow", "green", "blue", "purple"};
constexpr std::array kColourZh = {"红色", "橙色", "黄色", "绿色", "蓝色", "紫色"};
constexpr std::array kNumberEn = {"a", "two", "three"};
constexpr std::array kNumberZh = {"一个", "两个", "三个"};
constexpr std::array kRelationEn = {"above", "below", "left", "right"};
constexpr std::array kRelationZh = {"上方", "下方", "左边", "右边"};

template <class Table, class Enum>
std::string name_in(const Table& table, Enum value) {
  return table[static_cast<std::size_t>(value)];
}

void say_group_en(const Group& group, int number, Words& words) {
  const std::size_t count = group.places.size();
  words.push_back({kNumberEn[count - 1], "number", number});
  words.push_back({group.kind.radius == kSmall ? "small" : "large", "size", number});
  words.push_back({name_in(kColourEn, group.kind.colour), "colour", number});
  const auto& shapes = count == 1 ? kShapeEn : kShapesEn;
  words.push_back({name_in(shapes, group.kind.shape), "shape", number});
}

void say_group_zh(const Group& group, int number, Words& words) {
  words.push_back({kNumberZh[group.places.size() - 1], "number", number});
  words.push_back({name_in(kColourZh, group.kind.colour), "colour", number});
  words.push_back({"的", "", number});
  words.push_back({group.kind.radius == kSmall ? "小" : "大", "size", number});
  words.push_back({name_in(kShapeZh, group.kind.shape), "shape", number});
}

Words say_en(const Scene& scene) {
  Words words;
  say_group_en(scene.told[0], 0, words);
  words.push_back({scene.told[0].places.size() == 1 ? "is" : "are", "", 0});
  const bool beside = scene.relation == Relation::kLeft || scene.relation == Relation::kRight;
  words.push_back({name_in(kRelationEn, scene.relation), "relation", 2});
  if (beside) words.push_back({"of", "", 2});
  say_group_en(scene.told[1], 1, words);
  words.push_back({".", "", 0});
  return words;
}

Words say_zh(const Scene& scene) {
  Words words;
  say_group_zh(scene.told[0], 0, words);
  words.push_back({"在", "", 2});
  say_group_zh(scene.told[1], 1, words);
  words.push_back({name_in(kRelationZh, scene.relation), "relation", 2});
  words.push_back({"。", "", 0});
  return words;
}

}  // namespace

Words caption(const Scene& scene, Language language) {
  return language == Language::kEnglish ? say_en(scene) : say_zh(scene);
}

std::string to_line(const Words& words) {
  std::string line;
  for (const auto& word : words) {
    if (!line.empty()) line += ' ';
    line += word.text;
  }
  return line;
}

std::string gold_regions(const Scene& scene, const Words& words, const std::string& image) {
  nlohmann::ordered_json boxes, phrases = nlohmann::ordered_json::array();
  for (std::size_t i = 0; i < 2; ++i) {
    for (const Place& place : scene.told[i].places) {
      const Box box = box_of(scene.told[i].kind, place);
      const nlohmann::ordered_json corners = {box.left, box.top, box.right, box.bottom};
      boxes[std::to_string(i)].push_back(corners);
      boxes["2"].push_back(corners);
    }
  }
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (!words[i].type.empty())
      phrases.push_back({i, i + 1, std::to_string(words[i].group), words[i].type});
  }
  const nlohmann::ordered_json line = {
      {"image", image},
      {"width", kSide},
      {"height", kSide},
      {"boxes", boxes},
      {"sentences", {{{"text", to_line(words)}, {"phrases", phrases}}}}};
  return line.dump();
}

}  // namespace weft::scenes
