#include "search/sampling.h"

#include <torch/types.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>
#include <utility>

namespace weft {
namespace {

constexpr double kCutAway = -std::numeric_limits<double>::infinity();

/// Vigna's splitmix64: a bijection that mixes all bits.
uint64_t mixed(uint64_t value) {
  value += 0x9E3779B97F4A7C15U;
  value = (value ^ (value >> 30U)) * 0xBF58476D1CE4E5B9U;
  value = (value ^ (value >> 27U)) * 0x94D049BB133111EBU;
  return value ^ (value >> 31U);
}

/// Makes them sum to 1; at least one is finite.
void normalize_logs(std::vector<double>& log_probs) {
  const double best = *std::max_element(log_probs.begin(), log_probs.end());
  double sum = 0;
  for (const double log_prob : log_probs) sum += std::exp(log_prob - best);
  for (double& log_prob : log_probs) log_prob -= best + std::log(sum);
}

/// Tokens from the most probable to the least; of equal ones the first first.
std::vector<std::size_t> by_probability(const std::vector<double>& log_probs) {
  std::vector<std::size_t> order(log_probs.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return log_probs[a] > log_probs[b]; });
  return order;
}

std::vector<double> shaped_row(const torch::Tensor& ranks, int64_t row,
                               const SamplingOptions& options) {
  const auto* begin = ranks.data_ptr<float>() + row * ranks.size(1);
  std::vector<double> log_probs(begin, begin + ranks.size(1));
  shape_distribution(log_probs, options);
  return log_probs;
}

class AncestralSampler : public TokenPolicy {
 public:
  AncestralSampler(const SamplingOptions& options, std::vector<std::size_t> lines)
      : options_(options), lines_(std::move(lines)) {}
  Drawing drawing() const override { return Drawing::kEach; }

  void draw(const StepChoice& choice, torch::Tensor& ranks) override {
    for (int64_t row = 0; row < choice.rows(); ++row) {
      const auto log_probs = shaped_row(ranks, row, options_);
      const auto& hypothesis = choice[row];
      const double uniform =
          uniform_of(static_cast<uint64_t>(options_.seed), lines_.at(hypothesis.sentence),
                     hypothesis.group, static_cast<uint64_t>(choice.length()), 0);
      const auto token = token_at(log_probs, uniform);
      ranks[row].fill_(-std::numeric_limits<float>::infinity());
      if (token) ranks[row][static_cast<int64_t>(*token)] = 0;
    }
  }

 private:
  /// Where `uniform` falls when probabilities lie side by side; none if there is none.
  static std::optional<std::size_t> token_at(const std::vector<double>& log_probs, double uniform) {
    std::optional<std::size_t> last;
    double sum = 0;
    for (std::size_t token = 0; token < log_probs.size(); ++token) {
      if (!(log_probs[token] > kCutAway)) continue;
      last = token;
      sum += std::exp(log_probs[token]);
      if (uniform < sum) break;
    }
    return last;
  }

  SamplingOptions options_;
  std::vector<std::size_t> lines_;
};

class GumbelSampler : public TokenPolicy {
 public:
  GumbelSampler(const SamplingOptions& options, std::vector<std::size_t> lines)
      : options_(options), lines_(std::move(lines)) {}
  Drawing drawing() const override { return Drawing::kWithoutReplacement; }

  void draw(const StepChoice& choice, torch::Tensor& ranks) override {
    std::vector<std::vector<double>> log_probs, perturbed;
    for (int64_t row = 0; row < choice.rows(); ++row) {
      const auto so_far = of_node(choice.tree(), choice[row].node);
      auto of_row = shaped_row(ranks, row, options_);
      for (double& log_prob : of_row) log_prob += so_far.log_prob;
      perturbed.push_back(perturb(of_row, so_far.perturbed, choice, row));
      // Search adds the model's own log-probability, as it stands there.
      const double model =
          static_cast<double>(static_cast<float>(choice.tree().log_prob(choice[row].node)));
      auto* to = ranks.data_ptr<float>() + row * ranks.size(1);
      for (std::size_t token = 0; token < of_row.size(); ++token)
        to[token] = static_cast<float>(perturbed.back()[token] - model);
      log_probs.push_back(std::move(of_row));
    }
    log_probs_ = std::move(log_probs);
    perturbed_ = std::move(perturbed);
  }

 private:
  struct Drawn {
    double log_prob = 0;   ///< by the distributions drawn from
    double perturbed = 0;  ///< of the root: any number, which moves all alike
  };

  /// Of a hypothesis that the last step chose.
  Drawn of_node(const HypothesisTree& tree, int64_t node) const {
    if (node == HypothesisTree::kRoot) return {};
    const auto row = static_cast<std::size_t>(tree.row(node));
    const auto token = static_cast<std::size_t>(tree.token(node));
    return {log_probs_.at(row).at(token), perturbed_.at(row).at(token)};
  }

  /// log p with Gumbel noise, given that the largest is `largest` (Kool et al. 2019, appendix B.3).
  std::vector<double> perturb(const std::vector<double>& log_probs, double largest,
                              const StepChoice& choice, int64_t row) const {
    const auto& hypothesis = choice[row];
    std::vector<double> noisy(log_probs.size(), kCutAway);
    double best = kCutAway;
    for (std::size_t token = 0; token < noisy.size(); ++token) {
      if (!(log_probs[token] > kCutAway)) continue;
      const double uniform =
          uniform_of(static_cast<uint64_t>(options_.seed), lines_.at(hypothesis.sentence),
                     hypothesis.place, static_cast<uint64_t>(choice.length()), token + 1);
      noisy[token] = log_probs[token] - std::log(-std::log(uniform));
      best = std::max(best, noisy[token]);
    }
    for (double& value : noisy) {
      if (!(value > kCutAway)) continue;
      const double shifted = largest - value + std::log1p(-std::exp(value - best));
      value = largest - std::max(0.0, shifted) - std::log1p(std::exp(-std::abs(shifted)));
    }
    return noisy;
  }

  SamplingOptions options_;
  std::vector<std::size_t> lines_;
  std::vector<std::vector<double>> log_probs_, perturbed_;  // of the last step, by row and token
};

}  // namespace

void shape_distribution(std::vector<double>& log_probs, const SamplingOptions& options) {
  const double best = *std::max_element(log_probs.begin(), log_probs.end());
  if (!std::isfinite(best)) return;
  // The best stays possible, however cold it is.
  for (double& log_prob : log_probs) log_prob = (log_prob - best) / options.temperature;
  normalize_logs(log_probs);
  const auto all = static_cast<int64_t>(log_probs.size());
  const bool cuts_k = options.top_k > 0 && options.top_k < all;
  if (!cuts_k && options.top_p >= 1 && options.min_p <= 0) return;
  const auto order = by_probability(log_probs);
  auto kept = static_cast<std::size_t>(cuts_k ? options.top_k : all);
  double total = 0, sum = 0;
  for (std::size_t k = 0; k < kept; ++k) total += std::exp(log_probs[order[k]]);
  const double least = log_probs[order.front()] + std::log(options.min_p);  // -inf of 0
  for (std::size_t k = 0; k < kept; ++k) {
    if (k > 0 && (sum >= options.top_p * total || log_probs[order[k]] < least)) kept = k;
    if (k < kept) sum += std::exp(log_probs[order[k]]);
  }
  for (std::size_t k = kept; k < order.size(); ++k) log_probs[order[k]] = kCutAway;
  normalize_logs(log_probs);
}

double uniform_of(uint64_t seed, uint64_t line, uint64_t hypothesis, uint64_t step,
                  uint64_t token) {
  uint64_t bits = mixed(seed);
  for (const uint64_t part : {line, hypothesis, step, token}) bits = mixed(bits ^ mixed(part));
  return (static_cast<double>(bits >> 12U) + 0.5) * 0x1p-52;
}

std::unique_ptr<TokenPolicy> make_sampler(const SamplingOptions& options,
                                          std::vector<std::size_t> lines) {
  if (options.method == SamplingMethod::kGumbel)
    return std::make_unique<GumbelSampler>(options, std::move(lines));
  return std::make_unique<AncestralSampler>(options, std::move(lines));
}

}  // namespace weft
