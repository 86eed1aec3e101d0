#include "base/progress.h"

#include <unistd.h>

#include <algorithm>
#include <utility>

#include "base/display_width.h"
#include "base/terminal.h"

namespace weft {

namespace {

std::string bar(double fraction, std::size_t columns) {
  const auto filled = static_cast<std::size_t>(fraction * static_cast<double>(columns));
  return std::string("[").append(filled, '=').append(columns - filled, ' ').append("]");
}

double seconds(std::chrono::steady_clock::duration duration) {
  return std::chrono::duration<double>(duration).count();
}

}  // namespace

ProgressBar::ProgressBar(ProgressOptions options)
    : options_(std::move(options)),
      terminal_(options_.terminal.value_or(::isatty(::fileno(options_.stream)) == 1)),
      start_(Clock::now()),
      last_drawn_(start_) {}

ProgressBar::~ProgressBar() {
  if (!terminal_ || finished_ || !drawn_) return;
  std::fputs("\r\x1b[K", options_.stream);
  std::fflush(options_.stream);
}

void ProgressBar::update(std::int64_t done, const std::string& suffix) {
  done_ = done;
  if (finished_ || (!terminal_ && !options_.plain_lines)) return;
  const double interval =
      terminal_ ? options_.redraw_interval_seconds : options_.line_interval_seconds;
  const Clock::time_point now = Clock::now();
  if (seconds(now - start_) < options_.patience_seconds) return;
  // A bar appears at once; the first plain line comes when there is something to tell.
  const bool first_bar = terminal_ && !drawn_;
  if (!first_bar && seconds(now - last_drawn_) < interval) return;
  last_drawn_ = now;
  draw(suffix);
}

void ProgressBar::finish(const std::string& suffix) {
  if (finished_ || (!terminal_ && !options_.plain_lines)) return;
  draw(suffix);
  if (terminal_) std::fputc('\n', options_.stream);
  std::fflush(options_.stream);
  finished_ = true;
}

void ProgressBar::draw(const std::string& suffix) {
  drawn_ = true;
  if (terminal_) {
    constexpr std::size_t kBarColumns = 20;
    // One column less: a line that fills the terminal would wrap, and could not be redrawn.
    const std::size_t columns = terminal_columns(::fileno(options_.stream)) - 1;
    const std::string text = truncate_to_width(line(suffix, kBarColumns), columns);
    std::fprintf(options_.stream, "\r%s\x1b[K", text.c_str());
  } else {
    std::fprintf(options_.stream, "%s\n", line(suffix, 0).c_str());
  }
  std::fflush(options_.stream);
}

std::string ProgressBar::line(const std::string& suffix, std::size_t bar_columns) const {
  std::string text = options_.label + " " + std::to_string(done_);
  const double elapsed = seconds(Clock::now() - start_);
  if (options_.total > 0) {
    const double fraction =
        std::clamp(static_cast<double>(done_) / static_cast<double>(options_.total), 0.0, 1.0);
    text.append("/").append(std::to_string(options_.total));
    if (bar_columns > 0) text.append(" ").append(bar(fraction, bar_columns));
    text.append(" ").append(std::to_string(static_cast<int>(100.0 * fraction))).append("%");
    if (done_ > 0 && done_ < options_.total) {
      text.append("  ").append(format_duration(elapsed / fraction - elapsed)).append(" left");
    }
  }
  if (done_ >= options_.total) text.append("  ").append(format_duration(elapsed));
  if (!options_.unit.empty() && elapsed > 0) {
    char rate[40];
    std::snprintf(rate, sizeof rate, "  %.3g ", static_cast<double>(done_) / elapsed);
    text.append(rate).append(options_.unit).append("/s");
  }
  return suffix.empty() ? text : text + "  " + suffix;
}

std::string format_duration(double seconds) {
  const auto total = static_cast<std::int64_t>(std::max(0.0, seconds));
  char text[32];
  if (total >= 3600) {
    std::snprintf(text, sizeof(text), "%lld:%02lld:%02lld", static_cast<long long>(total / 3600),
                  static_cast<long long>(total / 60 % 60), static_cast<long long>(total % 60));
  } else {
    std::snprintf(text, sizeof(text), "%lld:%02lld", static_cast<long long>(total / 60),
                  static_cast<long long>(total % 60));
  }
  return text;
}

}  // namespace weft
