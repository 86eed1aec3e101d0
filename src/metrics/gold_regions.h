#pragma once
// Gold regions of words, from JSON Lines.

#include <string>
#include <unordered_map>
#include <vector>

#include "metrics/region_score.h"

namespace weft {

/// Neighbouring words of a sentence that are to be seen somewhere.
struct GoldPhrase {
  std::size_t begin = 0;  ///< characters of GoldSentence::text
  std::size_t end = 0;
  std::string word_class;
  std::vector<RegionBox> boxes;  ///< at least one
};

struct GoldSentence {
  std::u32string text;  ///< without blanks, in small letters
  std::vector<GoldPhrase> phrases;
};

struct GoldItem {
  double width = 0;
  double height = 0;
  bool is_sound = false;  ///< width is in seconds
  std::vector<GoldSentence> sentences;

  /// The sentence of this text; nullptr: none.
  const GoldSentence* find(const std::u32string& text) const;
};

/// Items by their names, from JSON Lines: {"image": NAME, "width": 500, "height": 375, "boxes":
/// {"18": [[left, top, right, bottom], ...]}, "sentences": [{"text": "A child sits .", "phrases":
/// [[0, 2, "18", "people"], ...]}]}. Words [0, 2) of the sentence are to be seen in the boxes of
/// "18", and are of the class "people". Of sound, which has "sound" for "image", width is in
/// seconds and height 1.
class GoldRegions {
 public:
  /// Throws UserError with file and line.
  explicit GoldRegions(const std::string& path);
  /// By its name, or by the last part of it; nullptr: none.
  const GoldItem* find(const std::string& name) const;

 private:
  std::unordered_map<std::string, GoldItem> items_;
};

/// Text as GoldSentence has it.
std::u32string without_blanks(const std::string& text);

}  // namespace weft
