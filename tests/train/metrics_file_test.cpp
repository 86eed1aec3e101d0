#include "train/metrics_file.h"

#include <gtest/gtest.h>

#include <limits>

#include "base/error.h"
#include "base/temporary_directory.h"

namespace weft {
namespace {

TEST(MetricsFile, WritesAnObjectALineAndNeverLosesTheLinesBefore) {
  const TemporaryDirectory directory;
  {
    MetricsFile file(directory.path(""));
    file.write("update", {{"updates", int64_t{3}}, {"loss", 0.5}});
    // What is written is there at once, for who watches.
    EXPECT_EQ(directory.read("metrics.jsonl"),
              "{\"event\":\"update\",\"updates\":3,\"loss\":0.5}\n");
  }
  MetricsFile(directory.path("")).write("note", {{"text", std::string("\"ä\"")}});
  EXPECT_EQ(directory.read("metrics.jsonl"),
            "{\"event\":\"update\",\"updates\":3,\"loss\":0.5}\n"
            "{\"event\":\"note\",\"text\":\"\\\"ä\\\"\"}\n");
}

TEST(MetricsFile, HasNullForWhatIsNoNumber) {
  const TemporaryDirectory directory;
  MetricsFile(directory.path("")).write("x", {{"a", std::numeric_limits<double>::infinity()}});
  EXPECT_EQ(directory.read("metrics.jsonl"), "{\"event\":\"x\",\"a\":null}\n");
}

TEST(MetricsFile, SaysThatItCannotBeWritten) {
  const TemporaryDirectory directory;
  EXPECT_THROW(MetricsFile(directory.path("absent")), UserError);
}

}  // namespace
}  // namespace weft
