#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <iterator>
#include <string>
#include <thread>
#include <vector>

#include "base/atomic_file.h"
#include "base/temporary_directory.h"

namespace weft {
namespace {

constexpr int kRounds = 30;

/// Writes the file over and over, each time whole, in two pieces.
void write_again_and_again(const std::string& path, char letter) {
  const std::string half(20'000, letter);
  for (int i = 0; i < kRounds; ++i) {
    AtomicFile file(path);
    file.write(half);
    file.write(half);
    file.commit();
  }
}

/// Nobody ever sees two writers' letters in one file, or half of it.
void expect_whole(const TemporaryDirectory& directory) {
  const std::string text = directory.read("file");
  ASSERT_EQ(text.size(), 40'000);
  EXPECT_EQ(text, std::string(text.size(), text.front()));
}

void expect_nothing_left_over(const TemporaryDirectory& directory) {
  const std::filesystem::directory_iterator files(directory.path(""));
  EXPECT_EQ(std::distance(begin(files), end(files)), 1);
}

TEST(AtomicFileProcesses, ShareAName) {
  const TemporaryDirectory directory;
  write_again_and_again(directory.path("file"), '0');
  std::array<pid_t, 2> writers{};
  for (std::size_t i = 0; i < writers.size(); ++i) {
    writers[i] = ::fork();
    if (writers[i] != 0) continue;
    write_again_and_again(directory.path("file"), i == 0 ? 'a' : 'b');
    std::_Exit(0);
  }
  for (const pid_t writer : writers) {
    int status = 1;
    while (::waitpid(writer, &status, WNOHANG) == 0) expect_whole(directory);
    EXPECT_EQ(status, 0);
  }
  expect_whole(directory);
  expect_nothing_left_over(directory);
}

TEST(AtomicFileThreads, ShareAName) {
  const TemporaryDirectory directory;
  {
    std::vector<std::jthread> writers;
    for (const char letter : {'a', 'b', 'c'})
      writers.emplace_back([&, letter] { write_again_and_again(directory.path("file"), letter); });
  }
  expect_whole(directory);
  expect_nothing_left_over(directory);
}

}  // namespace
}  // namespace weft
