#include "config/compare.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace weft {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(DifferingKeys, NamesEveryKeyThatDiffersInTheOrderOfTheSchema) {
  const Config a;
  Config b;
  EXPECT_THAT(differing_keys(a, b), IsEmpty());
  b.training.stop_after = {30, Period::Unit::kUpdates};
  b.model.encoder.hidden = 513;
  b.model.decoder.cell = CellType::kLstm;
  b.data.valid_source = {""};
  EXPECT_THAT(differing_keys(a, b), ElementsAre("data.valid_source", "model.encoder.hidden",
                                                "model.decoder.cell", "training.stop_after"));
}

TEST(DifferingKeys, SeesTheSmallestDifference) {
  Config a;
  Config b;
  b.model.dropout.hidden = std::nextafter(a.model.dropout.hidden, 1.0);
  EXPECT_THAT(differing_keys(a, b), ElementsAre("model.dropout.hidden"));
  a = b;
  a.data.train_source = {"a", "b"};
  b.data.train_source = {"a, b"};
  EXPECT_THAT(differing_keys(a, b), ElementsAre("data.train_source"));
}

}  // namespace
}  // namespace weft
