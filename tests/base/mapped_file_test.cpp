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

TEST(MappedFile, KeepsItsBytesWhenTheyArePagedIn) {
  const TemporaryDirectory directory;
  std::string text(20000, 'x');
  text[9000] = 'y';
  directory.write("a", text);
  const MappedFile file(directory.path("a"));
  file.bytes()[4100] = 'z';
  page_in(file.bytes() + 4097, 10000);  // from within a page to within another
  page_in(file.bytes(), 0);
  text[4100] = 'z';
  EXPECT_EQ(file.view(), text);
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
