#include "text/word_vocabulary.h"

#include <algorithm>
#include <stdexcept>

#include "base/bad_lines.h"
#include "base/utf8.h"
#include "base/words.h"
#include "config/enum_names.h"
#include "text/control_characters.h"
#include "text/word_normalizer.h"

namespace weft {
namespace {

constexpr std::string_view kReserved[] = {"<pad>", "<unk>", "<s>", "</s>"};  // by id

constexpr std::string_view kHeading = "<normalization> ";
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

bool is_reserved(std::string_view word) {
  return std::find(std::begin(kReserved), std::end(kReserved), word) != std::end(kReserved);
}

/// Cuts the first line off `text`, without its end ("\n" or "\r\n").
std::string_view take_line(std::string_view& text) {
  const std::size_t end = std::min(text.find('\n'), text.size());
  std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

/// Throws BadLine unless `word` is one word.
void check_word(std::string_view word, const Location& location) {
  if (first_invalid_utf8(word))
    throw BadLine(location, "not valid UTF-8; expected a word list", "are not valid UTF-8");
  const std::vector<Span> tokens = split_whitespace(word);
  if (tokens.empty()) throw BadLine(location, "empty line; expected one word", "are empty");
  const auto second = tokens.size() == 2 ? word.substr(tokens[1].begin) : std::string_view();
  if (!second.empty() && second.find_first_not_of("0123456789") == std::string_view::npos)
    throw BadLine(location,
                  "'" + std::string(word) + "' is a word and a count; expected one word per line",
                  "are a word and a count");
  if (tokens.size() > 1 || tokens[0] != Span{0, word.size()}) {
    throw BadLine(location,
                  "'" + std::string(word) + "' holds whitespace; expected one word per line",
                  "hold whitespace");
  }
}

void remove_byte_order_mark(std::string_view& list) {
  if (list.starts_with(kByteOrderMark)) list.remove_prefix(kByteOrderMark.size());
}

std::string heading(WordNormalization normalization) {
  return std::string(kHeading) + to_name(normalization) + '\n';
}

/// Cuts the heading off a list that has one, and returns what it says.
WordNormalization take_heading(std::string_view& list, const std::string& name) {
  auto normalization = WordNormalization::kNone;
  if (!list.starts_with(kHeading)) return normalization;
  const std::string said(take_line(list).substr(kHeading.size()));
  if (from_name(said, normalization)) return normalization;
  std::string known;
  for (const auto& one : all_names<WordNormalization>()) known += (known.empty() ? "" : ", ") + one;
  throw UserError({name, 1}, "normalization '" + said + "'; expected one of " + known);
}

}  // namespace

WordVocabulary::WordVocabulary(std::string_view list, const std::string& name)
    : words_(std::begin(kReserved), std::end(kReserved)) {
  remove_byte_order_mark(list);
  normalization_ = take_heading(list, name);
  const bool has_heading = normalization_ != WordNormalization::kNone;
  if (has_heading) serialized_ = heading(normalization_);
  const int first = has_heading ? 2 : 1;
  // Blank lines at the end are no mistake.
  list = list.substr(0, list.find_last_not_of("\r\n") + 1);
  BadLines bad;
  for (int line = first; !list.empty(); ++line) {
    bad.passes([&, word = take_line(list)] {
      check_word(word, {name, line});
      const bool at_top = line < first + 4 && size() == kFirstOrdinaryId;
      if (is_reserved(word) && at_top && !ids_.contains(std::string(word))) {
        ids_.emplace(word, -1);  // only to notice it given twice
      } else {
        add(word, name, line);
      }
    });
  }
  Problems problems;
  bad.tell(problems);
  problems.throw_if_any();
  for (const std::string_view word : kReserved) ids_.erase(std::string(word));
  if (size() == kFirstOrdinaryId) throw UserError({name}, "no words; expected one word per line");
}

void WordVocabulary::add(std::string_view word, const std::string& name, int line) {
  const Location location{name, line};
  if (ids_.contains(std::string(word))) {
    throw BadLine(location, "duplicate word '" + std::string(word) + "'", "repeat a word");
  }
  if (is_reserved(word)) {
    throw BadLine(location,
                  "reserved token '" + std::string(word) +
                      "' below an ordinary word; expected at the top or not at all",
                  "are reserved tokens below an ordinary word");
  }
  ids_.emplace(word, static_cast<int32_t>(words_.size()));
  words_.emplace_back(word);
  serialized_ += word;
  serialized_ += '\n';
}

std::string_view WordVocabulary::piece(int64_t id) const {
  return words_.at(static_cast<std::size_t>(id));
}

EncodedLine WordVocabulary::encode(std::string_view line) const {
  if (first_invalid_utf8(line)) throw std::invalid_argument("encode: line is not valid UTF-8");
  EncodedLine encoded;
  encoded.spans = split_whitespace(line);
  for (const Span& span : encoded.spans) {
    std::string word(line.substr(span.begin, span.end - span.begin));
    const auto found = ids_.find(normalized_word(word, normalization_));
    const bool known = found != ids_.end();
    encoded.ids.push_back(known ? found->second : static_cast<int32_t>(kUnknownId));
    encoded.pieces.push_back(known ? found->first : std::move(word));
  }
  return encoded;
}

int64_t WordVocabulary::unreachable_words() const {
  return std::count_if(ids_.begin(), ids_.end(), [&](const auto& entry) {
    return normalized_word(entry.first, normalization_) != entry.first;
  });
}

std::string WordVocabulary::text_of(int64_t id) const {
  const bool silent = id == kPadId || id == kBeginId || id == kEndId;
  return silent ? "" : ' ' + std::string(piece(id));
}

DecodedLine WordVocabulary::decode(const std::vector<int32_t>& ids) const {
  DecodedLine decoded;
  for (const int32_t id : ids) {
    const std::string& word = words_.at(static_cast<std::size_t>(id));
    const bool silent = id == kPadId || id == kBeginId || id == kEndId;
    if (!silent && !decoded.text.empty()) decoded.text += ' ';
    const std::size_t begin = decoded.text.size();
    if (!silent) decoded.text += word;
    decoded.spans.push_back({begin, decoded.text.size()});
    decoded.pieces.push_back(word);
  }
  make_printable(decoded.text);
  return decoded;
}

std::vector<int32_t> WordVocabulary::unprintable_ids() const {
  std::vector<int32_t> ids;
  for (std::size_t id = 0; id < words_.size(); ++id) {
    if (has_control_character(words_[id])) ids.push_back(static_cast<int32_t>(id));
  }
  return ids;
}

std::string normalized_list(std::string list, WordNormalization normalization,
                            const std::string& name, const std::string& key) {
  if (normalization == WordNormalization::kNone) return list;
  std::string_view rest(list);
  remove_byte_order_mark(rest);
  if (!rest.starts_with(kHeading)) return heading(normalization) + std::string(rest);
  const auto said = take_heading(rest, name);
  if (said != normalization) {
    throw UserError({name, 1}, "is a list for words in the form " + to_name(said) + ", but " + key +
                                   " is " + to_name(normalization) +
                                   "; expected the same, or none");
  }
  return list;
}

}  // namespace weft
