#pragma once
// One set of links from those of two directions.

#include <array>
#include <vector>

#include "align/links.h"
#include "base/enum_names.h"

namespace weft {

/// Och and Ney 2003, A Systematic Comparison of Various Statistical Alignment Models (J03-1002),
/// section 4; Koehn, Och and Marcu 2003, Statistical Phrase-Based Translation (N03-1017), for the
/// last two.
enum class Symmetrization {
  kIntersection,      ///< links that both have
  kUnion,             ///< links that one of them has
  kGrowDiag,          ///< the intersection, and from the union what touches a link and links a word
                      ///< that has none
  kGrowDiagFinal,     ///< further, links of either that link a word that has none on one side
  kGrowDiagFinalAnd,  ///< further, links of either that link two words that have none
};

constexpr auto enum_names(Symmetrization) {
  return std::array{EnumName{Symmetrization::kIntersection, "intersection"},
                    EnumName{Symmetrization::kUnion, "union"},
                    EnumName{Symmetrization::kGrowDiag, "grow-diag"},
                    EnumName{Symmetrization::kGrowDiagFinal, "grow-diag-final"},
                    EnumName{Symmetrization::kGrowDiagFinalAnd, "grow-diag-final-and"}};
}

/// `forward`: what a model of the target given the source links; `backward`: the other. Both as
/// source-target, in any order. Returns as_set() of sure links.
std::vector<Link> symmetrize(const std::vector<Link>& forward, const std::vector<Link>& backward,
                             Symmetrization method);

}  // namespace weft
