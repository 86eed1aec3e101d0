#include "base/mapped_file.h"

#include <gmock/gmock.h>

#include "base/error.h"
#include "base/temporary_directory.h"

namespace weft {
namespace {

TEST(MappedFile, ShowsTheBytes) {
  const TemporaryDirectory directory;
  directory.write("a", "bytes");
  const MappedFile file(directory.path("a"));
  EXPECT_EQ(file.view(), "bytes");
  file.bytes()[0] = 'B';
  EXPECT_EQ(MappedFile(directory.path("a")).view(), "bytes");
}

TEST(MappedFile, MayBeEmpty) {
  const TemporaryDirectory directory;
  directory.write("a", "");
  EXPECT_EQ(MappedFile(directory.path("a")).view(), "");
}

TEST(MappedFile, MustBeThereAndAFile) {
  const TemporaryDirectory directory;
  EXPECT_THROW(MappedFile(directory.path("none")), UserError);
  EXPECT_THROW(MappedFile(directory.path("")), UserError);
}

}  // namespace
}  // namespace weft
