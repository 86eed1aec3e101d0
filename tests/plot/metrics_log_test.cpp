#include "plot/metrics_log.h"

#include <gmock/gmock.h>

#include <cmath>

#include "base/temporary_directory.h"
#include "plot/learning_curves.h"

namespace weft {
namespace {

using ::testing::ElementsAre;

class MetricsLogTest : public testing::Test {
 protected:
  MetricsLog read(const std::string& text) {
    problems_ = {};
    path_ = directory_.write("metrics.jsonl", text);
    return read_metrics_log("run", path_, problems_);
  }
  std::vector<std::string> mistakes() const {
    std::vector<std::string> messages;
    for (const auto& message : problems_.messages())
      messages.push_back(message.substr(message.find(path_) + path_.size()));
    return messages;
  }

  TemporaryDirectory directory_;
  std::string path_;
  Problems problems_;
};

constexpr const char* kUpdate = R"({"event":"update","updates":10,"loss":2.5,"seconds":1})"
                                "\n";

TEST_F(MetricsLogTest, HoldsQuantitiesAndNoCounters) {
  const auto log = read(
      std::string(kUpdate) +
      R"({"event":"skipped","updates":11,"file":"a","line":3})"
      "\n"
      R"({"event":"validation","updates":20,"epoch":1,"bleu":null,"aer":0.25,"stalled":0,"seconds":2})"
      "\n");
  EXPECT_THAT(mistakes(), ElementsAre());
  ASSERT_EQ(log.events.size(), 2);
  EXPECT_THAT(log.keys(), ElementsAre("loss", "bleu", "aer"));
  EXPECT_TRUE(log.events[1].validates);
  EXPECT_TRUE(std::isnan(log.events[1].values[0].second));
}

TEST_F(MetricsLogTest, TellsEveryBrokenLine) {
  read(std::string(kUpdate) + "{\"event\":\"upd\n[1]\n\n{\"event\":\"update\"}\n" +
       R"({"event":"update","updates":1,"seconds":"x"})" + "\n");
  EXPECT_THAT(mistakes(),
              ElementsAre(":2: is no JSON; expected an object, as training writes",
                          ":3: is no line of metrics; expected an object with \"event\"",
                          ":4: is no JSON; expected an object, as training writes",
                          ":5: has no \"updates\"; expected a whole number",
                          ":6: has \"seconds\" that are no number"));
}

TEST_F(MetricsLogTest, LeavesOutALastLineThatIsHalfWritten) {
  const auto log = read(std::string(kUpdate) + R"({"event":"update","upda)");
  EXPECT_THAT(mistakes(), ElementsAre());
  EXPECT_EQ(log.events.size(), 1);
  // One that lacks nothing but its end is whole.
  EXPECT_EQ(
      read(std::string(kUpdate) + R"({"event":"update","updates":20,"loss":2})").events.size(), 2);
}

TEST_F(MetricsLogTest, TellsThatThereIsNothing) {
  for (const char* text : {"", "{\"event\":\"resume\"}\n", "{\"event\":\"upd"}) {
    read(text);
    EXPECT_THAT(
        mistakes(),
        ElementsAre(": holds no updates and no validations; expected metrics.jsonl of a run"));
  }
}

TEST_F(MetricsLogTest, BecomesCurvesByQuantityAndRun) {
  const std::string text =
      std::string(kUpdate) +
      R"({"event":"validation","updates":20,"loss":3,"bleu":12.5,"seconds":2})"
      "\n"
      R"({"event":"update","updates":30,"loss":null,"learning_rate":0.1,"seconds":3})"
      "\n";
  const auto log = read(text);
  const auto figure = learning_curves({log, log}, {}, CurveScale::kSeconds);
  ASSERT_EQ(figure.charts.size(), 3);
  const auto& loss = figure.charts[0];
  EXPECT_EQ(figure.charts[1].title, "BLEU");
  EXPECT_EQ(figure.charts[2].title, "Learning rate");
  ASSERT_EQ(loss.curves.size(), 4);
  EXPECT_EQ(loss.curves[1].run, 1);
  EXPECT_EQ(loss.curves[2].kind, "validation");
  EXPECT_EQ(loss.curves[0].points[0].x, 1);
  EXPECT_EQ(loss.curves[0].points[0].y, 2.5);
  EXPECT_FALSE(std::isfinite(loss.curves[0].points[1].y));
  EXPECT_THROW(learning_curves({log}, {"bleau"}, CurveScale::kUpdates), UserError);
}

}  // namespace
}  // namespace weft
