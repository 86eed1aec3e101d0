#pragma once
// How an alignment moves, as far as no text has told it.

#include <optional>

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

/// Those that are asked for; the others depend on how well the text's words are known. A text that
/// shows its words a few times each cannot tell a far move from a wrong link, and does better with
/// less freedom.
struct MoveChoice {
  std::optional<double> nothing, detour, uniform_jumps;

  /// For a text in which a word stands `occurrences` times on average. From nothing = 0.2 without
  /// detours and uniform jumps it goes to what MoveOptions has, half of it at 25 occurrences.
  MoveOptions for_text(double occurrences) const {
    constexpr double kHalf = 25.0, kLeastNothing = 0.2;
    const double square = occurrences * occurrences;
    const double known = square / (square + kHalf * kHalf);
    const MoveOptions most;
    return {.nothing = nothing.value_or(kLeastNothing + known * (most.nothing - kLeastNothing)),
            .detour = detour.value_or(known * most.detour),
            .uniform_jumps = uniform_jumps.value_or(known * most.uniform_jumps)};
  }
};

}  // namespace weft
