#include "metrics/gold_regions.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <utility>

#include "base/error.h"
#include "base/line_reader.h"
#include "base/utf8.h"
#include "metrics/metric_tokenizer.h"

namespace weft {
namespace {

using nlohmann::json;
using Boxes = std::map<std::string, std::vector<RegionBox>>;

/// What is behind the last slash.
std::string last_part(const std::string& name) { return name.substr(name.rfind('/') + 1); }

/// A mistake in the form of a line, for whom reads it to say where.
[[noreturn]] void complain(const std::string& what) { throw std::invalid_argument(what); }

Boxes read_boxes(const json& entry) {
  Boxes boxes;
  for (const auto& [name, list] : entry.items()) {
    for (const auto& corners : list) {
      const auto numbers = corners.get<std::vector<double>>();
      if (numbers.size() != 4 || numbers[0] > numbers[2] || numbers[1] > numbers[3])
        complain("box " + corners.dump() + "; expected [left, top, right, bottom]");
      boxes[name].push_back({numbers[0], numbers[1], numbers[2], numbers[3]});
    }
  }
  return boxes;
}

GoldSentence read_sentence(const json& entry, const Boxes& boxes) {
  GoldSentence sentence;
  std::vector<std::size_t> ends = {0};  // of the words before, in characters of the text
  const auto text = entry.at("text").get<std::string>();
  for (const auto word : split_at_whitespace(text)) {
    sentence.text += without_blanks(std::string(word));
    ends.push_back(sentence.text.size());
  }
  for (const auto& phrase : entry.at("phrases")) {
    const auto first = phrase.at(0).get<std::size_t>(), end = phrase.at(1).get<std::size_t>();
    if (first >= end || end >= ends.size()) {
      complain("phrase " + phrase.dump() + " of a sentence of " + std::to_string(ends.size() - 1) +
               " words");
    }
    const auto found = boxes.find(phrase.at(2).get<std::string>());
    if (found == boxes.end()) continue;  // told, but not to be seen
    sentence.phrases.push_back(
        {ends[first], ends[end], phrase.at(3).get<std::string>(), found->second});
  }
  return sentence;
}

GoldItem read_item(const json& entry) {
  GoldItem item{entry.at("width"), entry.at("height"), entry.contains("sound"), {}};
  if (!(item.width > 0 && item.height > 0)) complain("no width or no height");
  const Boxes boxes = read_boxes(entry.at("boxes"));
  for (const auto& sentence : entry.at("sentences"))
    item.sentences.push_back(read_sentence(sentence, boxes));
  return item;
}

}  // namespace

std::u32string without_blanks(const std::string& text) {
  std::u32string characters;
  const std::string small = lowercase(text);
  for (const auto word : split_at_whitespace(small)) characters += decode_utf8(word);
  return characters;
}

const GoldSentence* GoldItem::find(const std::u32string& text) const {
  const auto found = std::find_if(sentences.begin(), sentences.end(),
                                  [&](const GoldSentence& s) { return s.text == text; });
  return found == sentences.end() ? nullptr : &*found;
}

GoldRegions::GoldRegions(const std::string& path) {
  LineReader reader(path);
  for (std::string line; reader.next(line);) {
    try {
      const json entry = json::parse(line);
      auto item = read_item(entry);
      const auto name = entry.at(item.is_sound ? "sound" : "image").get<std::string>();
      items_.insert_or_assign(name, std::move(item));
    } catch (const json::exception& error) {
      throw UserError(reader.location(), std::string("is no gold item (") + error.what() + ")");
    } catch (const std::invalid_argument& error) {
      throw UserError(reader.location(), std::string("has ") + error.what());
    }
  }
  if (items_.empty()) throw UserError({path}, "holds no lines; expected gold regions");
}

const GoldItem* GoldRegions::find(const std::string& name) const {
  auto found = items_.find(name);
  if (found == items_.end()) found = items_.find(last_part(name));
  return found == items_.end() ? nullptr : &found->second;
}

}  // namespace weft
