#pragma once
// What sacreBLEU said (tests/golden/metrics/make_golden.py).

#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>

namespace weft {

/// Scores agree if they differ by less than this (they are in [0, 100]).
inline constexpr double kScoreTolerance = 1e-8;

/// The array of cases in a golden file; never empty.
inline nlohmann::json golden_cases(const std::string& file) {
  const nlohmann::json cases = nlohmann::json::parse(std::ifstream(WEFT_GOLDEN "/metrics/" + file));
  if (!cases.is_array() || cases.empty()) throw std::runtime_error(file + " holds no cases");
  return cases;
}

}  // namespace weft
