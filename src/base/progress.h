#pragma once
// How far a long piece of work has come: a bar on a terminal, plain lines elsewhere.

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>

namespace weft {

/// Work that is done by then needs no bar.
inline constexpr double kBarPatienceSeconds = 2;

struct ProgressOptions {
  std::string label;                     ///< what is under way: "train", "epoch 3"
  std::int64_t total = 0;                ///< units of work in all; 0: not known
  std::string unit = {};                 ///< "lines": how many a second is told
  double patience_seconds = 0;           ///< before which nothing is drawn
  bool plain_lines = true;               ///< where there is no terminal; false: nothing there
  double line_interval_seconds = 30.0;   ///< between two plain lines, at least
  double redraw_interval_seconds = 0.1;  ///< between two drawings of the bar, at least
  std::FILE* stream = stderr;
  std::optional<bool> terminal = std::nullopt;  ///< whether `stream` is one; nothing: find out
};

/// Draws what is passed to update(). Not for several threads at once.
class ProgressBar {
 public:
  explicit ProgressBar(ProgressOptions options);
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;
  /// Wipes a bar that was not finished, so that what follows starts on a clean line.
  ~ProgressBar();

  /// `done` units of work are done; `suffix` is shown behind them ("loss 3.21  5.1k words/s"). The
  /// time left is worked out here if the total is known. Cheap when it is too early to draw.
  void update(std::int64_t done, const std::string& suffix = "");
  /// Draws the last state whatever the time and ends the line. Once; later calls do nothing.
  void finish(const std::string& suffix = "");

 private:
  using Clock = std::chrono::steady_clock;

  void draw(const std::string& suffix);
  std::string line(const std::string& suffix, std::size_t bar_columns) const;

  ProgressOptions options_;
  bool terminal_;
  bool drawn_ = false;
  bool finished_ = false;
  std::int64_t done_ = 0;
  Clock::time_point start_;
  Clock::time_point last_drawn_;
};

/// "0:07", "12:34", "1:02:03"; fractions of a second are dropped.
std::string format_duration(double seconds);

}  // namespace weft
