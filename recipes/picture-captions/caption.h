#pragma once
// What is said of a scene, and where each word is to be seen.

#include <string>
#include <vector>

#include "picture-captions/scene.h"

namespace weft::scenes {

enum class Language { kEnglish, kChinese };

/// One word, with what it says of which group.
struct CaptionWord {
  std::string text;
  std::string type;  ///< number, size, colour, shape or relation; empty: says nothing of its own
  int group = 0;     ///< 0, 1, or, of a relation, 2: both
};

/// "three small yellow diamonds are above a small green cross ."
/// "三个 黄色 的 小 菱形 在 一个 绿色 的 小 十字 上方 。"
std::vector<CaptionWord> caption(const Scene& scene, Language language);

/// Words with blanks between them.
std::string to_line(const std::vector<CaptionWord>& words);

/// One line of JSON in the form of `weft evaluate --regions`: the boxes of the things of either
/// group ("0", "1") and of both ("2"), and which words speak of which.
std::string gold_regions(const Scene& scene, const std::vector<CaptionWord>& words,
                         const std::string& image);

}  // namespace weft::scenes
