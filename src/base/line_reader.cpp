#include "base/line_reader.h"

#include <cstring>
#include <optional>

#include "base/utf8.h"

namespace weft {

namespace {

constexpr std::size_t kBufferBytes = 1 << 16;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::size_t kMostLineMegabytes = 16;
constexpr std::size_t kMostLineBytes = kMostLineMegabytes << 20;

/// What a line that is not UTF-8 seems to be instead, to be added to a message.
std::string likely_content(std::string_view line, bool is_first) {
  if (is_first && (line.starts_with("\xFF\xFE") || line.starts_with("\xFE\xFF")))
    return "; the file begins as UTF-16 does (iconv -f UTF-16 -t UTF-8 converts it)";
  if (line.find('\0') != std::string_view::npos) return "; this looks like binary data, not text";
  return "";
}

[[noreturn]] void throw_too_long(const Location& where) {
  throw UserError(where, "a line of more than " + std::to_string(kMostLineMegabytes) +
                             " MiB; expected a sentence on each line");
}

}  // namespace

LineReader::LineReader(const std::string& path)
    : name_(display_name(path)), source_(open_byte_source(path)), buffer_(kBufferBytes) {}

bool LineReader::next(std::string& line) {
  if (!next_bytes(line)) return false;
  check_utf8(line);
  return true;
}

bool LineReader::next_bytes(std::string& line) {
  line.clear();
  bool any = false;
  bool ended = false;
  while (!ended && (begin_ < end_ || fill())) {
    any = true;
    const char* start = buffer_.data() + begin_;
    const void* newline = std::memchr(start, '\n', end_ - begin_);
    ended = newline != nullptr;
    const std::size_t length =
        ended ? static_cast<std::size_t>(static_cast<const char*>(newline) - start) : end_ - begin_;
    line.append(start, length);
    begin_ += length + (ended ? 1 : 0);
    if (line.size() > kMostLineBytes) throw_too_long({name_, line_number_ + 1});
  }
  if (!any) return false;
  ++line_number_;
  if (line_number_ == 1 && line.starts_with(kByteOrderMark)) line.erase(0, kByteOrderMark.size());
  if (line.ends_with('\r')) line.pop_back();
  return true;
}

bool LineReader::fill() {
  begin_ = 0;
  end_ = source_->read(buffer_.data(), buffer_.size());
  return end_ > 0;
}

void LineReader::check_utf8(std::string_view line) const {
  const std::optional<std::size_t> invalid = first_invalid_utf8(line);
  if (!invalid) return;
  const std::size_t column = count_code_points(line.substr(0, *invalid)) + 1;
  throw BadLine(location(),
                "not valid UTF-8 (byte " + hex_byte(line[*invalid]) + " at column " +
                    std::to_string(column) + ")" + likely_content(line, line_number_ == 1),
                "are not valid UTF-8");
}

std::vector<std::string> read_lines(const std::string& path) {
  LineReader reader(path);
  std::vector<std::string> lines;
  for (std::string line; reader.next(line);) lines.push_back(line);
  return lines;
}

}  // namespace weft
