#pragma once
// How an alignment moves, as far as no text has told it.

namespace weft {

/// Probabilities of what a target word does. The rest, 1 - nothing - detour, is a jump.
struct MoveOptions {
  /// p0: it comes from no source word, and the next word jumps from where the last one was.
  double nothing = 0.25;
  /// delta: it comes from any source word alike, and the next word jumps from where the last one
  /// was. A verb that another language puts last costs one detour, not a far jump to it and another
  /// back: dearer than nothing, these two would leave it without a link.
  double detour = 0.05;
  /// lambda: the part of the jumps that go to any position alike, whatever was counted (Och and Ney
  /// 2003, J03-1002, equation 38).
  double uniform_jumps = 0.1;
};

}  // namespace weft
