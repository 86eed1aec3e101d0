#pragma once
// The translation that the others agree with most.

#include <array>
#include <map>
#include <string>

#include "base/enum_names.h"
#include "metrics/metric_tokenizer.h"
#include "search/translator.h"

namespace weft {

/// What measures how alike two translations are, sentence by sentence.
enum class Utility { kNone, kBleu, kChrf };

constexpr auto enum_names(Utility) {
  return std::array{EnumName{Utility::kNone, "none"}, EnumName{Utility::kBleu, "bleu"},
                    EnumName{Utility::kChrf, "chrf"}};
}

/// How much a translation counts as a reference.
enum class Evidence {
  kEqual,        ///< alike, as samples do; one that came several times counts as often
  kProbability,  ///< by its probability, as those of a beam do
};

/// The translation of the greatest expected utility: `evidence` has what each counts as a
/// reference.
std::string least_risk(const std::map<std::string, double>& evidence, Utility utility,
                       MetricTokenizer tokenizer);

/// Orders the translations of a line by their expected utility, each of them, itself included,
/// being the reference in turn, which becomes their score (Kumar & Byrne 2004, N04-1022; over
/// samples: Eikema & Aziz 2020, arXiv:2005.10283). Of equal ones the first stays first. `utility`
/// is not kNone.
void order_by_risk(TranslatedLine& line, Utility utility, MetricTokenizer tokenizer,
                   Evidence evidence);

}  // namespace weft
