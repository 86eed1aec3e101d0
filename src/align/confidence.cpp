#include "align/confidence.h"

#include <algorithm>
#include <cmath>

namespace weft {
namespace {

/// Entropy of a row, in parts of that of the uniform one.
double relative_entropy(const AlignmentMatrix& matrix, std::size_t row) {
  if (matrix.columns() < 2) return 0.0;
  double entropy = 0.0;
  for (std::size_t s = 0; s < matrix.columns(); ++s) {
    const auto weight = static_cast<double>(matrix.at(row, s));
    if (weight > 0.0) entropy -= weight * std::log(weight);
  }
  return entropy / std::log(static_cast<double>(matrix.columns()));
}

}  // namespace

bool is_hallucination(const AlignmentMatrix& matrix, double coverage, double entropy) {
  constexpr std::size_t kFewWords = 3;
  constexpr double kSpread = 0.7, kSomewhatSpread = 0.6, kCovered = 0.5;
  if (matrix.columns() < kFewWords || matrix.rows() < kFewWords) return false;
  return entropy > kSpread || (entropy > kSomewhatSpread && coverage < kCovered);
}

Confidence confidence_of(const AlignmentMatrix& matrix) {
  Confidence confidence;
  if (matrix.rows() == 0 || matrix.columns() == 0) return confidence;
  double covered = 0.0;
  for (std::size_t s = 0; s < matrix.columns(); ++s) {
    double mass = 0.0;
    for (std::size_t t = 0; t < matrix.rows(); ++t) mass += static_cast<double>(matrix.at(t, s));
    covered += std::min(mass, 1.0);
    if (mass < Confidence::kUnseen) confidence.unaligned.push_back(s);
  }
  confidence.coverage = covered / static_cast<double>(matrix.columns());
  double entropy = 0.0;
  for (std::size_t t = 0; t < matrix.rows(); ++t) entropy += relative_entropy(matrix, t);
  confidence.entropy = entropy / static_cast<double>(matrix.rows());
  confidence.hallucination = is_hallucination(matrix, confidence.coverage, confidence.entropy);
  return confidence;
}

}  // namespace weft
