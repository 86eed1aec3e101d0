#include "config/item_options.h"

namespace weft {

ItemOptions item_options(const Config& config, std::size_t k) {
  const auto& input = config.model.input;
  ItemOptions options;
  options.kind = config.data.source_kind.at(k);
  if (options.is_text()) return options;
  options.root = config.data.source_root;
  options.image = config.data.image;
  options.audio = config.data.audio;
  options.features = config.data.features;
  if (options.kind == SourceKind::kImage) options.network = input.pretrained;
  options.cache = config.data.feature_cache;
  if (!input.width.empty()) options.width = entry_of_source(input.width, k);
  options.frame_stack = input.frame_stack;
  options.global = input.global;
  return options;
}

}  // namespace weft
