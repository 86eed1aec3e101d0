#include "serve/serve_metrics.h"

#include <gmock/gmock.h>

namespace weft {
namespace {

using ::testing::HasSubstr;

TEST(Histogram, CountsUpToEachBound) {
  Histogram histogram({1, 2.5});
  for (const double value : {0.5, 1.0, 2.0, 7.0}) histogram.add(value);
  EXPECT_EQ(histogram.text("x", "a=\"b\""),
            "x_bucket{a=\"b\",le=\"1\"} 2\n"
            "x_bucket{a=\"b\",le=\"2.5\"} 3\n"
            "x_bucket{a=\"b\",le=\"+Inf\"} 4\n"
            "x_sum{a=\"b\"} 10.5\n"
            "x_count{a=\"b\"} 4\n");
}

TEST(ServeMetrics, TellWhatWasCounted) {
  ServeMetrics metrics;
  metrics.count_request("/translate", 200, 0.03);
  metrics.count_request("/translate", 429, 0.001);
  metrics.count_batch(3, 0.02);
  const auto text = metrics.text(5);
  EXPECT_THAT(text, HasSubstr("weft_requests_total{path=\"/translate\",status=\"200\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("weft_requests_total{path=\"/translate\",status=\"429\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("weft_request_seconds_count{path=\"/translate\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("# TYPE weft_batch_lines histogram\n"));
  EXPECT_THAT(text, HasSubstr("weft_batch_lines_bucket{le=\"4\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("weft_lines_total 3\n"));
  EXPECT_THAT(text, HasSubstr("weft_queue_lines 5\n"));
}

}  // namespace
}  // namespace weft
