#pragma once
// Numbers that somebody may give.

#include <string>

namespace weft {

/// An interval of numbers, open or closed at each end. Every number of a config
/// and of a command line has one: what is beyond it would overflow, exhaust the memory, or never
/// end.
struct Range {
  double low;
  double high;
  bool low_open = false;
  bool high_open = false;
  std::string noun = {};  ///< "a probability"; empty: "an integer" or "a number"

  bool contains(double value) const;
  /// "in [0, 1)".
  std::string text() const;
};

inline Range within(double low, double high) { return {.low = low, .high = high}; }
inline Range above_up_to(double low, double high) {
  return {.low = low, .high = high, .low_open = true};
}
inline Range from_below(double low, double high) {
  return {.low = low, .high = high, .high_open = true};
}
/// Threads; 0: as many as there are cores.
inline Range thread_count() { return within(0, 1024); }

}  // namespace weft
