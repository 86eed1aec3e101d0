#pragma once
// What every corpus metric asks of its texts.

#include <cstddef>
#include <string>
#include <vector>

namespace weft {

/// Throws std::invalid_argument if `references` is 0.
void check_references(std::size_t references);

/// Throws std::invalid_argument unless there are hypotheses, references, and as many lines of each.
void check_corpus(const std::vector<std::string>& hypotheses,
                  const std::vector<std::vector<std::string>>& references);

/// All references of one sentence, from `references[r][sentence]`.
std::vector<std::string> references_of(const std::vector<std::vector<std::string>>& references,
                                       std::size_t sentence);

}  // namespace weft
