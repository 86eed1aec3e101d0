#include "data/pair_order.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <utility>

#include "base/error.h"
#include "data/permutation.h"
#include "data/random.h"

namespace weft {
namespace {

/// The shares of the corpora, which need not sum to 1.
std::vector<double> shares_of(const std::vector<CorpusPart>& parts, const CorporaOptions& options) {
  std::vector<double> shares = options.weights;
  for (std::size_t i = 0; i < shares.size(); ++i) {
    if (shares[i] > 0 && parts.at(i).size == 0) {
      throw UserError({parts[i].file},
                      "holds no sentence pair that can be learnt from, but has a weight in "
                      "data.corpora.weights; expected 0");
    }
  }
  if (!shares.empty()) return shares;
  int64_t largest = 1;  // beside which no power leaves the range of numbers
  for (const auto& part : parts) largest = std::max(largest, part.size);
  for (const auto& part : parts) {
    const double size = static_cast<double>(part.size) / static_cast<double>(largest);
    shares.push_back(std::pow(size, 1 / options.temperature));
  }
  return shares;
}

/// Parts of `total` in proportion to `shares`, at least 1 where there is a share: each rounded
/// down, and what is left goes where rounding took most.
std::vector<int64_t> quotas_of(const std::vector<double>& shares, int64_t total) {
  const double sum = std::accumulate(shares.begin(), shares.end(), 0.0);
  std::vector<int64_t> quotas;
  std::vector<std::pair<double, std::size_t>> lost;
  int64_t left = total;
  for (std::size_t i = 0; i < shares.size(); ++i) {
    const double exact = shares[i] / sum * static_cast<double>(total);
    const auto least = static_cast<int64_t>(shares[i] > 0);
    quotas.push_back(std::max(least, static_cast<int64_t>(exact)));
    lost.emplace_back(static_cast<double>(quotas[i]) - exact, i);
    left -= quotas[i];
  }
  std::stable_sort(lost.begin(), lost.end());
  for (std::size_t k = 0; left > 0; --left, ++k) ++quotas[lost[k % lost.size()].second];
  while (left++ < 0) --*std::max_element(quotas.begin(), quotas.end());
  return quotas;
}

}  // namespace

PairOrder::PairOrder(const std::vector<CorpusPart>& parts, const CorporaOptions& options,
                     uint64_t seed)
    : parts_(parts), seed_(seed) {
  for (const auto& part : parts) size_ += part.size;
  if (!options.mixes()) return;
  int64_t place = 0;
  for (const int64_t quota : quotas_of(shares_of(parts, options), size_)) {
    shares_.push_back({place, quota});
    place += quota;
  }
}

int64_t PairOrder::quota(std::size_t part) const {
  return shares_.empty() ? parts_.at(part).size : shares_.at(part).quota;
}

PairIndices PairOrder::pairs(int64_t epoch, int64_t begin, int64_t end) const {
  const auto number = static_cast<uint64_t>(epoch);
  const RandomPermutation order(size_, seeded_generator({seed_, number}));
  std::map<std::pair<std::size_t, int64_t>, RandomPermutation> rounds;  // through each corpus
  PairIndices pairs;
  for (int64_t i = begin; i < end; ++i) {
    const int64_t place = order[i];
    if (shares_.empty()) {
      pairs.push_back(place);
      continue;
    }
    const auto after =
        std::upper_bound(shares_.begin(), shares_.end(), place,
                         [](int64_t at, const Share& share) { return at < share.first_place; });
    const auto share = std::prev(after);
    const auto part = static_cast<std::size_t>(share - shares_.begin());
    const auto& of_corpus = parts_[part];
    const int64_t drawn = epoch * share->quota + place - share->first_place;
    const int64_t round = drawn / of_corpus.size;
    const auto found = rounds.find({part, round});
    const auto& in_corpus =
        found != rounds.end()
            ? found->second
            : rounds
                  .emplace(std::pair{part, round},
                           RandomPermutation(of_corpus.size,
                                             seeded_generator({seed_, part, uint64_t(round), 1})))
                  .first->second;
    pairs.push_back(of_corpus.begin + in_corpus[drawn % of_corpus.size]);
  }
  return pairs;
}

}  // namespace weft
