#include "train/item_files.h"

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "config/enum_names.h"
#include "data/line_stream.h"
#include "data/parallel_check.h"

namespace weft {
namespace {

/// Of source `k`, as the files are, whatever is made of them then.
ItemOptions plain_options(const Config& config, std::size_t k) {
  auto options = item_options(config, k);
  options.cache.clear();
  options.frame_stack = 1;
  return options;
}

/// Numbers of the vectors that the first line of a text names.
int64_t width_of(const std::vector<TextColumn>& files, const ItemOptions& options) {
  LineStream lines(files);
  for (std::string line; lines.next(line);) {
    const auto place = [&](std::size_t) { return lines.places()[lines.count()]; };
    const auto found = find_items({line}, place, options);
    if (found.items) return found.items->width();
  }
  return 0;
}

}  // namespace

void check_item_files(const Config& config) {
  for (const auto& files : {training_files(config.data), validation_files(config.data)}) {
    if (has_pipe(files)) continue;
    for (std::size_t k = 0; k < files.sources.size(); ++k) {
      auto options = plain_options(config, k);
      options.network.clear();  // whether they are pictures is asked, not what a network says
      if (options.is_text()) continue;
      const auto found = find_items(files.sources[k], options);
      if (found.items) found.items->check();
    }
  }
}

void require_text(const Config& config) {
  for (const auto kind : config.data.source_kind) {
    if (kind != SourceKind::kText)
      throw UserError("data.source_kind has " + to_name(kind) +
                      "; expected text alone, because several processes train together");
  }
}

Config with_item_widths(const Config& given) {
  auto config = given;
  auto& widths = config.model.input.width;
  const auto& kinds = config.data.source_kind;
  const bool all_text = std::all_of(kinds.begin(), kinds.end(),
                                    [](SourceKind kind) { return kind == SourceKind::kText; });
  if (all_text) return config;
  if (widths.size() <= 1) widths.assign(kinds.size(), widths.empty() ? 0 : widths.front());
  const auto files = training_files(config.data);
  for (std::size_t k = 0; k < kinds.size(); ++k) {
    const auto options = plain_options(config, k);
    if (options.is_text()) widths[k] = 0;
    if (!options.is_text() && widths[k] == 0) widths[k] = width_of(files.sources[k], options);
  }
  return config;
}

std::vector<LineItems> items_of(const ParallelFiles& files, const Vocabularies& vocabularies) {
  std::vector<LineItems> items;
  for (std::size_t k = 0; k < files.sources.size(); ++k) {
    const auto& source = vocabularies.sources[k];
    items.push_back(source.is_text() ? LineItems{} : find_items(files.sources[k], source.items));
  }
  return items;
}

Vocabularies with_item_folders(Vocabularies vocabularies, const DataOptions& data,
                               const std::string& directory) {
  for (auto& source : vocabularies.sources) {
    if (source.is_text()) continue;
    source.items.root = data.source_root;
    source.items.cache = data.feature_cache;
    if (!source.items.network.empty() && source.items.cache.empty())
      source.items.cache = directory + "/features";
  }
  return vocabularies;
}

}  // namespace weft
