#include "train/metrics_file.h"

#include <gtest/gtest.h>

#include <limits>

#include "base/error.h"
#include "base/temporary_directory.h"

namespace weft {
namespace {

class MetricsFileTest : public ::testing::Test {
 protected:
  std::string path() const { return directory_.path("metrics.jsonl"); }
  std::string text() const { return directory_.read("metrics.jsonl"); }
  TemporaryDirectory directory_;
};

TEST_F(MetricsFileTest, WritesAnObjectALineAndNeverLosesTheLinesBefore) {
  {
    MetricsFile file(path());
    file.write("update", {{"updates", int64_t{3}}, {"loss", 0.5}});
    // What is written is there at once, for who watches.
    EXPECT_EQ(text(), "{\"event\":\"update\",\"updates\":3,\"loss\":0.5}\n");
    EXPECT_EQ(file.size(), static_cast<int64_t>(text().size()));
    file.sync();
  }
  MetricsFile(path()).write("note", {{"text", std::string("\"ä\"")}});
  EXPECT_EQ(text(),
            "{\"event\":\"update\",\"updates\":3,\"loss\":0.5}\n"
            "{\"event\":\"note\",\"text\":\"\\\"ä\\\"\"}\n");
}

TEST_F(MetricsFileTest, HasNullForWhatIsNoNumber) {
  MetricsFile(path()).write("x", {{"a", std::numeric_limits<double>::infinity()}});
  EXPECT_EQ(text(), "{\"event\":\"x\",\"a\":null}\n");
}

TEST_F(MetricsFileTest, TakesAPathOfAnyBytes) {
  MetricsFile(path()).write("x", {{"file", std::string("caf\xe9.en")}});
  EXPECT_EQ(text(), "{\"event\":\"x\",\"file\":\"caf\uFFFD.en\"}\n");
}

TEST_F(MetricsFileTest, DropsALineThatAKillHasCut) {
  directory_.write("metrics.jsonl", "{\"event\":\"a\"}\n{\"event\":\"b\",\"upd");
  MetricsFile(path()).write("c", {});
  EXPECT_EQ(text(), "{\"event\":\"a\"}\n{\"event\":\"c\"}\n");
  directory_.write("metrics.jsonl", "{\"ev");
  MetricsFile(path()).write("c", {});
  EXPECT_EQ(text(), "{\"event\":\"c\"}\n");
}

TEST_F(MetricsFileTest, IsCutToASizeButNeverFilledUp) {
  MetricsFile file(path());
  file.write("a", {});
  const auto size = file.size();
  file.write("b", {});
  file.cut(size);
  file.cut(1000);
  EXPECT_EQ(file.size(), size);
  file.write("c", {});
  EXPECT_EQ(text(), "{\"event\":\"a\"}\n{\"event\":\"c\"}\n");
}

TEST_F(MetricsFileTest, SaysThatItCannotBeWritten) {
  EXPECT_THROW(MetricsFile(directory_.path("absent/metrics.jsonl")), UserError);
  EXPECT_THROW(MetricsFile("/dev/full").write("x", {}), UserError);
}

}  // namespace
}  // namespace weft
