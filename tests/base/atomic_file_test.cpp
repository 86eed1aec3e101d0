#include "base/atomic_file.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <iterator>

#include "base/error.h"
#include "base/temporary_directory.h"

namespace weft {
namespace {

std::ptrdiff_t file_count(const TemporaryDirectory& directory) {
  const std::filesystem::directory_iterator files(directory.path(""));
  return std::distance(begin(files), end(files));
}

TEST(AtomicFile, ReplacesTheWholeFile) {
  const TemporaryDirectory directory;
  const std::string path = directory.write("model", "a longer old file");
  write_file_atomically(path, std::string_view("new\0file", 8));
  EXPECT_EQ(directory.read("model"), std::string_view("new\0file", 8));
  EXPECT_EQ(file_count(directory), 1);
}

TEST(AtomicFile, LeavesTheOldFileUntilItIsCommitted) {
  const TemporaryDirectory directory;
  const std::string path = directory.write("model", "old");
  {
    AtomicFile file(path);
    file.write("half");
    EXPECT_EQ(directory.read("model"), "old");
  }
  EXPECT_EQ(directory.read("model"), "old");
  EXPECT_EQ(file_count(directory), 1);
}

TEST(AtomicFile, AppendsWhatIsWritten) {
  const TemporaryDirectory directory;
  AtomicFile file(directory.path("model"));
  file.write("one ");
  file.write("");
  file.write("two");
  file.commit();
  EXPECT_EQ(directory.read("model"), "one two");
}

TEST(AtomicFile, NamesAPlaceThatCannotBeWritten) {
  const TemporaryDirectory directory;
  try {
    write_file_atomically(directory.path("no/model"), "x");
    FAIL() << "nothing thrown";
  } catch (const UserError& error) {
    EXPECT_EQ(error.what(),
              directory.path("no/model") + ": cannot be written (No such file or directory)");
  }
}

TEST(AtomicFile, DoesNotReplaceADirectory) {
  const TemporaryDirectory directory;
  std::filesystem::create_directory(directory.path("model"));
  EXPECT_THROW(write_file_atomically(directory.path("model"), "x"), UserError);
  EXPECT_TRUE(std::filesystem::is_directory(directory.path("model")));
  EXPECT_EQ(file_count(directory), 1);
}

TEST(SyncDirectory, NamesADirectoryThatIsNotThere) {
  const TemporaryDirectory directory;
  EXPECT_NO_THROW(sync_directory(directory.path("")));
  EXPECT_THROW(sync_directory(directory.path("no")), UserError);
}

}  // namespace
}  // namespace weft
