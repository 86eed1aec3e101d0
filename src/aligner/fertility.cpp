#include "aligner/fertility.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace weft {

Fertility::Fertility(const TextSide& side)
    : side_(side),
      had_(side.begin(side.sentences()), 0),
      factors_(had_.size(), 0),
      sums_(side.types().size(), 0),
      known_(sums_) {}

void Fertility::count(std::size_t place, WordTypes::Id type, float had) {
  constexpr double kMost = std::numeric_limits<std::uint16_t>::max();
  had_[place] = static_cast<std::uint16_t>(std::min(kMost, static_cast<double>(had) * kOne + 0.5));
  add_atomically(sums_[type], had_[place]);
}

void Fertility::update(std::size_t place, WordTypes::Id type, double mean) {
  constexpr double kFarthest = std::numeric_limits<std::int16_t>::max();
  const double others = static_cast<double>(known_[type]) / kOne - had(place);
  const double times = static_cast<double>(side_.frequencies()[type]) - 1.0;
  const double factor = fertility_factor(expected_fertility(others, times, mean), had(place));
  const double logarithm = static_cast<double>(factors_[place]) + std::log2(factor) * kOctave;
  factors_[place] =
      static_cast<std::int16_t>(std::lround(std::clamp(logarithm, -kFarthest, kFarthest)));
}

void Fertility::estimate(WorkerPool& pool) {
  known_ = sums_;
  std::fill(sums_.begin(), sums_.end(), 0);
  const auto total = std::accumulate(known_.begin(), known_.end(), FixedSum{0});
  const double mean = static_cast<double>(total) / kOne /
                      static_cast<double>(std::max<std::size_t>(1, had_.size()));
  constexpr std::size_t kSentences = 4096;  // a task
  pool.run((side_.sentences() + kSentences - 1) / kSentences, [&](std::size_t task) {
    const auto end = std::min(side_.sentences(), (task + 1) * kSentences);
    for (std::size_t k = task * kSentences; k < end; ++k) {
      const auto words = side_.sentence(k);
      for (std::size_t n = 0; n < words.size(); ++n) update(side_.begin(k) + n, words[n], mean);
    }
  });
}

float Fertility::factor(std::size_t place) const {
  return std::exp2(static_cast<float>(factors_[place]) * static_cast<float>(1.0 / kOctave));
}

float Fertility::mean(WordTypes::Id type) const {
  return static_cast<float>(static_cast<double>(known_[type]) / kOne /
                            std::max(1.0, static_cast<double>(side_.frequencies()[type])));
}

}  // namespace weft
