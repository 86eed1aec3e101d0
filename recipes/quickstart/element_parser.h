#pragma once
// The notation of one element of a form: chases[1]  {Noun}  {Noun.plural}[1?]  {Noun:2.plural}[1,2]

#include <string>
#include <vector>

#include "base/error.h"
#include "quickstart/grammar.h"

namespace weft::quickstart {

struct ParsedElement {
  std::string token;  ///< a literal, or empty
  std::string child;  ///< "Noun" or "Noun:2" (a second Noun), or empty
  std::string field;  ///< "plural", or empty for the first field of the side
  std::vector<Label> labels;
};

/// Throws UserError.
ParsedElement parse_element(const std::string& text, const Location& location);

}  // namespace weft::quickstart
