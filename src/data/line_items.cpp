#include "data/line_items.h"

#include <string>
#include <utility>

#include "base/error.h"
#include "data/line_stream.h"
#include "data/network_features.h"
#include "media/open_items.h"

namespace weft {
namespace {

/// options.width is what a model reads, of which differences are two thirds.
std::unique_ptr<FeatureItems> open_prepared(ItemNames names, const ItemOptions& options) {
  const int64_t parts = options.features.deltas ? 3 : 1;
  if (options.width % parts != 0) {
    throw UserError("model.input.width is " + std::to_string(options.width) +
                    "; expected a multiple of 3, because data.features.deltas is true");
  }
  return prepare_features(open_features(std::move(names), options.width / parts), options.features);
}

std::shared_ptr<const ItemSource> open_source(ItemNames names, const ItemOptions& options) {
  switch (options.kind) {
    case SourceKind::kText:
      break;
    case SourceKind::kFeatures:
      return std::make_shared<ItemSource>(open_prepared(std::move(names), options), options);
    case SourceKind::kAudio:
      return std::make_shared<ItemSource>(open_audio(std::move(names), options.audio), options);
    case SourceKind::kImage:
      auto pictures = open_pictures(std::move(names), options.image);
      if (options.network.empty())
        return std::make_shared<ItemSource>(std::move(pictures), options);
      return std::make_shared<ItemSource>(network_features(std::move(pictures), options), options);
  }
  return nullptr;
}

/// Collects lines, then opens what they name.
class Collector {
 public:
  explicit Collector(const ItemOptions& options) : options_(options), names_(options.root) {}

  void add(const std::string& line, const Location& place) {
    const bool is_blank = line.find_first_not_of(" \t\r") == std::string::npos;
    found_.of_lines.push_back(is_blank ? -1 : static_cast<int32_t>(names_.add(line, place)));
  }
  LineItems open() {
    if (names_.size() > 0) found_.items = open_source(std::move(names_), options_);
    return std::move(found_);
  }

 private:
  ItemOptions options_;
  ItemNames names_;
  LineItems found_;
};

}  // namespace

LineItems find_items(const std::vector<TextColumn>& files, const ItemOptions& options) {
  Collector collector(options);
  LineStream lines(files);
  for (std::string line; lines.next(line);) collector.add(line, lines.places()[lines.count()]);
  return collector.open();
}

LineItems find_items(const std::vector<std::string>& lines,
                     const std::function<Location(std::size_t)>& place,
                     const ItemOptions& options) {
  Collector collector(options);
  for (std::size_t i = 0; i < lines.size(); ++i) collector.add(lines[i], place(i));
  return collector.open();
}

}  // namespace weft
