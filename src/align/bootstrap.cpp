#include "align/bootstrap.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <random>

namespace weft {
namespace {

constexpr int kDraws = 1000;

/// Drawn test sets, each as the numbers of its sentences.
class Draws {
 public:
  explicit Draws(std::size_t sentences) : sentences_(sentences) {}

  std::vector<std::size_t> next() {
    std::vector<std::size_t> drawn(sentences_);
    // Not std::uniform_int_distribution, which differs from library to library.
    for (auto& number : drawn) number = static_cast<std::size_t>(random_() % sentences_);
    return drawn;
  }

 private:
  std::size_t sentences_;
  std::mt19937_64 random_{1};
};

double rate(const std::vector<LinkCounts>& sentences, const std::vector<std::size_t>& drawn) {
  LinkCounts sum;
  for (const std::size_t number : drawn) sum += sentences[number];
  return error_rate(sum);
}

Interval middle(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return {values[kDraws * 25 / 1000], values[kDraws * 975 / 1000 - 1]};
}

}  // namespace

Interval error_rate_interval(const std::vector<LinkCounts>& sentences) {
  Draws draws(sentences.size());
  std::vector<double> rates;
  for (int n = 0; n < kDraws; ++n) rates.push_back(rate(sentences, draws.next()));
  return middle(std::move(rates));
}

Interval error_rate_difference(const std::vector<LinkCounts>& first,
                               const std::vector<LinkCounts>& other) {
  Draws draws(first.size());
  std::vector<double> differences;
  for (int n = 0; n < kDraws; ++n) {
    const auto drawn = draws.next();
    differences.push_back(rate(other, drawn) - rate(first, drawn));
  }
  return middle(std::move(differences));
}

}  // namespace weft
