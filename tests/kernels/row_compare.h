#pragma once
// Arrays for tests of kernels that see no more than pointers. Each array ends where its memory
// does, so that the sanitizers see a step beyond.

#include <gtest/gtest.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <vector>

namespace weft::kernels {

using Floats = std::vector<float>;
using Doubles = std::vector<double>;

/// Numbers of variance 1, the same for the same seed.
inline Floats random_floats(int64_t count, unsigned seed) {
  std::mt19937 generator(seed);
  std::normal_distribution<float> normal;
  Floats result(static_cast<size_t>(count));
  result.shrink_to_fit();
  for (float& value : result) value = normal(generator);
  return result;
}

inline Doubles wide(const Floats& values) { return {values.begin(), values.end()}; }

inline double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }

inline void expect_near(const Floats& actual, const Doubles& expected, double tolerance,
                        const std::string& name) {
  ASSERT_EQ(actual.size(), expected.size()) << name;
  for (size_t i = 0; i < actual.size(); ++i)
    EXPECT_NEAR(actual[i], expected[i], tolerance) << name << ' ' << i;
}

/// The central differences of `loss` in every element of `x`.
inline Doubles differences(const std::function<double(const Doubles&)>& loss, Doubles x) {
  constexpr double kStep = 1e-5;
  Doubles result;
  for (double& value : x) {
    const double at = value;
    value = at + kStep;
    const double above = loss(x);
    value = at - kStep;
    result.push_back((above - loss(x)) / (2 * kStep));
    value = at;
  }
  return result;
}

}  // namespace weft::kernels
