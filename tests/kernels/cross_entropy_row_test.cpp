#include "kernels/cross_entropy_row.h"

#include "kernels/row_compare.h"

namespace weft::kernels {
namespace {

constexpr double kSmoothing = 0.1;

// The definition: cross entropy with (1 - ε) [v = y] + ε / V.
TokenLoss definition(const Doubles& logits, size_t target) {
  double sum = 0, mean = 0;
  for (const double logit : logits) sum += std::exp(logit);
  for (const double logit : logits)
    mean += (std::log(sum) - logit) / static_cast<double>(logits.size());
  const double nll = std::log(sum) - logits[target];
  return {(1 - kSmoothing) * nll + kSmoothing * mean, nll};
}

TEST(CrossEntropyRow, HasTheLossAndTheGradientOfItsDefinition) {
  for (const int64_t vocabulary : {1, 2, 15, 16, 33, 200}) {
    for (const int64_t target : {int64_t{0}, vocabulary / 2, vocabulary - 1}) {
      const Floats products = random_floats(vocabulary, 1);
      const Floats bias = random_floats(vocabulary, 2);
      Doubles logits = wide(products);
      for (size_t v = 0; v < logits.size(); ++v) logits[v] += bias[v];
      const auto expected = definition(logits, static_cast<size_t>(target));
      Floats forward = products;
      const auto loss =
          cross_entropy_row({forward.data(), bias.data(), vocabulary, target, kSmoothing});
      EXPECT_NEAR(loss.loss, expected.loss, 1e-5);
      EXPECT_NEAR(loss.negative_log_likelihood, expected.negative_log_likelihood, 1e-5);
      expect_near(forward, logits, 1e-6, "logits");
      Floats gradient = products;
      const auto again = cross_entropy_gradient_row(
          {gradient.data(), bias.data(), vocabulary, target, kSmoothing});
      EXPECT_NEAR(again.loss, expected.loss, 1e-5);
      expect_near(
          gradient,
          differences(
              [&](const Doubles& v) { return definition(v, static_cast<size_t>(target)).loss; },
              logits),
          1e-6, "gradient");
    }
  }
}

}  // namespace
}  // namespace weft::kernels
