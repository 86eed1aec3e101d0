#pragma once
// The lines of a grammar file, sorted into declarations but not yet understood.

#include <map>
#include <string>
#include <vector>

#include "base/error.h"
#include "quickstart/grammar.h"

namespace weft::quickstart {

/// A line's tokens and where it stands.
struct GrammarLine {
  Location location;
  std::vector<std::string> tokens;
};

/// `words name: sg pl | zh m` or `phrase Name(N,A): en | zh`, and the indented lines below it.
struct Declaration {
  Location location;
  bool lexical = false;
  std::string name;
  std::vector<std::string> parameters;
  std::vector<Field> fields;
  std::vector<GrammarLine> body;
};

struct Declarations {
  std::map<std::string, Declaration> by_name;
  std::vector<Spelling> spellings;
};

/// Reads a grammar file and those it includes. The format is described in README.md beside it.
/// Throws UserError with file and line.
Declarations read_declarations(const std::string& path);

/// "Noun(cat,Adj)" -> "Noun" and {"cat", "Adj"}. Throws UserError on an unfinished parenthesis.
struct CategoryReference {
  std::string name;
  std::vector<std::string> arguments;
};
CategoryReference parse_reference(const std::string& text, const Location& location);

}  // namespace weft::quickstart
