#pragma once
// How BLEU cuts a line into tokens before it counts: the rules of sacreBLEU (Post 2018,
// arXiv:1804.08771), so that scores can be compared with published ones.

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "base/enum_names.h"

namespace weft {

enum class MetricTokenizer {
  k13a,   ///< mteval-v13a, the default of WMT
  kZh,    ///< every Chinese character alone, the rest as mteval does
  kNone,  ///< spaces alone, for text that is tokenised already
};

/// As in a signature.
constexpr auto enum_names(MetricTokenizer) {
  return std::array{EnumName{MetricTokenizer::k13a, "13a"}, EnumName{MetricTokenizer::kZh, "zh"},
                    EnumName{MetricTokenizer::kNone, "none"}};
}

/// The tokens of one line of valid UTF-8 (no "\n" inside), joined by single spaces.
std::string tokenize_for_metric(std::string_view line, MetricTokenizer tokenizer);

/// The parts of `text` between whitespace, taking for whitespace what Python's str.split() does,
/// which is what sacreBLEU was written with.
std::vector<std::string_view> split_at_whitespace(std::string_view text);

/// Full Unicode lower-casing, of no language in particular.
std::string lowercase(std::string_view text);

}  // namespace weft
