#include "aligner/pair_posteriors.h"

#include <gmock/gmock.h>

namespace weft {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

/// Two words each; posteriors as rows of source words.
PairPosteriors pair(std::vector<float> forward, std::vector<float> backward) {
  return {2, 2, std::move(forward), std::move(backward), {0.1f, 0.1f}, {0.1f, 0.1f}};
}

TEST(LinkStrength, LiesBetweenTheMeans) {
  EXPECT_FLOAT_EQ(link_strength(0.0f, 0.0f), 0.0f);
  EXPECT_FLOAT_EQ(link_strength(1.0f, 1.0f), 1.0f);
  EXPECT_FLOAT_EQ(link_strength(1.0f, 0.0f), 0.25f);
  EXPECT_FLOAT_EQ(link_strength(0.0f, 1.0f), 0.25f);
  EXPECT_FLOAT_EQ(link_strength(0.36f, 0.16f), 0.25f);
}

TEST(PosteriorLinks, AreAllThatAreStrongEnough) {
  const auto posteriors = pair({0.36f, 0.9f, 0.0f, 0.0f}, {0.16f, 0.9f, 0.9f, 0.0f});
  EXPECT_THAT(posterior_links(posteriors, 0.25f), ElementsAre(Link{0, 0}, Link{0, 1}));
  EXPECT_THAT(posterior_links(posteriors, 0.3f), ElementsAre(Link{0, 1}));
  EXPECT_THAT(posterior_links(posteriors, 0.2f), ElementsAre(Link{0, 0}, Link{0, 1}, Link{1, 0}));
}

TEST(DirectionalLinks, TakeTheBestOfEachWord) {
  const auto posteriors = pair({0.7f, 0.6f,  //
                                0.2f, 0.3f},
                               {0.2f, 0.7f,  //
                                0.8f, 0.1f});
  EXPECT_THAT(forward_links(posteriors), ElementsAre(Link{0, 0}, Link{0, 1}));
  EXPECT_THAT(backward_links(posteriors), ElementsAre(Link{0, 1}, Link{1, 0}));
}

TEST(DirectionalLinks, TakeTheFirstOfEqualsAndNothingBeforeAWord) {
  auto posteriors = pair({0.4f, 0.3f,  //
                          0.4f, 0.3f},
                         {0.4f, 0.4f,  //
                          0.3f, 0.2f});
  posteriors.forward_nothing = {0.2f, 0.3f};
  posteriors.backward_nothing = {0.2f, 0.5f};
  EXPECT_THAT(forward_links(posteriors), ElementsAre(Link{0, 0}));
  EXPECT_THAT(backward_links(posteriors), ElementsAre(Link{0, 0}));
}

TEST(DirectionalLinks, AreNoneOfEmptySides) {
  const PairPosteriors no_source{0, 2, {}, {}, {1.0f, 1.0f}, {}};
  const PairPosteriors no_target{2, 0, {}, {}, {}, {1.0f, 1.0f}};
  for (const auto& empty : {PairPosteriors{}, no_source, no_target}) {
    EXPECT_THAT(forward_links(empty), IsEmpty());
    EXPECT_THAT(backward_links(empty), IsEmpty());
    EXPECT_THAT(posterior_links(empty, 0.0f), IsEmpty());
  }
}

}  // namespace
}  // namespace weft
