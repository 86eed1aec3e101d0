// The back-off prior against its formula, written out over maps in float64.

#include "aligner/unit_pairs.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "aligner/bitext_of.h"

namespace weft {
namespace {

using Units = std::vector<std::string>;

/// Words of one to three units; some share units, one has a unit twice.
Bitext mixed_text() {
  return bitext_of({{"新华 社 报道", "xinhua agency reports"},
                    {"新 报 社", "new reporters agencies agency"},
                    {"哈哈 新", "haha new"},
                    {"华 哈哈", "china"}});
}

class Formula {
 public:
  Formula(const Bitext& bitext, const PairIndex& pairs, const std::vector<FixedSum>& counts) {
    for (WordTypes::Id e = 0; e < bitext.source.types().size(); ++e)
      add_type(bitext.source, e, source_, source_frequency_);
    for (WordTypes::Id f = 0; f < bitext.target.types().size(); ++f)
      add_type(bitext.target, f, target_, target_frequency_);
    for (WordTypes::Id e = 0; e < pairs.source_types(); ++e)
      for (std::size_t pair = pairs.row(e); pair < pairs.row(e + 1); ++pair)
        add_count(source_[e].units, target_[pairs.target(pair)].units,
                  static_cast<double>(counts[pair]) / 32768);
  }

  /// P0(f|e); c: how often they are linked.
  double forward(WordTypes::Id e, WordTypes::Id f, double c) const {
    const auto &word = source_[e], &other = target_[f];
    double sum = 0.0;
    for (const auto& u : word.units) {
      for (const auto& v : other.units) {
        const double own = c * part(word.units, u) * part(other.units, v);
        sum += (count_.at({u, v}) - own) / (source_count_.at(u) - own + 0.5) * other.share /
               target_frequency_.at(v);
      }
    }
    return sum / static_cast<double>(word.units.size());
  }

  double backward(WordTypes::Id e, WordTypes::Id f, double c) const {
    const auto &word = source_[e], &other = target_[f];
    double sum = 0.0;
    for (const auto& u : word.units) {
      for (const auto& v : other.units) {
        const double own = c * part(word.units, u) * part(other.units, v);
        sum += (count_.at({u, v}) - own) / (target_count_.at(v) - own + 0.5) * word.share /
               source_frequency_.at(u);
      }
    }
    return sum / static_cast<double>(other.units.size());
  }

 private:
  struct Type {
    Units units;
    double share;  // of its frequency, to each unit
  };

  static double part(const Units& units, const std::string& unit) {
    return static_cast<double>(std::ranges::count(units, unit)) / static_cast<double>(units.size());
  }

  static void add_type(const TextSide& side, WordTypes::Id id, std::vector<Type>& types,
                       std::map<std::string, double>& frequency) {
    const auto units = units_of(side.types().key(id));
    types.push_back({units, side.frequencies()[id] / static_cast<double>(units.size())});
    for (const auto& unit : units) frequency[unit] += types.back().share;
  }

  void add_count(const Units& units, const Units& others, double count) {
    const double part = count / static_cast<double>(units.size() * others.size());
    for (const auto& u : units) {
      for (const auto& v : others) {
        count_[{u, v}] += part;
        source_count_[u] += part;
        target_count_[v] += part;
      }
    }
  }

  std::vector<Type> source_, target_;
  std::map<std::string, double> source_frequency_, target_frequency_;
  std::map<std::pair<std::string, std::string>, double> count_;
  std::map<std::string, double> source_count_, target_count_;
};

struct Prior {
  explicit Prior(Bitext text, int threads = 1)
      : bitext(std::move(text)), pool(threads), pairs(bitext, pool), units(bitext, pairs, pool) {}

  std::size_t pair(std::string_view source, std::string_view target) const {
    return find_pair(bitext, pairs, source, target);
  }

  Bitext bitext;
  WorkerPool pool;
  PairIndex pairs;
  UnitPairs units;
  BackoffPriors values;
};

TEST(UnitPairs, AreTheirFormula) {
  Prior prior(mixed_text());
  std::vector<FixedSum> counts;
  for (std::size_t pair = 0; pair < prior.pairs.size(); ++pair)
    counts.push_back(static_cast<FixedSum>(pair * 7919 % 60000));
  prior.units.estimate(counts, prior.values);
  const Formula formula(prior.bitext, prior.pairs, counts);
  for (WordTypes::Id e = 0; e < prior.pairs.source_types(); ++e) {
    for (std::size_t pair = prior.pairs.row(e); pair < prior.pairs.row(e + 1); ++pair) {
      const auto f = prior.pairs.target(pair);
      const double count = static_cast<double>(counts[pair]) / 32768;
      EXPECT_NEAR(prior.values.forward[pair], formula.forward(e, f, count), 1e-5);
      EXPECT_NEAR(prior.values.backward[pair], formula.backward(e, f, count), 1e-5);
    }
  }
}

// 北京 and 北海 share a character. c(北京, beijing) = 2 gives C(北, beij) = C(京, beij) = 1, of
// which half belongs to 北京 alone, so P0(beijing | 北海) = 1/2 (1 / (1 + 1/2)).
TEST(UnitPairs, LendAWordTheTranslationOfItsParts) {
  Prior prior(bitext_of({{"北京", "beijing"}, {"北京", "beijing"}, {"北海", "beijing"}}));
  std::vector<FixedSum> counts(prior.pairs.size(), 0);
  counts[prior.pair("北京", "beijing")] = 2 * 32768;
  prior.units.estimate(counts, prior.values);
  EXPECT_NEAR(prior.values.forward[prior.pair("北海", "beijing")], 1.0 / 3, 1e-6);
  EXPECT_EQ(prior.values.forward[prior.pair("北京", "beijing")], 0.0f);
}

TEST(UnitPairs, GiveAWordSeenOnceNoPriorOfItsOwnMaking) {
  Prior prior(bitext_of({{"哈哈 abc", "xyz uvw"}}));
  const std::vector<FixedSum> counts(prior.pairs.size(), 32768);
  prior.units.estimate(counts, prior.values);
  for (std::size_t pair = 0; pair < prior.pairs.size(); ++pair) {
    EXPECT_EQ(prior.values.forward[pair], 0.0f);
    EXPECT_EQ(prior.values.backward[pair], 0.0f);
  }
}

TEST(UnitPairs, DoNotDependOnThreads) {
  std::string source, target;
  for (int n = 0; n < 1200; ++n) {
    source += "s" + std::to_string(n * 37 % 1100) + ' ';
    target += "t" + std::to_string(n * 53 % 1100) + ' ';
  }
  Prior one(bitext_of({{source, target}})), many(bitext_of({{source, target}}), 3);
  const std::vector<FixedSum> counts(one.pairs.size(), 12345);
  one.units.estimate(counts, one.values);
  many.units.estimate(counts, many.values);
  EXPECT_EQ(many.values.forward, one.values.forward);
  EXPECT_EQ(many.values.backward, one.values.backward);
}

TEST(WordUnits, ShareByFrequency) {
  const auto bitext = bitext_of({{"新华 新 新 新 国", ""}});
  const WordUnits units(bitext.source.types(), bitext.source.frequencies());
  const auto id = [&](const char* unit) { return units.find(units_of(unit)[0]); };
  const auto type = [&](const char* word) { return bitext.source.types().find(word); };
  EXPECT_DOUBLE_EQ(units.share(type("新华"), id("新")), 0.5 / 3.5);
  EXPECT_DOUBLE_EQ(units.share(type("新"), id("新")), 3.0 / 3.5);
  EXPECT_DOUBLE_EQ(units.share(type("新华"), id("华")), 1.0);
  EXPECT_DOUBLE_EQ(units.share(type("国"), id("国")), 1.0);
  EXPECT_EQ(units.find("none"), WordTypes::kUnknown);
}

}  // namespace
}  // namespace weft
