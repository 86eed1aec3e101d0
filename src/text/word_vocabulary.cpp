#include "text/word_vocabulary.h"

#include <algorithm>
#include <stdexcept>

#include "base/error.h"
#include "base/utf8.h"
#include "base/words.h"
#include "text/control_characters.h"

namespace weft {
namespace {

constexpr std::string_view kReserved[] = {"<pad>", "<unk>", "<s>", "</s>"};  // by id

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

/// Throws UserError unless `word` is one word.
void check_word(std::string_view word, const Location& location) {
  if (first_invalid_utf8(word)) throw UserError(location, "not valid UTF-8; expected a word list");
  const std::vector<Span> tokens = split_whitespace(word);
  if (tokens.empty()) throw UserError(location, "empty line; expected one word");
  const auto second = tokens.size() == 2 ? word.substr(tokens[1].begin) : std::string_view();
  if (!second.empty() && second.find_first_not_of("0123456789") == std::string_view::npos)
    throw UserError(location, "'" + std::string(word) +
                                  "' is a word and a count; expected one word "
                                  "per line");
  if (tokens.size() > 1 || tokens[0] != Span{0, word.size()}) {
    throw UserError(location,
                    "'" + std::string(word) + "' holds whitespace; expected one word per line");
  }
}

}  // namespace

WordVocabulary::WordVocabulary(std::string_view list, const std::string& name)
    : words_(std::begin(kReserved), std::end(kReserved)) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (list.starts_with(kByteOrderMark)) list.remove_prefix(kByteOrderMark.size());
  // Blank lines at the end are no mistake.
  list = list.substr(0, list.find_last_not_of("\r\n") + 1);
  for (int line = 1; !list.empty(); ++line) {
    const std::string_view word = take_line(list);
    check_word(word, {name, line});
    const bool at_top = line <= 4 && size() == kFirstOrdinaryId;
    if (is_reserved(word) && at_top && !ids_.contains(std::string(word))) {
      ids_.emplace(word, -1);  // only to notice it given twice
    } else {
      add(word, name, line);
    }
  }
  for (const std::string_view word : kReserved) ids_.erase(std::string(word));
  if (size() == kFirstOrdinaryId) throw UserError({name}, "no words; expected one word per line");
}

void WordVocabulary::add(std::string_view word, const std::string& name, int line) {
  const Location location{name, line};
  if (ids_.contains(std::string(word))) {
    throw UserError(location, "duplicate word '" + std::string(word) + "'");
  }
  if (is_reserved(word)) {
    throw UserError(location, "reserved token '" + std::string(word) +
                                  "' below an ordinary word; expected at the top or not at all");
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
    const auto found = ids_.find(word);
    encoded.ids.push_back(found == ids_.end() ? static_cast<int32_t>(kUnknownId) : found->second);
    encoded.pieces.push_back(std::move(word));
  }
  return encoded;
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

}  // namespace weft
