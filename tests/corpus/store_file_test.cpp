#include "data/store_file.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <numeric>
#include <optional>
#include <stdexcept>
#include <thread>
#include <utility>
#include <vector>

#include "base/temporary_directory.h"
#include "text/user_error.h"

namespace weft {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;

TEST(StoreFile, GivesBackWhatWasWritten) {
  const TemporaryDirectory directory;
  StoreFile file(directory.path(""), "");
  std::vector<int32_t> numbers(100'000);
  std::iota(numbers.begin(), numbers.end(), 0);
  file.append(numbers.data(), 4 * 60'000);
  file.append(numbers.data() + 60'000, 4 * 40'000);
  EXPECT_EQ(file.size(), 400'000);
  std::vector<int32_t> found(3);
  file.read(4 * 59'999, found.data(), 12);
  EXPECT_THAT(found, ElementsAre(59'999, 60'000, 60'001));
  const StoreFile moved(std::move(file));
  moved.read(0, found.data(), 12);
  EXPECT_THAT(found, ElementsAre(0, 1, 2));
  EXPECT_THROW(moved.read(400'000 - 8, found.data(), 12), std::out_of_range);
}

TEST(StoreFile, HasNoName) {
  const TemporaryDirectory directory;
  StoreFile file(directory.path(""), "");
  file.append("text", 4);
  EXPECT_EQ(fs::directory_iterator(directory.path("")), fs::directory_iterator());
}

TEST(StoreFile, NamesTheFolderWhereItCannotBe) {
  const TemporaryDirectory directory;
  const std::string missing = directory.path("missing");
  EXPECT_EQ(user_error([&] { StoreFile file(missing, ""); }),
            missing +
                ": a temporary file cannot be made here (No such file or directory); "
                "data.tempdir names another folder");
}

TEST(StoreFile, SaysWhenThereIsNoRoomLeft) {
  const TemporaryDirectory directory;
  StoreFile file(directory.path(""), "");
  struct rlimit before {};
  ::getrlimit(RLIMIT_FSIZE, &before);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  const struct rlimit small { 1000, before.rlim_max };
  ::setrlimit(RLIMIT_FSIZE, &small);
  const std::vector<char> bytes(2000);
  const std::string message = user_error([&] { file.append(bytes.data(), bytes.size()); });
  ::setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, handler);
  EXPECT_THAT(message, HasSubstr(": a temporary file cannot be written here (File too large)"));
}

TEST(StoreFile, CanBeReadAgain) {
  const TemporaryDirectory directory;
  std::vector<int32_t> numbers(400'000), found(400'000);
  std::iota(numbers.begin(), numbers.end(), 0);
  uint32_t checksum = 0;
  {
    StoreFile file({directory.path(""), StorePlace::Kind::kNew}, "numbers");
    file.append(numbers.data(), 1'000'000);
    file.append(numbers.data() + 250'000, 600'000);
    file.sync();
    checksum = file.checksum();
    EXPECT_THAT(user_error([&] {
                  StoreFile again({directory.path(""), StorePlace::Kind::kNew}, "numbers");
                }),
                HasSubstr("numbers: cannot be made (File exists)"));
  }
  const StoreFile file({directory.path(""), StorePlace::Kind::kKept}, "numbers");
  EXPECT_EQ(file.size(), 1'600'000);
  EXPECT_EQ(file.checksum(), checksum);
  file.read(0, found.data(), 1'600'000);
  EXPECT_EQ(found, numbers);
  fs::resize_file(directory.path("numbers"), 1000);
  EXPECT_EQ(user_error([&] { file.read(0, found.data(), 1'600'000); }),
            directory.path("numbers") + ": has become shorter while it was used");
}

TEST(StoreFile, IsInUseAlsoIfItIsOpenedWhileSomebodyAsks) {
  const TemporaryDirectory directory;
  const auto path = directory.write("numbers", "1 2");
  EXPECT_FALSE(is_in_use(path));
  const int asking = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  ASSERT_EQ(::flock(asking, LOCK_EX), 0);
  std::optional<StoreFile> file;
  std::thread opening([&] {
    file.emplace(StorePlace{directory.path(""), StorePlace::Kind::kKept}, "numbers");
  });
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  ::close(asking);
  opening.join();
  EXPECT_TRUE(is_in_use(path));
  file.reset();
  EXPECT_FALSE(is_in_use(path));
}

}  // namespace
}  // namespace weft
