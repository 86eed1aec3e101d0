#pragma once
// What a value must satisfy beyond its type. The schema names a rule beside each field.

#include <limits>
#include <string>
#include <vector>

namespace weft {

/// An interval of numbers, open or closed at each end.
struct Range {
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();
  bool low_open = false;
  bool high_open = false;
  std::string noun = {};  ///< "a probability"; empty: "an integer" or "a number"

  bool contains(double value) const;
  /// ">= 1", "> 0", "in [0, 1)"; empty when every number is allowed.
  std::string text() const;
};

inline Range at_least(double low) { return {.low = low}; }
inline Range above(double low) { return {.low = low, .low_open = true}; }
inline Range within(double low, double high) { return {.low = low, .high = high}; }
inline Range above_up_to(double low, double high) {
  return {.low = low, .high = high, .low_open = true};
}
inline Range from_below(double low, double high) {
  return {.low = low, .high = high, .high_open = true};
}
/// The width of a layer: beyond this no machine of today holds the matrices.
inline Range units() { return within(1, 1 << 16); }
/// Entries of a vocabulary: beyond this no list of words and no machine's matrices go.
inline Range vocabulary_entries() { return within(8, 1 << 24); }
/// A count that products with the other sizes of a run must not carry beyond 64 bits.
inline Range count_from(double low) { return within(low, 2147483647); }
/// A probability in [0, 1): at 1 nothing would be left.
inline Range probability() {
  return {.low = 0, .high = 1, .high_open = true, .noun = "a probability"};
}

/// The texts a string field may hold.
struct Choices {
  std::vector<std::string> names;
};

/// Any value of the type.
struct Anything {};

}  // namespace weft
