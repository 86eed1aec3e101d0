#include "app/gold_comparison.h"

#include <cstdio>

#include "base/byte_source.h"
#include "base/error.h"
#include "base/messages.h"

namespace weft {

GoldComparison::GoldComparison(const GoldLinks& gold)
    : gold_(gold), links_(read_pharaoh(gold.path, gold.first)) {}

void GoldComparison::add(const AlignmentMatrix& matrix, const PairLength& words,
                         const RenderOptions& options) {
  const std::string name = display_name(gold_.path);
  if (pairs_ >= links_.size()) {
    throw UserError(unequal_lines({name, static_cast<int64_t>(links_.size())},
                                  {"the text to align", std::nullopt}));
  }
  const auto gold = gold_.reversed ? reversed(links_[pairs_]) : links_[pairs_];
  check_bounds(gold, words, {name, static_cast<int>(pairs_) + 1});
  rate_.add(matrix.rows() == 0 ? std::vector<Link>{} : select_links(matrix, options), gold);
  ++pairs_;
}

void GoldComparison::require_all_used() const {
  if (pairs_ == links_.size()) return;
  throw UserError(unequal_lines({"the text to align", static_cast<int64_t>(pairs_)},
                                {display_name(gold_.path), static_cast<int64_t>(links_.size())}));
}

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
