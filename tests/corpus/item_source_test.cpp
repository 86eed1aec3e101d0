#include "data/item_source.h"

#include <gmock/gmock.h>

#include <vector>

#include "base/error.h"
#include "corpus/fake_items.h"

namespace weft {
namespace {

using testing::ElementsAre;

ItemOptions joined(int64_t frames, bool global) {
  ItemOptions options;
  options.kind = SourceKind::kFeatures;
  options.frame_stack = frames;
  options.global = global;
  return options;
}

/// What copy_features() writes, and nothing behind it.
std::vector<float> copied(const ItemSource& source, int64_t item, const ItemDraw& draw = {}) {
  const auto count = static_cast<std::size_t>(source.annotations(item) * source.width());
  std::vector<float> numbers(count + 1, 99);
  source.copy_features(item, numbers.data(), draw);
  EXPECT_EQ(numbers.back(), 99);
  numbers.pop_back();
  return numbers;
}

TEST(ItemSource, GivesVectorsAsTheyAre) {
  const ItemSource source(std::make_unique<FakeFeatures>(std::vector<int64_t>{3, 1}),
                          joined(1, false));
  EXPECT_EQ(source.size(), 2);
  EXPECT_EQ(source.annotations(0), 3);
  EXPECT_EQ(source.width(), 2);
  EXPECT_FALSE(source.grid(0).is_there());
  EXPECT_THAT(copied(source, 0), ElementsAre(0, 0, 1, -1, 2, -2));
  EXPECT_THAT(copied(source, 1), ElementsAre(10, 0));
}

TEST(ItemSource, JoinsFramesAndFillsTheLastWithZeros) {
  const ItemSource source(std::make_unique<FakeFeatures>(std::vector<int64_t>{3}),
                          joined(2, false));
  EXPECT_EQ(source.annotations(0), 2);
  EXPECT_EQ(source.width(), 4);
  EXPECT_THAT(copied(source, 0), ElementsAre(0, 0, 1, -1, 2, -2, 0, 0));
}

TEST(ItemSource, HasTheMeanAsOneMore) {
  const ItemSource source(std::make_unique<FakeFeatures>(std::vector<int64_t>{4}, ItemGrid{2, 2}),
                          joined(1, true));
  EXPECT_EQ(source.annotations(0), 5);
  EXPECT_EQ(source.grid(0), (ItemGrid{2, 2}));
  const auto numbers = copied(source, 0);
  EXPECT_EQ(numbers[8], 1.5F);
  EXPECT_EQ(numbers[9], -1.5F);
}

TEST(ItemSource, HidesVectorsBeforeTheyAreJoinedAndTheMeanIsTaken) {
  // All of the item, which is then its mean everywhere.
  const ItemDraw draw{{.time_masks = 100}, 1};
  const ItemSource joined_ones(std::make_unique<FakeFeatures>(std::vector<int64_t>{3}),
                               joined(2, true));
  EXPECT_THAT(copied(joined_ones, 0, draw), ElementsAre(1, -1, 1, -1, 1, -1, 0, 0, 1, -1, .5, -.5));
  EXPECT_THAT(copied(joined_ones, 0), ElementsAre(0, 0, 1, -1, 2, -2, 0, 0, 1, -1, .5, -.5));
}

TEST(ItemSource, HidesNothingOfPictures) {
  auto options = joined(1, false);
  options.kind = SourceKind::kImage;
  const ItemSource source(std::make_unique<FakeFeatures>(std::vector<int64_t>{3}), options);
  EXPECT_THAT(copied(source, 0, {{.time_masks = 100}, 1}), ElementsAre(0, 0, 1, -1, 2, -2));
  EXPECT_NO_THROW(source.require_sequences());
}

TEST(ItemSource, HidesNothingOfGrids) {
  const auto source = [](ItemGrid grid) {
    return ItemSource(std::make_unique<FakeFeatures>(std::vector<int64_t>{4}, grid),
                      joined(1, false));
  };
  EXPECT_NO_THROW(source({}).require_sequences());
  EXPECT_THROW(source({2, 2}).require_sequences(), UserError);
}

TEST(ItemSource, HasAnAnnotationForEightPixelsOfAPicture) {
  auto options = joined(1, false);
  options.kind = SourceKind::kImage;
  const ItemSource source(std::make_unique<FakePictures>(3, 17, 8), options);
  EXPECT_TRUE(source.has_pictures());
  EXPECT_EQ(source.grid(1), (ItemGrid{3, 1}));
  EXPECT_EQ(source.annotations(1), 3);
  EXPECT_EQ(source.width(), 1) << "a channel";
  EXPECT_EQ(source.picture_size(), (ItemGrid{17, 8}));
}

}  // namespace
}  // namespace weft
