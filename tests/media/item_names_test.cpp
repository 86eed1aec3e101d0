#include "media/item_names.h"

#include <gmock/gmock.h>

#include "base/temporary_directory.h"
#include "media/golden.h"
#include "text/user_error.h"

namespace weft {
namespace {

TEST(ItemNames, CountAnItemOnce) {
  ItemNames names("/data");
  EXPECT_EQ(names.add("a.jpg", {"x.txt", 1}), 0);
  EXPECT_EQ(names.add("b.jpg", {"x.txt", 2}), 1);
  EXPECT_EQ(names.add(" a.jpg\r", {"x.txt", 3}), 0);
  EXPECT_EQ(names.size(), 2);
  EXPECT_EQ(names.path(0), "/data/a.jpg");
  EXPECT_EQ(names.location(0).line, 1);
}

TEST(ItemNames, KeepAbsolutePaths) {
  EXPECT_EQ(names_of({"/else/a.jpg"}, "/data").path(0), "/else/a.jpg");
  EXPECT_EQ(names_of({"a.jpg"}).path(0), "a.jpg");
}

TEST(ItemNames, RefuseAnEmptyLine) {
  EXPECT_EQ(user_error([] {
              names_of({"a", " \t"});
            }),
            "items.txt:2: is empty; expected the name of a file");
}

TEST(ItemNames, SayWhereAFileIsMissing) {
  const TemporaryDirectory directory;
  const auto names = names_of({"a", "b c"});
  EXPECT_EQ(user_error([&] { names.check_file(1, directory.path("b c")); }),
            "items.txt:2: 'b c' cannot be opened as " + directory.path("b c") +
                " (No such file or directory)");
  EXPECT_EQ(user_error([&] { names.check_file(0, directory.path("")); }),
            "items.txt:1: 'a' is a directory; expected a file");
  EXPECT_EQ(user_error([&] { names.check_file(0, "/dev/null"); }),
            "items.txt:1: 'a' is no regular file");
}

}  // namespace
}  // namespace weft
