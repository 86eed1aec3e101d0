#include "kernels/adam_row.h"

#include "kernels/row_compare.h"

namespace weft::kernels {
namespace {

TEST(AdamRow, HasTheValuesOfItsEquations) {
  for (const int64_t count : {1, 7, 16, 33}) {
    const Floats gradient = random_floats(count, 1);
    Floats parameter = random_floats(count, 2), mean = random_floats(count, 3);
    Floats variance = random_floats(count, 4), average = random_floats(count, 5);
    for (float& v : variance) v *= v;
    Doubles m = wide(mean), v = wide(variance), p = wide(parameter), a = wide(average);
    for (size_t i = 0; i < p.size(); ++i) {
      const double g = 0.5 * gradient[i];
      m[i] = 0.9 * m[i] + 0.1 * g;
      v[i] = 0.98 * v[i] + 0.02 * g * g;
      p[i] -= 0.01 * m[i] / (std::sqrt(v[i]) * 1.5 + 1e-8);
      a[i] = 0.75 * a[i] + 0.25 * p[i];
    }
    adam_row({parameter.data(), gradient.data(), mean.data(), variance.data()},
             {.gradient_scale = 0.5F,
              .mean_share = 0.1F,
              .variance_share = 0.02F,
              .step_size = 0.01F,
              .variance_scale = 1.5F,
              .epsilon = 1e-8F},
             count);
    average_row(parameter.data(), average.data(), 0.25F, count);
    expect_near(mean, m, 1e-6, "mean");
    expect_near(variance, v, 1e-6, "variance");
    expect_near(parameter, p, 1e-6, "parameter");
    expect_near(average, a, 1e-6, "average");
  }
}

TEST(AdamRow, SumsManySquares) {
  const Floats x(100'001, 0.1F);
  EXPECT_NEAR(sum_of_squares(x.data(), 100'001), 1000.01, 0.05);
  EXPECT_EQ(sum_of_squares(x.data(), 0), 0);
}

}  // namespace
}  // namespace weft::kernels
