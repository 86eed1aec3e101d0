#include "app/line_queue.h"

#include <gtest/gtest.h>

#include "base/temporary_directory.h"

namespace weft {
namespace {

TEST(LineQueue, GivesARegularFileInFullWindows) {
  const TemporaryDirectory directory;
  std::string text;
  for (int i = 0; i < 5000; ++i) text += std::to_string(i) + "\n";
  LineQueue queue(directory.write("a", text));
  EXPECT_TRUE(queue.is_regular_file());
  EXPECT_EQ(queue.take(2000).size(), 2000u);
  EXPECT_EQ(queue.take(2000).front(), "2000");
  EXPECT_EQ(queue.take(2000).size(), 1000u);
  EXPECT_TRUE(queue.take(2000).empty());
}

// Twenty lines of 10 MiB would be 200 MiB; what is read ahead ends after 64.
TEST(LineQueue, CountsBytesToo) {
  const TemporaryDirectory directory;
  std::string text;
  for (int i = 0; i < 20; ++i) text += std::string(10 << 20, 'x') + "\n";
  LineQueue queue(directory.write("a", text));
  std::size_t lines = 0, largest = 0;
  for (auto taken = queue.take(20); !taken.empty(); taken = queue.take(20)) {
    lines += taken.size();
    largest = std::max(largest, taken.size());
  }
  EXPECT_EQ(lines, 20u);
  EXPECT_LE(largest, 7u);
}

}  // namespace
}  // namespace weft
