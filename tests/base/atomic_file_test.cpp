#include "base/atomic_file.h"

#include <gmock/gmock.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <filesystem>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/temporary_directory.h"

namespace {

/// What fsync() was called for, if somebody wants to know: a power cut cannot be tried.
std::vector<std::string>* synced_paths = nullptr;

}  // namespace

/// Stands before the C library's.
extern "C" int fsync(int descriptor) {
  if (synced_paths != nullptr) {
    std::error_code ignored;
    synced_paths->push_back(
        std::filesystem::read_symlink("/proc/self/fd/" + std::to_string(descriptor), ignored));
  }
  return static_cast<int>(::syscall(SYS_fsync, descriptor));
}

namespace weft {
namespace {

namespace fs = std::filesystem;

/// The paths that are synced while `work` goes on, in order.
template <class Work>
std::vector<std::string> synced_during(Work work) {
  std::vector<std::string> paths;
  synced_paths = &paths;
  work();
  synced_paths = nullptr;
  return paths;
}

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

TEST(AtomicFile, IsOnTheDiskBeforeItsNameIs) {
  const TemporaryDirectory directory;
  const auto parent = fs::path(directory.path("model")).parent_path().string();
  const auto paths = synced_during([&] { write_file_atomically(directory.path("model"), "new"); });
  ASSERT_EQ(paths.size(), 2U);
  EXPECT_TRUE(is_temporary_name(fs::path(paths[0]).filename().string(), "model")) << paths[0];
  EXPECT_EQ(paths[1], parent);
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

TEST(AtomicFile, DoesNotReplaceADevice) {
  EXPECT_THROW(AtomicFile("/dev/null"), UserError);
  EXPECT_TRUE(fs::is_character_file("/dev/null"));
}

TEST(AtomicFile, HandsThePermissionsOfTheOldFileOn) {
  const TemporaryDirectory directory;
  const std::string path = directory.write("model", "old");
  for (const auto mode : {fs::perms{0600}, fs::perms{0664}, fs::perms{0400}}) {
    fs::permissions(path, mode);
    write_file_atomically(path, "new");
    EXPECT_EQ(fs::status(path).permissions(), mode);
  }
}

TEST(AtomicFile, GivesANewFileThePermissionsOfAnyOther) {
  const TemporaryDirectory directory;
  const mode_t before = ::umask(027);
  write_file_atomically(directory.path("model"), "new");
  ::umask(before);
  EXPECT_EQ(fs::status(directory.path("model")).permissions(), fs::perms{0640});
}

TEST(AtomicFile, KeepsASymbolicLinkAndReplacesWhatItPointsTo) {
  const TemporaryDirectory directory;
  fs::create_directory(directory.path("store"));
  directory.write("store/model", "old");
  fs::create_symlink("store/model", directory.path("link"));
  fs::create_symlink(directory.path("store/absent"), directory.path("dangling"));
  write_file_atomically(directory.path("link"), "new");
  write_file_atomically(directory.path("dangling"), "first");
  EXPECT_TRUE(fs::is_symlink(directory.path("link")));
  EXPECT_TRUE(fs::is_symlink(directory.path("dangling")));
  EXPECT_EQ(directory.read("store/model"), "new");
  EXPECT_EQ(directory.read("store/absent"), "first");
  fs::create_symlink("circle", directory.path("circle"));
  EXPECT_THROW(AtomicFile(directory.path("circle")), UserError);
}

TEST(AtomicFile, SharesNoTemporaryFileWithAnotherOfTheSameName) {
  const TemporaryDirectory directory;
  auto first = std::make_unique<AtomicFile>(directory.path("model"));
  auto second = std::make_unique<AtomicFile>(directory.path("model"));
  first->write("first");
  second->write("second");
  first->commit();
  EXPECT_EQ(directory.read("model"), "first");
  second->commit();
  EXPECT_EQ(directory.read("model"), "second");
  EXPECT_EQ(file_count(directory), 1);
}

TEST(AtomicFile, TakesTheLongestName) {
  const TemporaryDirectory directory;
  const std::string name(255, 'x');
  write_file_atomically(directory.path(name), "new");
  EXPECT_EQ(directory.read(name), "new");
  EXPECT_THROW(AtomicFile(directory.path(std::string(256, 'x'))), UserError);
}

TEST(AtomicFile, LeavesATemporaryFileThatIsKnown) {
  const TemporaryDirectory directory;
  const AtomicFile file(directory.path("model"));
  const auto name = fs::directory_iterator(directory.path(""))->path().filename().string();
  EXPECT_TRUE(is_temporary_name(name, "model")) << name;
  EXPECT_TRUE(is_temporary_name("model.tmp-1234", "model")) << "of the first version";
  for (const char* other : {"model", "model.tmp-", "model.tmp-a.b", "models.tmp-1234", "a.tmp-1"})
    EXPECT_FALSE(is_temporary_name(other, "model")) << other;
}

TEST(ReplaceFile, KeepsPermissionsAndLinksOfWhatItReplaces) {
  const TemporaryDirectory directory;
  const std::string store = directory.write("store", "old");
  fs::permissions(store, fs::perms{0600});
  fs::create_symlink("store", directory.path("link"));
  const std::string from = directory.write("new", "new");
  fs::permissions(from, fs::perms{0644});
  replace_file(from, directory.path("link"));
  EXPECT_TRUE(fs::is_symlink(directory.path("link")));
  EXPECT_EQ(directory.read("store"), "new");
  EXPECT_EQ(fs::status(store).permissions(), fs::perms{0600});
  EXPECT_FALSE(fs::exists(from));
  replace_file(store, directory.path("first"));
  EXPECT_EQ(directory.read("first"), "new");
  EXPECT_THROW(replace_file(store, directory.path("first")), UserError) << "it is not there";
}

TEST(MakeDirectories, MakesAllThatAreMissing) {
  const TemporaryDirectory directory;
  make_directories(directory.path("a/b/c/"));
  EXPECT_TRUE(fs::is_directory(directory.path("a/b/c")));
  EXPECT_NO_THROW(make_directories(directory.path("a/b")));
}

// A name is on the disk when the directory that it stands in is.
TEST(MakeDirectories, SyncsEachDirectoryThatANewNameStandsIn) {
  const TemporaryDirectory directory;
  const auto parent = fs::path(directory.path("a")).parent_path().string();
  EXPECT_THAT(synced_during([&] { make_directories(directory.path("a/b/c")); }),
              testing::ElementsAre(parent, directory.path("a"), directory.path("a/b")));
  EXPECT_THAT(synced_during([&] { make_directories(directory.path("a/b/c")); }),
              testing::IsEmpty());
}

TEST(MakeDirectories, SaysWhatStandsInTheWay) {
  const TemporaryDirectory directory;
  directory.write("file", "");
  const auto complaint = [](const std::string& path) -> std::string {
    try {
      make_directories(path);
    } catch (const UserError& error) {
      return error.what();
    }
    return "no complaint";
  };
  for (const char* path : {"file", "file/a"})
    EXPECT_EQ(complaint(directory.path(path)), directory.path("file") + ": is not a directory");
  const auto long_name = directory.path(std::string(300, 'x'));
  EXPECT_EQ(complaint(long_name), long_name + ": cannot be made (File name too long)");
}

TEST(SyncDirectory, NamesADirectoryThatIsNotThere) {
  const TemporaryDirectory directory;
  EXPECT_NO_THROW(sync_directory(directory.path("")));
  EXPECT_THROW(sync_directory(directory.path("no")), UserError);
}

}  // namespace
}  // namespace weft
