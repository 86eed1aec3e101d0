#include "app/parallel_lines.h"

#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/temporary_directory.h"

namespace weft {
namespace {

using testing::ElementsAre;

/// What a reader of all windows of `most` lines is refused with, and what it had taken before.
struct Reading {
  std::vector<std::vector<std::string>> lines;  ///< by file
  std::string refusal;
};

Reading read_all(const std::vector<std::string>& paths, std::size_t most = 2) {
  Reading reading{std::vector<std::vector<std::string>>(paths.size()), ""};
  try {
    ParallelLines lines(paths);
    for (auto window = lines.take(most); !window.empty(); window = lines.take(most)) {
      for (std::size_t k = 0; k < paths.size(); ++k) {
        auto& all = reading.lines[k];
        all.insert(all.end(), window.files[k].begin(), window.files[k].end());
      }
    }
  } catch (const UserError& error) {
    reading.refusal = error.what();
  }
  return reading;
}

TEST(ParallelLines, GoSideBySide) {
  const TemporaryDirectory directory;
  const auto reading =
      read_all({directory.write("a", "1\n2\n3\n"), directory.write("b", "x\n\nz")});
  EXPECT_THAT(reading.lines, ElementsAre(ElementsAre("1", "2", "3"), ElementsAre("x", "", "z")));
  EXPECT_EQ(reading.refusal, "");
}

TEST(ParallelLines, NameTheShorterFileWhenEveryPairHasBeenTaken) {
  const TemporaryDirectory directory;
  const auto a = directory.write("a", "1\n2\n3\n4\n5\n");
  const auto b = directory.write("b", "x\ny\nz\n");
  const auto expected =
      b + " has 3 lines, but " + a + " has 5 lines; expected as many lines in both";
  for (const auto& paths : {std::vector{a, b}, std::vector{b, a}}) {
    const auto reading = read_all(paths);
    EXPECT_EQ(reading.refusal, expected);
    EXPECT_EQ(reading.lines[0].size(), 3u);
  }
  EXPECT_EQ(read_all({a, directory.write("none", "")}).refusal,
            directory.path("none") + " has 0 lines, but " + a +
                " has 5 lines; expected as many lines in both");
}

TEST(ParallelLines, TellMistakesWhenTheLinesBeforeHaveBeenTaken) {
  const TemporaryDirectory directory;
  const auto a = directory.write("a", "1\n2\n3\n4\n");
  const auto b = directory.write("b", "x\ny\nz\xFF\n");
  const auto reading = read_all({a, b}, 100);
  EXPECT_THAT(reading.lines[1], ElementsAre("x", "y"));
  EXPECT_EQ(reading.refusal, b + ":3: not valid UTF-8 (byte 0xff at column 2)");
}

TEST(ParallelLines, ComeFromAPipeAsTheyAreWritten) {
  const TemporaryDirectory directory;
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  ParallelLines lines({"/dev/fd/" + std::to_string(ends[0]), directory.write("b", "x\ny\n")});
  ASSERT_EQ(::write(ends[1], "1\n", 2), 2);
  const auto first = lines.take(100);
  EXPECT_THAT(first.files, ElementsAre(ElementsAre("1"), ElementsAre("x")));
  ASSERT_EQ(::write(ends[1], "2\n", 2), 2);
  ::close(ends[1]);
  const auto second = lines.take(100);
  EXPECT_THAT(second.files, ElementsAre(ElementsAre("2"), ElementsAre("y")));
  EXPECT_EQ(lines.location(1, 0).line, 2);
  EXPECT_TRUE(lines.take(100).empty());
  ::close(ends[0]);
}

TEST(ParallelLines, AreNotReadTwiceFromOnePipe) {
  const TemporaryDirectory directory;
  const auto pipe = directory.path("pipe");
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_EQ(read_all({pipe, pipe}).refusal, pipe + " is given twice; it can be read only once");
  EXPECT_EQ(read_all({"-", "-"}).refusal,
            "standard input is given twice; it can be read only once");
  const auto file = directory.write("a", "1\n");
  EXPECT_EQ(read_all({file, file}).refusal, "") << "a file can";
}

TEST(ParallelLines, CanBeTakenAltogether) {
  const TemporaryDirectory directory;
  std::string text;
  for (int i = 0; i < 30000; ++i) text += std::to_string(i) + "\n";
  const auto a = directory.write("a", text);
  ParallelLines lines({a, a});
  EXPECT_FALSE(lines.has_ended(0));
  const auto all = lines.take_all();
  ASSERT_EQ(all.count(), 30000u);
  EXPECT_EQ(all.files[1][29999], "29999");
  EXPECT_TRUE(lines.has_ended(0));
}

}  // namespace
}  // namespace weft
