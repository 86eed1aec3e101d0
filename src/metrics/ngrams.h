#pragma once
// Counting n-grams of words and of characters.

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace weft {

/// How often each n-gram of one order stands in a text. The keys are stretches of that text, which
/// must outlive the counts.
using NgramCounts = std::unordered_map<std::string_view, std::int64_t>;

/// Counts for the orders 1 to `max_order` (index order - 1) of words separated by single spaces.
std::vector<NgramCounts> count_word_ngrams(std::string_view text, std::size_t max_order);

/// The same of code points of valid UTF-8.
std::vector<NgramCounts> count_character_ngrams(std::string_view text, std::size_t max_order);

/// Sum of all counts.
std::int64_t total_count(const NgramCounts& counts);

/// Sum over the n-grams of `hypothesis` of min(its count, its count in `reference`).
std::int64_t matched_count(const NgramCounts& hypothesis, const NgramCounts& reference);

}  // namespace weft
