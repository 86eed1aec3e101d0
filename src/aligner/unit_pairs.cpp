#include "aligner/unit_pairs.h"

#include <algorithm>
#include <limits>

namespace weft {
namespace {

// Finer than FixedProbability, because counts are divided here.
constexpr FixedSum kFiner = 1 << 12;
constexpr double kUnit = 1.0 / (static_cast<double>(kFixedOne) * static_cast<double>(kFiner));

constexpr std::size_t kPairTypes = 256;  // source types whose pairs are one task

/// For each unit the types that have it.
std::vector<std::vector<WordTypes::Id>> types_by_unit(const WordUnits& units, std::size_t types) {
  std::vector<std::vector<WordTypes::Id>> lists(units.size());
  for (WordTypes::Id type = 0; type < types; ++type)
    for (const auto unit : units.of(type))
      if (lists[unit].empty() || lists[unit].back() != type) lists[unit].push_back(type);
  return lists;
}

/// How often a word has a unit, as 哈哈 has one twice.
FixedSum occurrences(std::span<const WordUnits::Id> units, WordUnits::Id unit) {
  if (units.size() == 1) return 1;
  return std::count(units.begin(), units.end(), unit);
}

}  // namespace

UnitPairs::UnitPairs(const Bitext& bitext, const PairIndex& pairs, WorkerPool& pool)
    : pairs_(pairs),
      pool_(pool),
      source_(bitext.source.types(), bitext.source.frequencies()),
      target_(bitext.target.types(), bitext.target.frequencies()),
      begins_(pairs.source_types() + 1, 0) {
  for (WordTypes::Id e = 0; e < pairs_.source_types(); ++e) {
    std::size_t target_units = 0;
    for (std::size_t pair = pairs_.row(e); pair < pairs_.row(e + 1); ++pair)
      target_units += target_.of(pairs_.target(pair)).size();
    begins_[e + 1] = begins_[e] + target_units * source_.of(e).size();
  }
  ids_.resize(begins_.back());
  number_unit_pairs();
  counts_.resize(sources_.size());
  source_totals_.resize(source_.size());
  target_totals_.resize(target_.size());
}

// As PairIndex numbers pairs of words: source unit by source unit, with a table of who was met.
void UnitPairs::number_unit_pairs() {
  const auto lists = types_by_unit(source_, pairs_.source_types());
  constexpr Id kNobody = std::numeric_limits<Id>::max();
  struct Met {
    Id by = kNobody;
    Id number = 0;
  };
  std::vector<Met> met(target_.size());
  for (Id unit = 0; unit < lists.size(); ++unit) {
    for (const auto e : lists[unit]) {
      const auto units = source_.of(e);
      std::size_t next = begins_[e];
      for (std::size_t pair = pairs_.row(e); pair < pairs_.row(e + 1); ++pair) {
        const auto others = target_.of(pairs_.target(pair));
        for (const auto own : units) {
          for (const auto other : others) {
            const std::size_t place = next++;
            if (own != unit) continue;
            if (met[other].by != unit) {
              met[other] = {unit, static_cast<Id>(sources_.size())};
              sources_.push_back(unit);
              targets_.push_back(other);
            }
            ids_[place] = met[other].number;
          }
        }
      }
    }
  }
}

FixedSum UnitPairs::part_of(FixedSum count, std::size_t unit_pairs) {
  return count * kFiner / static_cast<FixedSum>(unit_pairs);
}

void UnitPairs::count(const std::vector<FixedSum>& counts) {
  std::fill(counts_.begin(), counts_.end(), 0);
  const std::size_t types = pairs_.source_types();
  pool_.run((types + kPairTypes - 1) / kPairTypes, [&](std::size_t task) {
    const std::size_t end = std::min(types, (task + 1) * kPairTypes);
    for (std::size_t e = task * kPairTypes; e < end; ++e) {
      const Id* id = ids_.data() + begins_[e];
      const std::size_t units = source_.of(static_cast<Id>(e)).size();
      for (std::size_t pair = pairs_.row(static_cast<Id>(e));
           pair < pairs_.row(static_cast<Id>(e) + 1); ++pair) {
        const std::size_t unit_pairs = units * target_.of(pairs_.target(pair)).size();
        const FixedSum part = part_of(counts[pair], unit_pairs);
        if (part > 0)
          for (std::size_t n = 0; n < unit_pairs; ++n) add_atomically(counts_[id[n]], part);
        id += unit_pairs;
      }
    }
  });
  std::fill(source_totals_.begin(), source_totals_.end(), 0);
  std::fill(target_totals_.begin(), target_totals_.end(), 0);
  for (std::size_t n = 0; n < counts_.size(); ++n) {
    source_totals_[sources_[n]] += counts_[n];
    target_totals_[targets_[n]] += counts_[n];
  }
}

void UnitPairs::spread(const std::vector<FixedSum>& counts, std::size_t source,
                       BackoffPriors& priors) const {
  constexpr double kMissing = 0.5;  // mass of what was never seen with a unit
  const auto e = static_cast<Id>(source);
  const auto units = source_.of(e);
  const Id* id = ids_.data() + begins_[e];
  for (std::size_t pair = pairs_.row(e); pair < pairs_.row(e + 1); ++pair) {
    const auto f = pairs_.target(pair);
    const auto others = target_.of(f);
    const FixedSum part = part_of(counts[pair], units.size() * others.size());
    double forward = 0.0, backward = 0.0;
    for (const auto unit : units) {
      const FixedSum times = occurrences(units, unit);
      for (const auto other : others) {
        const FixedSum own = part * times * occurrences(others, other);
        const FixedSum rest = counts_[*id++] - own;
        if (rest <= 0) continue;
        const double joint = static_cast<double>(rest) * kUnit;
        forward += joint / (static_cast<double>(source_totals_[unit] - own) * kUnit + kMissing) *
                   target_.share(f, other);
        backward += joint / (static_cast<double>(target_totals_[other] - own) * kUnit + kMissing) *
                    source_.share(e, unit);
      }
    }
    priors.forward[pair] = static_cast<float>(forward / static_cast<double>(units.size()));
    priors.backward[pair] = static_cast<float>(backward / static_cast<double>(others.size()));
  }
}

void UnitPairs::estimate(const std::vector<FixedSum>& counts, BackoffPriors& priors) {
  count(counts);
  priors.forward.resize(pairs_.size());
  priors.backward.resize(pairs_.size());
  const std::size_t types = pairs_.source_types();
  pool_.run((types + kPairTypes - 1) / kPairTypes, [&](std::size_t task) {
    const std::size_t end = std::min(types, (task + 1) * kPairTypes);
    for (std::size_t e = task * kPairTypes; e < end; ++e) spread(counts, e, priors);
  });
}

}  // namespace weft
