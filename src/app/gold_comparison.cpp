#include "app/gold_comparison.h"

#include <cstdio>

#include "base/byte_source.h"
#include "base/error.h"
#include "base/messages.h"

namespace weft {

GoldComparison::GoldComparison(const GoldLinks& gold)
    : gold_(gold), links_(read_pharaoh(gold.path, gold.first)) {}

std::vector<Link> GoldComparison::gold_links(std::size_t k) const {
  return gold_.reversed ? reversed(links_[k]) : links_[k];
}

void GoldComparison::check(std::size_t k, const PairLength& words) const {
  check_bounds(gold_links(k), words, {display_name(gold_.path), static_cast<int>(k) + 1});
}

void GoldComparison::add(const std::vector<Link>& links, const PairLength& words) {
  if (pairs_ >= links_.size()) {
    throw UserError(unequal_lines({display_name(gold_.path), static_cast<int64_t>(links_.size())},
                                  {"the text to align", std::nullopt}));
  }
  check(pairs_, words);
  rate_.add(links, gold_links(pairs_));
  ++pairs_;
}

void GoldComparison::require_as_many(std::size_t pairs) const {
  if (pairs == links_.size()) return;
  throw UserError(unequal_lines({"the text to align", static_cast<int64_t>(pairs)},
                                {display_name(gold_.path), static_cast<int64_t>(links_.size())}));
}

void GoldComparison::require_all_used() const { require_as_many(pairs_); }

std::string error_rate_text(const AlignmentErrorRate& rate) {
  char text[200];
  const auto& counts = rate.counts();
  std::snprintf(text, sizeof text,
                "AER %.4f  precision %.4f  recall %.4f  F1 %.4f  (%zu links, %zu sure gold links)",
                rate.aer(), rate.precision(), rate.recall(), rate.f1(), counts.hypothesis,
                counts.sure);
  return text;
}

}  // namespace weft
