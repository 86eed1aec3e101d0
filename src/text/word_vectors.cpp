#include "text/word_vectors.h"

#include <algorithm>
#include <charconv>
#include <cmath>
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
  Number number{};
  const char* end = field.data() + field.size();
  const auto [stop, error] = std::from_chars(field.data(), end, number);
  if (error != std::errc() || stop != end) return std::nullopt;
  return number;
}

/// Goes through a file's vectors line by line.
class VectorLines {
 public:
  explicit VectorLines(const WordVectorFile& file) : file_(file), reader_(file.path) {}

  /// The next line with a vector; false at the end.
  bool next() {
    if (!reader_.next(line_)) return finish();
    fields_ = split_fields(line_);
    if (reader_.line_number() == 1 && fields_.size() == 2) {
      const auto count = parse<int64_t>(fields_[0]), width = parse<int64_t>(fields_[1]);
      if (count && width) {
        header_count_ = *count;
        require_numbers(*width);
        return next();
      }
    }
    ++lines_;
    check_fields();
    return true;
  }

  /// What stands before the numbers. A word of GloVe may have spaces in it; no vocabulary has.
  std::string_view word() const { return word_fields() == 1 ? fields_[0] : std::string_view(); }

  void append_numbers(std::vector<float>& values) const {
    for (std::size_t i = word_fields(); i < fields_.size(); ++i) {
      const auto number = parse<float>(fields_[i]);
      if (!number || !std::isfinite(*number)) {
        throw UserError(location(), "'" + std::string(fields_[i]) + "', number " +
                                        std::to_string(i - word_fields() + 1) + " of '" +
                                        std::string(word()) + "'; expected a finite number");
      }
      values.push_back(*number);
    }
  }

  Location location() const { return reader_.location(); }

 private:
  std::size_t word_fields() const { return fields_.size() - static_cast<std::size_t>(file_.width); }

  void require_numbers(int64_t numbers) const {
    if (numbers == file_.width) return;
    throw UserError(location(), "vectors of " + std::to_string(numbers) + " numbers; expected " +
                                    std::to_string(file_.width) + ", which is " + file_.width_key);
  }

  void check_fields() const {
    if (fields_.empty()) throw UserError(location(), "is blank; expected a word and its vector");
    const auto numbers = static_cast<int64_t>(fields_.size()) - 1;
    bool fits = numbers >= file_.width;
    // More fields than that are a word with spaces, if they are no numbers.
    for (std::size_t i = 1; fits && i < word_fields(); ++i)
      fits = lines_ > 1 && !parse<float>(fields_[i]);
    if (!fits) require_numbers(numbers);
  }

  bool finish() const {
    if (header_count_ && *header_count_ != lines_) {
      throw UserError({file_.path, 1}, "says that there are " + std::to_string(*header_count_) +
                                           " vectors, but the file has " + std::to_string(lines_));
    }
    return false;
  }

  const WordVectorFile& file_;
  LineReader reader_;
  std::string line_;
  std::vector<std::string_view> fields_;
  std::optional<int64_t> header_count_;
  int64_t lines_ = 0;
};

}  // namespace

WordVectors read_word_vectors(const WordVectorFile& file, const Vocabulary& vocabulary) {
  std::unordered_map<std::string_view, int64_t> ids;
  for (int64_t id = 0; id < vocabulary.size(); ++id) ids.emplace(vocabulary.piece(id), id);
  std::unordered_set<int64_t> found;
  WordVectors vectors;
  VectorLines lines(file);
  while (lines.next()) {
    const auto piece = ids.find(lines.word());
    if (piece == ids.end()) continue;
    if (!found.insert(piece->second).second) {
      if (vectors.repeated++ == 0) vectors.first_repeated = lines.location();
      continue;
    }
    vectors.ids.push_back(piece->second);
    lines.append_numbers(vectors.values);
  }
  if (vectors.ids.empty()) {
    throw UserError({file.path}, "has a vector for none of the vocabulary's " +
                                     std::to_string(vocabulary.size()) + " pieces");
  }
  return vectors;
}

void check_word_vectors(const WordVectorFile& file) { VectorLines(file).next(); }

}  // namespace weft
