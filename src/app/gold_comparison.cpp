#include "app/gold_comparison.h"

#include <cstdio>

#include "base/byte_source.h"
#include "base/error.h"
#include "base/messages.h"

namespace weft {

GoldComparison::GoldComparison(const GoldLinks& gold)
    : gold_(gold), links_(read_pharaoh(gold.path, gold.first)) {}

void GoldComparison::add(const std::vector<Link>& links, const PairLength& words) {
  const std::string name = display_name(gold_.path);
  if (pairs_ >= links_.size()) {
    throw UserError(unequal_lines({name, static_cast<int64_t>(links_.size())},
                                  {"the text to align", std::nullopt}));
  }
  const auto gold = gold_.reversed ? reversed(links_[pairs_]) : links_[pairs_];
  check_bounds(gold, words, {name, static_cast<int>(pairs_) + 1});
  rate_.add(links, gold);
  ++pairs_;
}

void GoldComparison::require_as_many(std::size_t pairs) const {
  if (pairs == links_.size()) return;
  throw UserError(unequal_lines({"the text to align", static_cast<int64_t>(pairs)},
                                {display_name(gold_.path), static_cast<int64_t>(links_.size())}));
}

void GoldComparison::require_all_used() const { require_as_many(pairs_); }

std::string GoldComparison::summary() const {
  char text[200];
  const auto& counts = rate_.counts();
  std::snprintf(text, sizeof text,
                "AER %.4f  precision %.4f  recall %.4f  F1 %.4f  (%zu links, %zu sure gold links)",
                rate_.aer(), rate_.precision(), rate_.recall(), rate_.f1(), counts.hypothesis,
                counts.sure);
  return text;
}

}  // namespace weft
