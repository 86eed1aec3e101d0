#pragma once
// Codes of languages, as clients write them.

#include <string>

namespace weft {

/// Whether a model for `known` ("pt-BR") does what is asked for with `asked` ("PT", "pt-br"): the
/// language is the same, and so are region and script if both name one. Case does not count.
bool is_language(const std::string& asked, const std::string& known);

/// "Chinese" for "zh"; the code itself if it has no name.
std::string language_name(const std::string& code);

/// As DeepL writes codes: "PT-BR".
std::string in_capitals(std::string code);

}  // namespace weft
