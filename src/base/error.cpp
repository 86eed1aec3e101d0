#include "base/error.h"

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <utility>

namespace weft {

namespace {

std::string with_location(const Location& location, const std::string& message) {
  return location.file.empty() ? message : to_string(location) + ": " + message;
}

// Insertions, deletions, substitutions, and exchanges of two neighbours (the commonest slip of the
// fingers) cost 1 each: the "optimal string alignment" distance.
std::size_t edit_distance(const std::string& a, const std::string& b) {
  std::vector<std::size_t> before_last(b.size() + 1);
  std::vector<std::size_t> last(b.size() + 1);
  std::vector<std::size_t> current(b.size() + 1);
  std::iota(last.begin(), last.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    current[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t substitution = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      current[j] = std::min({last[j] + 1, current[j - 1] + 1, substitution});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        current[j] = std::min(current[j], before_last[j - 2] + 1);
      }
    }
    std::swap(before_last, last);
    std::swap(last, current);
  }
  return last[b.size()];
}

}  // namespace

std::string to_string(const Location& location) {
  std::string text = location.file;
  if (location.line > 0) text.append(":").append(std::to_string(location.line));
  if (location.line > 0 && location.column > 0) {
    text.append(":").append(std::to_string(location.column));
  }
  return text;
}

UserError::UserError(const std::string& message) : std::runtime_error(message) {}

UserError::UserError(const Location& location, const std::string& message)
    : std::runtime_error(with_location(location, message)) {}

void Problems::add(const Location& location, const std::string& message) {
  add(with_location(location, message));
}

void Problems::add(const std::string& message) {
  if (std::find(messages_.begin(), messages_.end(), message) == messages_.end())
    messages_.push_back(message);
}

void Problems::throw_if_any() const {
  if (messages_.empty()) return;
  std::string all = messages_.front();
  for (std::size_t i = 1; i < messages_.size(); ++i) all += "\n" + messages_[i];
  throw UserError(all);
}

std::string nearest_name(const std::string& name, const std::vector<std::string>& candidates) {
  std::string nearest;
  std::size_t nearest_distance = 0;
  for (const std::string& candidate : candidates) {
    const std::size_t distance = edit_distance(name, candidate);
    const std::size_t limit = std::max<std::size_t>(1, std::max(name.size(), candidate.size()) / 3);
    if (distance <= limit && (nearest.empty() || distance < nearest_distance)) {
      nearest = candidate;
      nearest_distance = distance;
    }
  }
  return nearest;
}

}  // namespace weft
