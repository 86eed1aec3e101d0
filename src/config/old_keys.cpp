#include "config/old_keys.h"

namespace weft {
namespace {

template <class Item>
void append(const std::vector<Item>& items, std::vector<Item>& list) {
  list.insert(list.end(), items.begin(), items.end());
}

}  // namespace

void take_old_keys(const OldKeys& old, Config& config) {
  append(old.data.further_train_source, config.data.train_source);
  append(old.data.further_valid_source, config.data.valid_source);
  const auto& sizes = old.vocabulary.further_sizes;
  append(sizes, config.vocabulary.source_size);
  append(std::vector(sizes.size(), SourceKind::kText), config.data.source_kind);
}

}  // namespace weft
