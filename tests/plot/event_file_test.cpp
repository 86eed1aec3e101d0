#include "plot/event_file.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

namespace weft {
namespace {

std::string bytes_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(EventFile, IsWhatProtocolBuffersAndCrc32cSay) {
  Problems problems;
  const auto log = read_metrics_log("run", WEFT_GOLDEN "/plot/metrics.jsonl", problems);
  ASSERT_TRUE(problems.empty());
  ASSERT_EQ(log.events.size(), 3);
  const auto expected = bytes_of(WEFT_GOLDEN "/plot/events.tfevents");
  ASSERT_FALSE(expected.empty());
  EXPECT_EQ(event_file(log, 1700000000.5), expected);
}

}  // namespace
}  // namespace weft
