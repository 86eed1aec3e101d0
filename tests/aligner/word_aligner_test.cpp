#include "aligner/word_aligner.h"

#include <gmock/gmock.h>

#include <string>

#include "align/alignment_error_rate.h"
#include "aligner/bitext_of.h"
#include "aligner/toy_language.h"

namespace weft {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

struct Toy {
  explicit Toy(std::size_t sentences) : Toy(ToyLanguage(1), sentences) {}
  template <class Language>
  Toy(Language language, std::size_t sentences) {
    for (std::size_t k = 0; k < sentences; ++k) {
      const auto sentence = language.next();
      add_sentences(bitext, sentence.source, sentence.target);
      gold.push_back(sentence.links);
    }
  }
  Bitext bitext;
  std::vector<std::vector<Link>> gold;
};

AlignerOptions options_of(AlignerDirection direction) {
  AlignerOptions options;
  options.direction = direction;
  return options;
}

std::vector<PairPosteriors> train(const Bitext& bitext, const AlignerOptions& options = {}) {
  WorkerPool pool(1);
  WordAligner aligner(bitext, options, pool);
  aligner.train();
  return aligner.posteriors(0, bitext.pairs());
}

template <class LinksOf>
double toy_error_rate(const Toy& toy, const AlignerOptions& options, LinksOf links_of) {
  const auto pairs = train(toy.bitext, options);
  AlignmentErrorRate rate;
  for (std::size_t k = 0; k < pairs.size(); ++k) rate.add(links_of(pairs[k]), toy.gold[k]);
  return rate.aer();
}

std::vector<Link> by_strength(const PairPosteriors& pair) { return posterior_links(pair); }

TEST(WordAligner, LearnsALanguage) {
  const Toy toy(400);
  EXPECT_LT(toy_error_rate(toy, {}, by_strength), 0.03);
  AlignerOptions model1;
  model1.hmm_iterations = 0;
  EXPECT_LT(toy_error_rate(toy, model1, by_strength), 0.3);
}

// Words that have one translation always keep their links, however far they move.
TEST(WordAligner, LinksWordsThatMoveFar) {
  for (const auto order :
       {Order::kVerbLast, Order::kPhraseLast, Order::kClausesTurned, Order::kFree}) {
    for (const std::size_t words : {60u, 300u, 1000u}) {
      const Toy toy(FarMovingLanguage(order, words), words < 1000 ? 500 : 1500);
      EXPECT_LT(toy_error_rate(toy, {}, by_strength), 0.01)
          << "order " << static_cast<int>(order) << ", " << words << " words";
    }
  }
}

TEST(WordAligner, LosesThemWithoutDetours) {
  AlignerOptions options;
  options.moves = {.nothing = 0.2, .detour = 0.0, .uniform_jumps = 0.0};
  EXPECT_GT(
      toy_error_rate(Toy(FarMovingLanguage(Order::kVerbLast, 300), 500), options, by_strength),
      0.02);
}

TEST(MoveChoice, FreesMovesWhereWordsAreWellKnown) {
  const MoveOptions least = MoveChoice().for_text(0), half = MoveChoice().for_text(25),
                    most = MoveChoice().for_text(1e6);
  EXPECT_NEAR(least.nothing, 0.2, 1e-9);
  EXPECT_NEAR(least.detour, 0.0, 1e-9);
  EXPECT_NEAR(least.uniform_jumps, 0.0, 1e-9);
  EXPECT_NEAR(half.nothing, 0.225, 1e-9);
  EXPECT_NEAR(half.detour, 0.025, 1e-9);
  EXPECT_NEAR(half.uniform_jumps, 0.05, 1e-9);
  EXPECT_NEAR(most.detour, MoveOptions().detour, 1e-6);
}

TEST(MoveChoice, IsWhatIsAskedForWhateverTheText) {
  const MoveChoice choice{.nothing = 0.1, .detour = 0.0, .uniform_jumps = 0.3};
  for (const double occurrences : {0.0, 25.0, 1e6}) {
    EXPECT_EQ(choice.for_text(occurrences).nothing, 0.1);
    EXPECT_EQ(choice.for_text(occurrences).detour, 0.0);
    EXPECT_EQ(choice.for_text(occurrences).uniform_jumps, 0.3);
  }
}

TEST(Bitext, TellsHowOftenWordsStandThere) {
  Bitext bitext;
  EXPECT_EQ(bitext.occurrences(), 0.0);
  add_sentences(bitext, "das haus", "the house");
  add_sentences(bitext, "das buch", "the the book");
  EXPECT_DOUBLE_EQ(bitext.occurrences(), 9.0 / 6.0);
}

TEST(WordAligner, JumpsAlikeToAllClassesOfTargetWordsIfTold) {
  const Toy toy(100);
  WorkerPool pool(1);
  AlignerOptions options;
  options.target_classes = false;
  WordAligner aligner(toy.bitext, options, pool);
  aligner.train();
  const auto model = aligner.model();
  EXPECT_THAT(model.forward_factors, testing::Each(1.0f));
  EXPECT_THAT(model.backward_factors, testing::Each(1.0f));
}

// The product is at most the smaller of the two, and odds are more than the product.
TEST(WordAligner, CountsFewerLinksByTheProduct) {
  const Toy toy(100);
  const auto linked = [&toy](Agreement agreement) {
    WorkerPool pool(1);
    AlignerOptions options;
    options.agreement = agreement;
    WordAligner aligner(toy.bitext, options, pool);
    aligner.train();
    float sum = 0.0f;
    for (const auto& pair : aligner.model().pairs) sum += pair.count;
    return sum;
  };
  EXPECT_LT(linked(Agreement::kProduct), linked(Agreement::kOdds));
}

// Of a sentence that stands there once, plain expectation maximisation believes what it has said.
TEST(WordAligner, BelievesItsOwnCountsIfTold) {
  Bitext bitext;
  add_sentences(bitext, "a b", "x y");
  AlignerOptions options;
  const auto without = train(bitext, options);
  options.variational = false;
  const auto with = train(bitext, options);
  EXPECT_GT(with[0].p(0, 0), without[0].p(0, 0));
}

// The example of textbooks (Knight 1999, A Statistical MT Tutorial Workbook).
TEST(WordAligner, LearnsFromThreeLines) {
  Bitext bitext;
  add_sentences(bitext, "das haus", "the house");
  add_sentences(bitext, "das buch", "the book");
  add_sentences(bitext, "ein buch", "a book");
  for (const auto& pair : train(bitext))
    EXPECT_THAT(posterior_links(pair), ElementsAre(Link{0, 0}, Link{1, 1}));
}

TEST(WordAligner, LearnsInOneDirection) {
  const Toy toy(400);
  EXPECT_LT(toy_error_rate(toy, options_of(AlignerDirection::kForward), forward_links), 0.15);
  EXPECT_LT(toy_error_rate(toy, options_of(AlignerDirection::kBackward), backward_links), 0.15);
}

TEST(WordAligner, ReportsEachPass) {
  const Toy toy(3);
  WorkerPool pool(1);
  AlignerOptions options;
  options.model1_iterations = 2;
  options.hmm_iterations = 3;
  WordAligner aligner(toy.bitext, options, pool);
  std::vector<int> reports;
  aligner.train([&](int done) { reports.push_back(done); });
  EXPECT_THAT(reports, ElementsAre(1, 2, 3, 4));
  EXPECT_EQ(aligner.iterations(), 4);
}

// Only what depends on which of two equally frequent words came first, the words with jumps of
// their own, may differ; here no words have.
TEST(WordAligner, DoesNotDependOnTheOrderOfPairs) {
  constexpr std::size_t kPairs = 300;
  Bitext mixed;
  std::vector<ToyLanguage::Sentence> sentences;
  ToyLanguage language(1);
  for (std::size_t k = 0; k < kPairs; ++k) sentences.push_back(language.next());
  for (std::size_t k = 0; k < kPairs; ++k) {
    const auto& sentence = sentences[k * 7 % kPairs];  // 7 divides nothing of 300
    add_sentences(mixed, sentence.source, sentence.target);
  }
  AlignerOptions options;
  options.jump_classes = 0;
  const auto expected = train(Toy(kPairs).bitext, options), found = train(mixed, options);
  for (std::size_t k = 0; k < kPairs; ++k) {
    const auto& same = expected[k * 7 % kPairs];
    EXPECT_EQ(posterior_links(found[k]), posterior_links(same)) << k;
    for (std::size_t cell = 0; cell < same.forward.size(); ++cell)
      EXPECT_NEAR(found[k].forward[cell], same.forward[cell], 1e-3) << k;
  }
}

/// Whether all numbers are probabilities.
testing::AssertionResult are_probabilities(const PairPosteriors& pair) {
  for (const auto* values :
       {&pair.forward, &pair.backward, &pair.forward_nothing, &pair.backward_nothing})
    for (const float p : *values)
      if (!(p >= 0.0f && p <= 1.0f)) return testing::AssertionFailure() << p;
  return testing::AssertionSuccess();
}

TEST(WordAligner, TakesOneLine) {
  const auto pairs = train(bitext_of({{"a b c", "x y z"}}));
  ASSERT_EQ(pairs.size(), 1u);
  EXPECT_TRUE(are_probabilities(pairs[0]));
  EXPECT_EQ(pairs[0].forward.size(), 9u);
  EXPECT_TRUE(are_probabilities(train(bitext_of({{"a", "x"}}))[0]));
}

TEST(WordAligner, TakesLinesThatAreAllEqual) {
  Bitext bitext;
  for (int k = 0; k < 50; ++k) add_sentences(bitext, "a b c d", "x y z");
  const auto pairs = train(bitext);
  for (const auto& pair : pairs) {
    EXPECT_TRUE(are_probabilities(pair));
    EXPECT_EQ(pair.forward, pairs[0].forward);
  }
}

TEST(WordAligner, HasNothingToSayOfEmptySides) {
  EXPECT_THAT(train(Bitext()), IsEmpty());
  const auto pairs = train(bitext_of({{"a b", ""}, {"", "x"}, {"", ""}, {"a b", "x y"}}));
  for (const std::size_t k : {0u, 1u, 2u}) {
    EXPECT_EQ(pairs[k].source_length, 0u);
    EXPECT_THAT(pairs[k].forward, IsEmpty());
    EXPECT_THAT(posterior_links(pairs[k]), IsEmpty());
  }
  EXPECT_EQ(pairs[3].forward.size(), 4u);
  EXPECT_THAT(train(bitext_of({{"", "x"}}))[0].forward, IsEmpty());
}

std::string words(int count, const std::string& letter) {
  std::string line;
  for (int n = 0; n < count; ++n) line += letter + std::to_string(n % 90) + ' ';
  return line;
}

// Above a length only model 1 judges, above another nobody does.
TEST(WordAligner, TakesSentencesOfAnyLength) {
  const auto pairs = train(bitext_of({{words(3000, "s"), words(3000, "t")},
                                      {words(3000, "s"), words(9, "t")},
                                      {words(200, "s"), words(200, "t")},
                                      {words(201, "s"), words(201, "t")}}));
  EXPECT_THAT(pairs[0].forward, IsEmpty());
  EXPECT_EQ(pairs[1].forward.size(), 27'000u);
  EXPECT_EQ(pairs[3].forward.size(), 201u * 201);
  for (const auto& pair : pairs) EXPECT_TRUE(are_probabilities(pair));
}

TEST(WordAligner, AlignsWordsOfNoOtherPairByTheirPlaces) {
  Bitext bitext;
  for (int k = 0; k < 100; ++k) {
    const auto number = std::to_string(k % 10);
    add_sentences(bitext, "a" + number + " b c" + number, "x" + number + " y z" + number);
  }
  add_sentences(bitext, "new b other", "unknown y words");
  EXPECT_THAT(posterior_links(train(bitext).back()),
              ElementsAre(Link{0, 0}, Link{1, 1}, Link{2, 2}));
}

TEST(WordAligner, MayDoWithoutPriors) {
  const Toy toy(100);
  AlignerOptions options;
  options.romanize = false;
  options.lexicon = {.backoff = 0.0, .spelling = 0.0, .uniform = 1e-9};
  const auto pairs = train(toy.bitext, options);
  for (const auto& pair : pairs) EXPECT_TRUE(are_probabilities(pair));
}

TEST(Agreement, MultipliesOdds) {
  EXPECT_FLOAT_EQ(agreement(0.5f, 0.5f), 0.5f);
  EXPECT_FLOAT_EQ(agreement(0.75f, 0.75f), 0.9f);  // odds of 3 * 3
  EXPECT_FLOAT_EQ(agreement(0.75f, 0.25f), 0.5f);
  EXPECT_FLOAT_EQ(agreement(0.75f, 0.5f), 0.75f);
  EXPECT_EQ(agreement(0.0f, 0.9f), 0.0f);
  EXPECT_EQ(agreement(0.0f, 1.0f), 0.0f);
  EXPECT_NEAR(agreement(1.0f, 1.0f), 1.0f, 1e-6);
}

}  // namespace
}  // namespace weft
