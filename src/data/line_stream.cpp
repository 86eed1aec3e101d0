#include "data/line_stream.h"

#include <algorithm>
#include <stdexcept>

namespace weft {

void LinePlaces::begin_file(const std::string& file, int64_t lines_before) {
  starts_.push_back({file, lines_before});
}

Location LinePlaces::operator[](int64_t line) const {
  const auto after =
      std::partition_point(starts_.begin(), starts_.end(),
                           [line](const Start& start) { return start.lines_before < line; });
  if (after == starts_.begin()) throw std::out_of_range("LinePlaces: no such line");
  const Start& start = *std::prev(after);
  return {start.file, static_cast<int>(line - start.lines_before)};
}

std::vector<int64_t> LinePlaces::lines_before() const {
  std::vector<int64_t> before;
  for (const Start& start : starts_) before.push_back(start.lines_before);
  return before;
}

bool LineStream::read(std::string& line) {
  try {
    return reader_ && reader_->next(line);
  } catch (const BadLine&) {
    ++count_;
    throw;
  }
}

bool LineStream::next(std::string& line) {
  while (!read(line)) {
    if (stamps_) stamps_->require_unchanged();
    stamps_.reset();
    if (next_file_ == files_.size()) return false;
    stamps_.emplace(std::vector{files_[next_file_].path});
    reader_.emplace(files_[next_file_++]);
    places_.begin_file(reader_->name(), count_);
  }
  ++count_;
  return true;
}

int64_t LineStream::count_to_end() {
  std::string line;
  while (next(line)) continue;
  return count_;
}

std::string LineStream::names() const {
  std::string names;
  for (const TextColumn& file : files_) {
    names += (names.empty() ? "" : " + ") + display_name(file.path);
  }
  return names;
}

}  // namespace weft
