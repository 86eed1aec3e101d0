#include "train/region_teacher.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include "base/error.h"
#include "base/utf8.h"
#include "metrics/gold_regions.h"

namespace weft {
namespace {

/// Where in `text` each character of without_blanks(text) stands.
std::vector<Span> places_in(const std::string& text) {
  std::vector<Span> places;
  std::size_t begin = 0;
  for (const char32_t character : decode_utf8(text)) {
    const std::string bytes = encode_utf8({&character, 1});
    const Span place{begin, begin + bytes.size()};
    places.insert(places.end(), without_blanks(bytes).size(), place);
    begin = place.end;
  }
  return places;
}

/// A stretch of a sentence that the same phrases share, and what is to be seen of them.
struct Stretch {
  std::size_t begin = 0, end = 0;  // characters of GoldSentence::text
  std::vector<RegionBox> boxes;
};

std::vector<Stretch> stretches_of(const GoldSentence& sentence) {
  std::set<std::size_t> edges;
  for (const auto& phrase : sentence.phrases) edges.insert({phrase.begin, phrase.end});
  std::vector<Stretch> stretches;
  const std::vector<std::size_t> places(edges.begin(), edges.end());
  for (std::size_t i = 0; i + 1 < places.size(); ++i) {
    Stretch stretch{places[i], places[i + 1], {}};
    for (const auto& phrase : sentence.phrases) {
      if (phrase.begin <= stretch.begin && phrase.end >= stretch.end)
        stretch.boxes.insert(stretch.boxes.end(), phrase.boxes.begin(), phrase.boxes.end());
    }
    if (!stretch.boxes.empty()) stretches.push_back(std::move(stretch));
  }
  return stretches;
}

/// However little of a place is covered, it has a part.
uint8_t strength_of(double part) {
  return static_cast<uint8_t>(std::clamp(std::lround(std::ceil(part * 255)), 0L, 255L));
}

PairLinks links_of(const GoldItem& item, const GoldSentence& sentence, const std::string& target,
                   const ItemGrid& grid) {
  PairLinks links;
  const auto places = places_in(target);
  for (const auto& stretch : stretches_of(sentence)) {
    const auto word = static_cast<uint32_t>(links.target.size());
    links.target.push_back({places.at(stretch.begin).begin, places.at(stretch.end - 1).end});
    const auto parts =
        covered_parts({grid.rows, grid.columns, item.width, item.height}, stretch.boxes);
    for (std::size_t place = 0; place < parts.size(); ++place) {
      const uint8_t strength = strength_of(parts[place]);
      if (strength > 0) links.links.push_back({static_cast<uint32_t>(place), word, strength});
    }
  }
  return links;
}

class RegionTeacher : public LinkTeacher {
 public:
  RegionTeacher(const std::string& path, const ParallelCorpus& corpus)
      : gold_(path), corpus_(corpus) {}

  std::vector<PairLinks> links(const std::vector<TextPair>& pairs) override {
    std::vector<PairLinks> answers;
    for (const auto& pair : pairs) answers.push_back(of_pair(pair, next_++));
    return answers;
  }

 private:
  PairLinks of_pair(const TextPair& pair, int64_t index) const {
    const GoldItem* item = gold_.find(pair.source);
    const GoldSentence* sentence =
        item == nullptr ? nullptr : item->find(without_blanks(pair.target));
    if (sentence == nullptr) return {};
    const auto& items = *corpus_.items().front();
    const auto number = corpus_[index].sources.front().ids.front();
    if (!item->is_sound && !items.grid(number).is_there()) {
      throw UserError(corpus_.source_location(index),
                      "'" + pair.source +
                          "' has gold regions (training.guided_alignment.regions), but its "
                          "vectors are a sequence; expected those of a grid");
    }
    return links_of(*item, *sentence, pair.target, items.places(number));
  }

  GoldRegions gold_;
  const ParallelCorpus& corpus_;
  int64_t next_ = 0;
};

}  // namespace

std::unique_ptr<LinkTeacher> teach_by_regions(const std::string& path,
                                              const ParallelCorpus& corpus) {
  return std::make_unique<RegionTeacher>(path, corpus);
}

}  // namespace weft
