#include "data/line_stream.h"

namespace weft {

bool LineStream::next(std::string& line) {
  while (!reader_ || !reader_->next(line)) {
    if (next_file_ == files_.size()) return false;
    reader_.emplace(files_[next_file_++]);
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
  for (const std::string& file : files_) {
    names += (names.empty() ? "" : " + ") + display_name(file);
  }
  return names;
}

}  // namespace weft
