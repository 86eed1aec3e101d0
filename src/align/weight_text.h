#pragma once
// Attention weights as text.

#include <string>

namespace weft {

/// `weight` with at most six significant digits, whatever the locale: "1", "0.25", "8.57848e-05". A
/// written row sums to what it was within one part in a million.
std::string weight_text(float weight);

}  // namespace weft
