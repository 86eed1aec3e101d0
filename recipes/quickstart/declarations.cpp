#include "quickstart/declarations.h"

#include <filesystem>
#include <utility>

#include "base/line_reader.h"

namespace weft::quickstart {
namespace {

std::vector<std::string> split(const std::string& line, char separator) {
  std::vector<std::string> parts;
  std::string part;
  for (const char c : line + separator) {
    if (c != separator) {
      part += c;
    } else if (!part.empty()) {
      parts.push_back(std::exchange(part, ""));
    }
  }
  return parts;
}

// The tokens of a line, without its comment.
std::vector<std::string> tokens_of(const std::string& line) {
  std::vector<std::string> tokens;
  for (const std::string& token : split(line, ' ')) {
    if (token.starts_with('#')) break;
    tokens.push_back(token);
  }
  return tokens;
}

// The fields between ':' and the end of a header: source names, '|', target names.
std::vector<Field> parse_fields(const std::vector<std::string>& names, const Location& location) {
  std::vector<Field> fields;
  Side side = Side::kSource;
  for (const std::string& name : names) {
    if (name == "|") {
      side = Side::kTarget;
    } else {
      fields.push_back({name, side});
    }
  }
  if (fields.empty() || fields.front().side != Side::kSource || side == Side::kSource) {
    throw UserError(location, "expected 'source fields | target fields' after the name");
  }
  return fields;
}

class Reader {
 public:
  void read(const std::string& path);
  Declarations declarations;

 private:
  void read_header(const GrammarLine& line);
  void declare(const GrammarLine& line);

  Declaration* current_ = nullptr;
};

void Reader::read(const std::string& path) {
  LineReader lines(path);
  current_ = nullptr;
  for (std::string text; lines.next(text);) {
    const bool indented = text.starts_with(' ');
    GrammarLine line;
    line.location = lines.location();
    line.tokens = tokens_of(text);
    if (line.tokens.empty()) continue;
    if (!indented) {
      read_header(line);
    } else if (current_ == nullptr) {
      throw UserError(line.location, "an indented line before any 'words' or 'phrase'");
    } else {
      current_->body.push_back(std::move(line));
    }
  }
}

void Reader::read_header(const GrammarLine& line) {
  const std::vector<std::string>& tokens = line.tokens;
  if (tokens[0] == "words" || tokens[0] == "phrase") {
    declare(line);
  } else if (tokens[0] == "include" && tokens.size() == 2) {
    read(std::filesystem::path(line.location.file).replace_filename(tokens[1]).string());
    current_ = nullptr;
  } else if (tokens[0] == "spelling" && tokens.size() == 4) {
    declarations.spellings.push_back({tokens[1], tokens[2], tokens[3]});
  } else {
    throw UserError(line.location,
                    "found '" + tokens[0] +
                        "'; expected 'words NAME: FIELDS', 'phrase NAME: FIELDS', 'include FILE' "
                        "or 'spelling WORD REPLACEMENT LETTERS'");
  }
}

void Reader::declare(const GrammarLine& line) {
  const std::vector<std::string>& tokens = line.tokens;
  if (tokens.size() < 2 || !tokens[1].ends_with(':')) {
    throw UserError(line.location, "expected 'NAME:' after '" + tokens[0] + "'");
  }
  Declaration declaration;
  declaration.location = line.location;
  declaration.lexical = tokens[0] == "words";
  const CategoryReference head =
      parse_reference(tokens[1].substr(0, tokens[1].size() - 1), line.location);
  declaration.name = head.name;
  declaration.parameters = head.arguments;
  declaration.fields = parse_fields({tokens.begin() + 2, tokens.end()}, line.location);
  const auto [entry, is_new] = declarations.by_name.emplace(head.name, std::move(declaration));
  if (!is_new) {
    throw UserError(line.location, "'" + head.name + "' is declared twice, first at " +
                                       to_string(entry->second.location));
  }
  current_ = &entry->second;
}

}  // namespace

Declarations read_declarations(const std::string& path) {
  Reader reader;
  reader.read(path);
  return std::move(reader.declarations);
}

CategoryReference parse_reference(const std::string& text, const Location& location) {
  const std::size_t open = text.find('(');
  if (open == std::string::npos) return {text, {}};
  if (!text.ends_with(')')) {
    throw UserError(location, "'" + text + "' has no closing parenthesis");
  }
  return {text.substr(0, open), split(text.substr(open + 1, text.size() - open - 2), ',')};
}

}  // namespace weft::quickstart
