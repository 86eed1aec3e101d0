#include "base/progress.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

namespace weft {
namespace {

using testing::HasSubstr;
using testing::Not;

class Output {
 public:
  Output() : file_(std::tmpfile(), &std::fclose) {}
  std::FILE* file() { return file_.get(); }
  std::string text() {
    std::string text;
    std::rewind(file());
    for (int c = std::fgetc(file()); c != EOF; c = std::fgetc(file())) text += static_cast<char>(c);
    return text;
  }

 private:
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> file_;
};

// An interval in seconds that no test lives to see the end of.
constexpr double kNever = 1e9;

TEST(ProgressBar, WritesPlainLinesWhereThereIsNoTerminal) {
  Output output;
  ProgressBar bar({.label = "train",
                   .total = 4,
                   .line_interval_seconds = 0.0,
                   .stream = output.file(),
                   .terminal = false});
  bar.update(1, "loss 3.21");
  bar.update(2);
  bar.finish("done");
  const std::string text = output.text();
  EXPECT_THAT(text, testing::MatchesRegex("train 1/4 25%  [0-9:]+ left  loss 3.21\n"
                                          "train 2/4 50%  [0-9:]+ left\n"
                                          "train 2/4 50%  [0-9:]+ left  done\n"));
}

TEST(ProgressBar, IsFoundOutNotToBeATerminal) {
  Output output;
  ProgressBar bar({.label = "train", .stream = output.file()});
  bar.finish();
  EXPECT_THAT(output.text(), testing::MatchesRegex("train 0  [0-9:]+\n"));
}

TEST(ProgressBar, TellsTheRateAndHasPatience) {
  Output output;
  ProgressBar bar({.label = "align",
                   .total = 4,
                   .unit = "pairs",
                   .patience_seconds = kNever,
                   .line_interval_seconds = 0.0,
                   .stream = output.file(),
                   .terminal = true});
  bar.update(1);
  EXPECT_EQ(output.text(), "");
  bar.finish();  // whatever the time
  EXPECT_THAT(output.text(), HasSubstr("] 25%"));
  EXPECT_THAT(output.text(), HasSubstr(" pairs/s"));
}

TEST(ProgressBar, IsSilentInPipesIfAskedTo) {
  Output output;
  ProgressBar bar({.label = "align",
                   .total = 4,
                   .plain_lines = false,
                   .line_interval_seconds = 0.0,
                   .stream = output.file(),
                   .terminal = false});
  bar.update(1);
  bar.finish();
  EXPECT_EQ(output.text(), "");
}

TEST(ProgressBar, HoldsBackBetweenIntervals) {
  Output output;
  ProgressBar bar({.label = "train",
                   .total = 100,
                   .line_interval_seconds = kNever,
                   .stream = output.file(),
                   .terminal = false});
  for (int i = 1; i <= 100; ++i) bar.update(i);
  bar.finish();
  bar.finish();
  EXPECT_THAT(output.text(), testing::MatchesRegex("train 100/100 100%  [0-9:]+\n"));
}

TEST(ProgressBar, DrawsABarOnATerminal) {
  Output output;
  ProgressBar bar({.label = "train",
                   .total = 4,
                   .redraw_interval_seconds = 0.0,
                   .stream = output.file(),
                   .terminal = true});
  bar.update(1);
  bar.update(4);
  bar.finish();
  const std::string text = output.text();
  EXPECT_THAT(text, HasSubstr("\rtrain 1/4 [=====               ] 25%"));
  EXPECT_THAT(text, HasSubstr("\rtrain 4/4 [====================] 100%"));
  EXPECT_THAT(text, testing::EndsWith("\x1b[K\n"));
}

TEST(ProgressBar, DrawsAtOnceAndThenHoldsBack) {
  Output output;
  ProgressBar bar({.label = "train",
                   .total = 9,
                   .redraw_interval_seconds = kNever,
                   .stream = output.file(),
                   .terminal = true});
  bar.update(1);
  bar.update(2);
  EXPECT_THAT(output.text(), HasSubstr("train 1/9"));
  EXPECT_THAT(output.text(), Not(HasSubstr("train 2/9")));
}

TEST(ProgressBar, StaysOnOneLineOfTheTerminal) {
  Output output;
  {
    ProgressBar bar({.label = "train", .stream = output.file(), .terminal = true});
    bar.update(1, std::string(500, 'x'));
  }
  // 80 columns where the terminal does not say; the last is left free. Wiped at the end.
  const std::string drawn = "\rtrain 1  0:00  " + std::string(63, 'x') + "…\x1b[K";
  EXPECT_EQ(output.text(), drawn + "\r\x1b[K");
}

TEST(FormatDuration, ShowsHoursOnlyWhereThereAreAny) {
  EXPECT_EQ(format_duration(0), "0:00");
  EXPECT_EQ(format_duration(7.9), "0:07");
  EXPECT_EQ(format_duration(754), "12:34");
  EXPECT_EQ(format_duration(3723), "1:02:03");
  EXPECT_EQ(format_duration(360000), "100:00:00");
}

}  // namespace
}  // namespace weft
