#include "text/word_vectors.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include "base/line_reader.h"

namespace weft {
namespace {

constexpr std::string_view kSpaces = " \t";

std::vector<std::string_view> split_fields(std::string_view line) {
  std::vector<std::string_view> fields;
  std::size_t begin = line.find_first_not_of(kSpaces);
  while (begin != std::string_view::npos) {
    const std::size_t end = std::min(line.find_first_of(kSpaces, begin), line.size());
    fields.push_back(line.substr(begin, end - begin));
    begin = line.find_first_not_of(kSpaces, end);
  }
  return fields;
}

/// The whole of `field`, or nothing.
template <class Number>
std::optional<Number> parse(std::string_view field) {
  if (field.starts_with('+')) field.remove_prefix(1);
  Number number{};
  const char* end = field.data() + field.size();
  const auto [stop, error] = std::from_chars(field.data(), end, number);
  if (error != std::errc() || stop != end) return std::nullopt;
  return number;
}

/// As float32; what is too small for it is 0.
std::optional<float> parse_finite(std::string_view field) {
  const auto number = parse<double>(field);
  if (!number || !(std::abs(*number) <= std::numeric_limits<float>::max())) return std::nullopt;
  return static_cast<float>(*number);
}

/// Goes through a file's vectors line by line.
class VectorLines {
 public:
  explicit VectorLines(const WordVectorFile& file) : file_(file), reader_(file.path) {}

  /// The next line; false at the end.
  bool next() {
    if (!reader_.next_bytes(line_)) return false;
    fields_ = split_fields(line_);
    if (reader_.line_number() == 1 && is_header()) return next();
    ++lines_;
    return true;
  }

  /// "" if the line has a word and as many numbers as a vector, else what it has.
  std::string problem() const {
    if (fields_.empty()) return "is blank";
    const auto numbers = static_cast<int64_t>(fields_.size()) - 1;
    bool fits = numbers >= file_.width;
    // More fields than that are a word with spaces, if they are no numbers.
    for (std::size_t i = 1; fits && i < word_fields(); ++i) fits = !parse<double>(fields_[i]);
    return fits ? "" : "has " + std::to_string(numbers) + " numbers";
  }

  /// What stands before the numbers of a line without a problem. A word of GloVe may have spaces in
  /// it; no vocabulary has.
  std::string_view word() const { return word_fields() == 1 ? fields_[0] : std::string_view(); }

  /// Adds the numbers of such a line; returns "", or what is wrong with one and adds none.
  std::string append_numbers(std::vector<float>& values) const {
    const std::size_t before = values.size();
    for (std::size_t i = word_fields(); i < fields_.size(); ++i) {
      const auto number = parse_finite(fields_[i]);
      if (!number) {
        values.resize(before);
        return "has '" + std::string(fields_[i].substr(0, 40)) + "' as number " +
               std::to_string(i - word_fields() + 1) + " of '" + std::string(word()) + "'";
      }
      values.push_back(*number);
    }
    return "";
  }

  /// Refuses a file whose vectors are of another width.
  [[noreturn]] void refuse_width(const Location& location, int64_t numbers) const {
    throw UserError(location, "vectors of " + std::to_string(numbers) + " numbers; expected " +
                                  std::to_string(file_.width) + ", which is " + file_.width_key);
  }
  int64_t numbers() const { return static_cast<int64_t>(fields_.size()) - 1; }
  Location location() const { return reader_.location(); }
  int64_t announced() const { return announced_; }
  int64_t lines() const { return lines_; }

 private:
  std::size_t word_fields() const { return fields_.size() - static_cast<std::size_t>(file_.width); }

  bool is_header() {
    if (fields_.size() != 2) return false;
    const auto count = parse<int64_t>(fields_[0]), width = parse<int64_t>(fields_[1]);
    if (!count || !width) return false;
    announced_ = *count;
    if (*width != file_.width) refuse_width(location(), *width);
    return true;
  }

  const WordVectorFile& file_;
  LineReader reader_;
  std::string line_;
  std::vector<std::string_view> fields_;
  int64_t announced_ = 0;
  int64_t lines_ = 0;
};

/// The first line that is no vector of the width, until one is.
class WidthCheck {
 public:
  void see(const VectorLines& lines, bool fits) {
    fits_ = fits_ || fits;
    if (fits || numbers_ >= 0 || lines.numbers() < 0) return;
    numbers_ = lines.numbers();
    location_ = lines.location();
  }
  /// Throws if there were lines and none fits.
  void finish(const VectorLines& lines) const {
    if (!fits_ && numbers_ >= 0) lines.refuse_width(location_, numbers_);
  }
  bool fits() const { return fits_; }

 private:
  bool fits_ = false;
  int64_t numbers_ = -1;
  Location location_;
};

void count_line(PassedLines& passed, const Location& location, const std::string& problem) {
  if (passed.count++ > 0) return;
  passed.first = location;
  passed.problem = problem;
}

}  // namespace

WordVectors read_word_vectors(const WordVectorFile& file, const Vocabulary& vocabulary) {
  std::unordered_map<std::string_view, int64_t> ids;
  for (int64_t id = 0; id < vocabulary.size(); ++id) ids.emplace(vocabulary.piece(id), id);
  std::unordered_set<int64_t> found;
  WordVectors vectors;
  VectorLines lines(file);
  WidthCheck width;
  while (lines.next()) {
    std::string problem = lines.problem();
    width.see(lines, problem.empty());
    const auto piece = problem.empty() ? ids.find(lines.word()) : ids.end();
    if (piece != ids.end()) {
      if (found.contains(piece->second)) {
        count_line(vectors.repeated, lines.location(), "");
        continue;
      }
      problem = lines.append_numbers(vectors.values);
      if (problem.empty()) {
        found.insert(piece->second);
        vectors.ids.push_back(piece->second);
      }
    }
    if (!problem.empty()) count_line(vectors.unreadable, lines.location(), problem);
  }
  width.finish(lines);
  if (vectors.ids.empty()) {
    throw UserError({file.path}, "has a vector for none of the vocabulary's " +
                                     std::to_string(vocabulary.size()) + " pieces");
  }
  vectors.announced = lines.announced();
  vectors.lines = lines.lines();
  return vectors;
}

void check_word_vectors(const WordVectorFile& file) {
  constexpr int kLines = 100;
  VectorLines lines(file);
  WidthCheck width;
  for (int i = 0; i < kLines && !width.fits() && lines.next(); ++i)
    width.see(lines, lines.problem().empty());
  width.finish(lines);
}

}  // namespace weft
