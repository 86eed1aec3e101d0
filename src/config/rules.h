#pragma once
// What a value must satisfy beyond its type. The schema names a rule beside each field.

#include <string>
#include <vector>

#include "base/range.h"

namespace weft {

/// The width of a layer: beyond this no machine of today holds the matrices.
inline Range units(double low = 1) { return within(low, 1 << 16); }
/// Entries of a vocabulary: beyond this no list of words and no machine's matrices go.
inline Range vocabulary_entries() { return within(8, 1 << 24); }
/// A count that products with the other sizes of a run must not carry beyond 64 bits.
inline Range count_from(double low) { return within(low, 2147483647); }
/// What is computed together: beyond this no machine of today holds it.
inline Range batch_size() { return within(1, 1 << 20); }
/// Hypotheses of a beam, or of a list of the best.
inline Range hypotheses(double low = 1) { return within(low, 1000); }
/// A seed that every reader of JSON and YAML keeps.
inline Range random_seed() { return within(0, 9007199254740991); }
/// A step size: beyond this weights leave float32 within a few updates.
inline Range step_size() { return above_up_to(0, 1000); }
/// A weight of one term beside another of weight 1.
inline Range term_weight() { return within(0, 1000); }
/// An exponent of lengths, whose powers stay finite.
inline Range length_exponent() { return within(0, 10); }
/// Seconds, some thirty years of them.
inline Range seconds() { return within(0, 1'000'000'000); }
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
/// A list of choices that may have none.
struct MayBeEmpty {};
/// A list of texts that are no paths.
struct TextList {
  const char* expected;         ///< "a pattern or a list of patterns"
  bool may_hold_empty = false;  ///< "" may be among them
};

}  // namespace weft
