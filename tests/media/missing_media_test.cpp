#include <gmock/gmock.h>

#include "media/golden.h"
#include "media/open_items.h"
#include "text/user_error.h"

namespace weft {
namespace {

using ::testing::StartsWith;

TEST(MissingMedia, NamesThePackages) {
  EXPECT_THAT(user_error([] { open_pictures(names_of({"a.jpg"}), {}); }),
              StartsWith("this program was built without reading pictures; install "));
  EXPECT_THAT(user_error([] { open_audio(names_of({"a.wav"}), {}); }),
              StartsWith("this program was built without reading sound; install "));
}

}  // namespace
}  // namespace weft
