#pragma once
// Options about files of links, which several commands share.

#include <CLI/CLI.hpp>
#include <array>

#include "app/gold_comparison.h"
#include "base/enum_names.h"
#include "base/words.h"

namespace weft {

constexpr auto enum_names(WordSplitting) {
  return std::array{EnumName{WordSplitting::kAuto, "auto"},
                    EnumName{WordSplitting::kWhitespace, "whitespace"}};
}

/// --gold, --gold-reversed and --gold-from-one. Returns the first of them.
CLI::Option* add_gold_options(CLI::App& command, GoldLinks& gold, bool& from_one);

}  // namespace weft
