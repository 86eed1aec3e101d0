// Forward-backward against sums over all alignments, in float64.

#include "aligner/hmm.h"

#include <gmock/gmock.h>

#include <cmath>
#include <random>
#include <vector>

namespace weft {
namespace {

using Row = std::vector<double>;
using Table = std::vector<Row>;

constexpr std::size_t kClasses = 3;
constexpr std::size_t kStart = 2;  // the class of the start
constexpr MoveOptions kMoves{.nothing = 0.2, .detour = 0.15, .uniform_jumps = 0.3};
constexpr double kUnlinked = kMoves.nothing;
constexpr double kJumps = 1 - kMoves.nothing - kMoves.detour;

double uniform(std::mt19937& random) {
  return (static_cast<double>(random()) + 1.0) / 4294967297.0;
}

/// A pair of random sentences, and what came before.
struct Pair {
  Pair(std::size_t source_length, std::size_t target_length, unsigned seed)
      : random(seed), jumps(kClasses) {
    emissions.source_length = source_length;
    emissions.target_length = target_length;
    emissions.words.resize(target_length, source_length);
    for (std::size_t t = 0; t < target_length; ++t) {
      // From 1e-6 to 1, as those of words are.
      const auto emission = [&] { return static_cast<float>(std::pow(10, -6 * uniform(random))); };
      for (std::size_t s = 0; s < source_length; ++s) emissions.words.row(t)[s] = emission();
      emissions.nothing.push_back(emission());
    }
    for (std::size_t s = 0; s < source_length; ++s) classes.push_back(random() % kClasses);
    JumpCounts counts(kClasses);
    for (std::size_t c = 0; c < kClasses; ++c)
      for (int jump = -4; jump <= 4; ++jump)
        counts.add(c, jump, static_cast<float>(30 * uniform(random)));
    jumps.estimate(counts);
    for (std::size_t t = 0; t < target_length; ++t) emitted.push_back(random() % kClasses);
    JumpCounts by_target(kClasses);
    for (std::size_t c = 0; c < kClasses; ++c)
      for (int jump = -4; jump <= 4; ++jump)
        by_target.add(c, jump, static_cast<float>(30 * uniform(random)));
    factors.estimate_factors(by_target);
  }

  double word(std::size_t t, std::size_t s) const {
    return static_cast<double>(emissions.words.row(t)[s]);
  }
  double nothing(std::size_t t) const { return static_cast<double>(emissions.nothing[t]); }
  int end() const { return static_cast<int>(emissions.source_length); }
  std::size_t class_of(int position) const {
    return position < 0 ? kStart : classes[static_cast<std::size_t>(position)];
  }
  /// p(to | from) for word t: -1 is the start, end() the end, which no word brings about.
  double jump(int from, int to, std::size_t t) const {
    if (to == end()) return jump(from, to);
    double plain = 0.0, weighted = 0.0;
    for (int s = 0; s < end(); ++s) {
      plain += table(from, s);
      weighted += table(from, s) * factor(s - from, t);
    }
    return (1 - kMoves.uniform_jumps) * table(from, to) * factor(to - from, t) * plain / weighted +
           kMoves.uniform_jumps / (end() + 1);
  }
  double factor(int distance, std::size_t t) const {
    return static_cast<double>(factors.weight(emitted[t], distance));
  }
  double jump(int from, int to) const {
    return (1 - kMoves.uniform_jumps) * table(from, to) + kMoves.uniform_jumps / (end() + 1);
  }
  double table(int from, int to) const {
    double all = 0.0;
    for (int other = 0; other <= end(); ++other)
      all += static_cast<double>(jumps.weight(class_of(from), other - from));
    return static_cast<double>(jumps.weight(class_of(from), to - from)) / all;
  }

  std::mt19937 random;
  Emissions emissions;
  std::vector<std::size_t> classes, emitted;
  JumpTable jumps;
  JumpTable factors = JumpTable::ones(kClasses);
};

/// What Hmm says of a pair.
struct Answer {
  explicit Answer(const Pair& pair, const MoveOptions& moves = kMoves)
      : counts(kClasses, kClasses) {
    Hmm().posteriors(pair.emissions,
                     {pair.classes, kStart, pair.jumps, pair.emitted, pair.factors, moves},
                     posteriors, &counts);
  }
  Posteriors posteriors;
  DirectionCounts counts;
};

/// The same as sums over alignments one by one.
class AllAlignments {
 public:
  explicit AllAlignments(const Pair& pair)
      : words(pair.emissions.target_length, Row(pair.emissions.source_length, 0.0)),
        nothing(pair.emissions.target_length, 0.0),
        counts(kClasses, Row(JumpCounts::kWidth, 0.0)),
        emitted(counts),
        pair_(pair) {
    add(1.0);
    for (auto& row : words)
      for (auto& p : row) p /= total_;
    for (auto& p : nothing) p /= total_;
    for (auto* table : {&counts, &emitted})
      for (auto& row : *table)
        for (auto& count : row) count /= total_;
  }

  Table words;    // [T, S]
  Row nothing;    // [T]
  Table counts;   // [class of the source word, jump]
  Table emitted;  // [class of the target word, jump]

 private:
  enum class Move { kNothing, kDetour, kJump };
  struct Step {
    Move move;
    int word;  // the source word, if there is one
  };

  /// All that begin with `steps_`, which have probability `p` together with their words.
  void add(double p) {
    const std::size_t t = steps_.size();
    if (t == nothing.size()) {
      add_whole(p * pair_.jump(last_, pair_.end()));
      return;
    }
    add({Move::kNothing, -1}, p * kUnlinked * pair_.nothing(t));
    const int last = last_;
    for (int s = 0; s < pair_.end(); ++s) {
      const double word = p * pair_.word(t, static_cast<std::size_t>(s));
      add({Move::kDetour, s}, word * kMoves.detour / pair_.end());
      last_ = s;
      add({Move::kJump, s}, word * kJumps * pair_.jump(last, s, t));
      last_ = last;
    }
  }

  void add(Step step, double p) {
    steps_.push_back(step);
    add(p);
    steps_.pop_back();
  }

  void add_whole(double p) {
    total_ += p;
    int last = -1;
    for (std::size_t t = 0; t < steps_.size(); ++t) {
      const auto [move, word] = steps_[t];
      (move == Move::kNothing ? nothing[t] : words[t][static_cast<std::size_t>(word)]) += p;
      if (move != Move::kJump) continue;
      count(last, word, p);
      emitted[pair_.emitted[t]][JumpCounts::column(word - last)] += p;
      last = word;
    }
    count(last, pair_.end(), p);
  }

  void count(int from, int to, double p) {
    counts[pair_.class_of(from)][JumpCounts::column(to - from)] += p;
  }

  const Pair& pair_;
  std::vector<Step> steps_;
  int last_ = -1;  // where jumps start from
  double total_ = 0.0;
};

TEST(Hmm, IsTheSumOverAllAlignments) {
  for (std::size_t source = 1; source <= 3; ++source) {
    for (std::size_t target = 1; target <= 3; ++target) {
      for (unsigned seed = 1; seed <= 20; ++seed) {
        const Pair pair(source, target, seed);
        const Answer answer(pair);
        const AllAlignments expected(pair);
        for (std::size_t t = 0; t < target; ++t) {
          EXPECT_NEAR(answer.posteriors.nothing[t], expected.nothing[t], 1e-5);
          for (std::size_t s = 0; s < source; ++s)
            EXPECT_NEAR(answer.posteriors.words.row(t)[s], expected.words[t][s], 1e-5);
        }
        for (std::size_t c = 0; c < kClasses; ++c)
          for (std::size_t column = 0; column < JumpCounts::kWidth; ++column) {
            EXPECT_NEAR(answer.counts.from.count(c, column), expected.counts[c][column], 1e-5);
            EXPECT_NEAR(answer.counts.emitted.count(c, column), expected.emitted[c][column], 1e-5);
          }
      }
    }
  }
}

/// p(target sentence) by the forward sums alone, with only those links of word `t` that `allowed`
/// holds for; the number of the source word, or the length of the source for none.
template <class Allowed>
double likelihood(const Pair& pair, std::size_t t_restricted, Allowed allowed) {
  const std::size_t length = pair.emissions.source_length;
  Row state(length + 1, 0.0);  // the last is the start
  state[length] = 1.0;
  const auto position = [&](std::size_t n) { return n == length ? -1 : static_cast<int>(n); };
  for (std::size_t t = 0; t < pair.emissions.target_length; ++t) {
    Row next(length + 1, 0.0);
    for (std::size_t from = 0; from <= length; ++from) {
      if (t != t_restricted || allowed(length))
        next[from] += state[from] * kUnlinked * pair.nothing(t);
      for (std::size_t s = 0; s < length; ++s) {
        if (t == t_restricted && !allowed(s)) continue;
        next[s] += state[from] * kJumps * pair.jump(position(from), static_cast<int>(s), t) *
                   pair.word(t, s);
        next[from] += state[from] * kMoves.detour / static_cast<double>(length) * pair.word(t, s);
      }
    }
    state = next;
  }
  double sum = 0.0;
  for (std::size_t n = 0; n <= length; ++n) sum += state[n] * pair.jump(position(n), pair.end());
  return sum;
}

// Lengths at and beside whole vectors.
TEST(Hmm, PosteriorsAreQuotientsOfLikelihoods) {
  for (const std::size_t source : {7u, 8u, 9u, 17u}) {
    const std::size_t target = 24 - source;
    const Pair pair(source, target, static_cast<unsigned>(source));
    const Answer answer(pair);
    const double all = likelihood(pair, 0, [](std::size_t) { return true; });
    for (std::size_t t = 0; t < target; t += 3) {
      for (std::size_t s = 0; s <= source; ++s) {
        const double expected =
            likelihood(pair, t, [s](std::size_t link) { return link == s; }) / all;
        const float found =
            s == source ? answer.posteriors.nothing[t] : answer.posteriors.words.row(t)[s];
        EXPECT_NEAR(found, expected, 1e-5) << source << " words, " << t << " to " << s;
      }
    }
  }
}

TEST(Hmm, StaysWithinBoundsInLongSentences) {
  const Pair pair(200, 200, 1);
  const Answer answer(pair, {.nothing = 0.2, .detour = 0.0});
  for (std::size_t t = 0; t < 200; ++t) {
    double linked = 0.0;
    for (std::size_t s = 0; s < 200; ++s) {
      const float p = answer.posteriors.words.row(t)[s];
      ASSERT_TRUE(p >= 0.0f && p <= 1.0f) << p;
      linked += static_cast<double>(p);
    }
    EXPECT_NEAR(linked + static_cast<double>(answer.posteriors.nothing[t]), 1.0, 1e-4);
  }
  double jumps = 0.0, links = 0.0;
  for (std::size_t c = 0; c < kClasses; ++c)
    for (std::size_t column = 0; column < JumpCounts::kWidth; ++column)
      jumps += answer.counts.from.count(c, column);
  for (const float nothing : answer.posteriors.nothing) links += 1.0 - static_cast<double>(nothing);
  EXPECT_NEAR(jumps, links + 1.0, 1e-2) << "a jump to each link, and one to the end";
}

TEST(Hmm, FollowsWordsThatAreSure) {
  Pair pair(150, 150, 1);
  for (std::size_t t = 0; t < 150; ++t) {
    for (std::size_t s = 0; s < 150; ++s)
      pair.emissions.words.row(t)[s] = s == (t * 7) % 150 ? 1.0f : 1e-12f;
    pair.emissions.nothing[t] = 1e-12f;
  }
  const Answer answer(pair);
  for (std::size_t t = 0; t < 150; ++t)
    EXPECT_NEAR(answer.posteriors.words.row(t)[(t * 7) % 150], 1.0f, 1e-4f) << t;
}

// Agreement would divide by almost nothing beyond 1.
TEST(Hmm, GivesNoPosteriorAboveOne) {
  for (unsigned seed = 1; seed <= 300; ++seed) {
    Pair pair(1 + seed % 5, 1 + seed % 7, seed);
    for (std::size_t t = 0; t < pair.emissions.target_length; ++t) {
      pair.emissions.nothing[t] = 1e-9f;
      for (std::size_t s = 0; s < pair.emissions.source_length; ++s)
        if (s != t % pair.emissions.source_length) pair.emissions.words.row(t)[s] *= 1e-9f;
    }
    const Answer answer(pair);
    Posteriors model1;
    model1_posteriors(pair.emissions, kMoves, model1);
    for (std::size_t t = 0; t < pair.emissions.target_length; ++t) {
      for (std::size_t s = 0; s < pair.emissions.source_length; ++s) {
        EXPECT_LE(answer.posteriors.words.row(t)[s], 1.0f);
        EXPECT_LE(model1.words.row(t)[s], 1.0f);
      }
    }
  }
}

TEST(Hmm, LeavesToNothingWhatNoWordExplains) {
  Pair pair(3, 3, 1);
  for (std::size_t s = 0; s < 3; ++s) pair.emissions.words.row(1)[s] = 0.0f;
  EXPECT_EQ(Answer(pair).posteriors.nothing[1], 1.0f);
}

TEST(Hmm, IsFiniteWhereNothingExplainsAWord) {
  Pair pair(3, 3, 1);
  for (std::size_t s = 0; s < 3; ++s) pair.emissions.words.row(1)[s] = 0.0f;
  pair.emissions.nothing[1] = 0.0f;
  const Answer answer(pair);
  for (std::size_t t = 0; t < 3; ++t) {
    EXPECT_TRUE(std::isfinite(answer.posteriors.nothing[t]));
    for (std::size_t s = 0; s < 3; ++s)
      EXPECT_TRUE(std::isfinite(answer.posteriors.words.row(t)[s]));
  }
}

TEST(Hmm, NeverLinksWhatCannotBe) {
  Pair pair(3, 4, 1);
  for (std::size_t t = 0; t < 4; ++t) pair.emissions.words.row(t)[1] = 0.0f;
  const Answer answer(pair);
  for (std::size_t t = 0; t < 4; ++t) EXPECT_EQ(answer.posteriors.words.row(t)[1], 0.0f);
}

TEST(Model1, IsItsFormula) {
  const Pair pair(9, 5, 1);
  Posteriors posteriors;
  model1_posteriors(pair.emissions, kMoves, posteriors);
  for (std::size_t t = 0; t < 5; ++t) {
    double z = kUnlinked * pair.nothing(t);
    for (std::size_t s = 0; s < 9; ++s) z += (1 - kUnlinked) / 9 * pair.word(t, s);
    EXPECT_NEAR(posteriors.nothing[t], kUnlinked * pair.nothing(t) / z, 1e-6);
    for (std::size_t s = 0; s < 9; ++s)
      EXPECT_NEAR(posteriors.words.row(t)[s], (1 - kUnlinked) / 9 * pair.word(t, s) / z, 1e-6);
  }
}

TEST(Model1, IsFiniteWhereNothingExplainsAWord) {
  Pair pair(2, 1, 1);
  pair.emissions.words.resize(1, 2);
  pair.emissions.nothing[0] = 0.0f;
  Posteriors posteriors;
  model1_posteriors(pair.emissions, kMoves, posteriors);
  EXPECT_EQ(posteriors.words.row(0)[0], 0.0f);
  EXPECT_EQ(posteriors.nothing[0], 0.0f);
}

}  // namespace
}  // namespace weft
