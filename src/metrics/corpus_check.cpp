#include "metrics/corpus_check.h"

#include <stdexcept>

namespace weft {

void check_references(std::size_t references) {
  if (references == 0) throw std::invalid_argument("a metric needs at least one reference");
}

void check_corpus(const std::vector<std::string>& hypotheses,
                  const std::vector<std::vector<std::string>>& references) {
  if (hypotheses.empty()) throw std::invalid_argument("a metric needs at least one hypothesis");
  check_references(references.size());
  for (const std::vector<std::string>& reference : references) {
    if (reference.size() != hypotheses.size()) {
      throw std::invalid_argument(std::to_string(hypotheses.size()) + " hypotheses but " +
                                  std::to_string(reference.size()) + " references");
    }
  }
}

std::vector<std::string> references_of(const std::vector<std::vector<std::string>>& references,
                                       std::size_t sentence) {
  std::vector<std::string> lines;
  lines.reserve(references.size());
  for (const std::vector<std::string>& reference : references) lines.push_back(reference[sentence]);
  return lines;
}

}  // namespace weft
