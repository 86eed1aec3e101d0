#include "base/escape_markup.h"

#include <gtest/gtest.h>

namespace weft {
namespace {

TEST(EscapeMarkup, EscapesWhatReadersTakeForTags) {
  EXPECT_EQ(escape_markup("a < b & \"c\" > d"), "a &lt; b &amp; \"c\" &gt; d");
}

}  // namespace
}  // namespace weft
