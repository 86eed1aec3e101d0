// weft translate in a conversation: each line is answered before the next one comes.

#include <gtest/gtest.h>

#include <csignal>

#include "base/temporary_directory.h"
#include "e2e/program.h"
#include "e2e/tiny_models.h"

namespace weft::e2e {
namespace {

constexpr const char* kLines = "a b c\n\nh g f e\nb\n";

std::vector<std::string> with_options(const std::vector<std::string>& options) {
  std::vector<std::string> arguments{"translate", "-m", reversal_model()};
  arguments.insert(arguments.end(), options.begin(), options.end());
  return arguments;
}

/// Each line is answered while its sender waits. The answers.
std::string converse(const std::vector<std::string>& options) {
  RunningProgram program(weft_command(with_options(options)));
  std::string answers;
  for (const auto& line : lines_of(kLines)) {
    program.write(line + '\n');
    const auto answer = program.read_lines(1);
    EXPECT_EQ(lines_of(answer).size(), 1u) << "after " << line << answer;
    answers += answer;
  }
  const auto end = program.wait();
  EXPECT_EQ(end.status, 0) << end.err;
  EXPECT_EQ(end.out, "") << "everything was answered before the end";
  return answers;
}

/// And exactly as in a batch.
void expect_conversation(const std::vector<std::string>& options) {
  EXPECT_EQ(converse(options), run_weft(with_options(options), kLines).out);
}

TEST(Streaming, AnswersEachLineAsItComes) { expect_conversation({}); }
TEST(Streaming, WithAlignments) { expect_conversation({"--alignment", "hard"}); }
TEST(Streaming, WithJson) { converse({"--alignment", "json"}); }
TEST(Streaming, WithAnEnsemble) { expect_conversation({"-m", reversal_model()}); }

TEST(Streaming, AnswersSeveralLinesThatComeAtOnce) {
  RunningProgram program(weft_command(with_options({})));
  program.write("a b\nc\n\nd e f\n");
  EXPECT_EQ(lines_of(program.read_lines(4)).size(), 4u);
  program.write("g\n");
  EXPECT_EQ(lines_of(program.read_lines(1)).size(), 1u);
  EXPECT_EQ(program.wait().status, 0);
}

TEST(Streaming, AnswersALineWithoutAnEndWhenTheInputEnds) {
  RunningProgram program(weft_command(with_options({})));
  program.write("a b");
  const auto end = program.wait();
  EXPECT_EQ(end.status, 0) << end.err;
  EXPECT_EQ(lines_of(end.out).size(), 1u);
}

TEST(Streaming, AnswersWhatCameBeforeAMistake) {
  RunningProgram program(weft_command(with_options({})));
  program.write("a b\n");
  EXPECT_EQ(lines_of(program.read_lines(1)).size(), 1u);
  program.write("c\n\xff\nd\n");
  const auto end = program.wait();
  EXPECT_EQ(end.status, 2);
  EXPECT_EQ(lines_of(end.out).size(), 1u) << end.out;
  EXPECT_NE(end.err.find("<stdin>:3: not valid UTF-8"), std::string::npos) << end.err;
}

TEST(Streaming, AlignsEachPairAsItComes) {
  const TemporaryDirectory directory;
  const auto targets = directory.write("targets", "C B A\n\nE F G H\nB\n");
  RunningProgram program(weft_command({"align", "-m", reversal_model(), "-s", "-", "-t", targets}));
  std::string links;
  for (const auto& line : lines_of(kLines)) {
    program.write(line + '\n');
    links += program.read_lines(1);
  }
  EXPECT_EQ(links, "0-2 1-1 2-0\n\n0-3 1-2 2-1 3-0\n0-0\n");
  EXPECT_EQ(program.wait().status, 0);
}

TEST(Streaming, AlignsWhatCameBeforeAMistake) {
  const TemporaryDirectory directory;
  const auto targets = directory.write("targets", "C B A\nB\n");
  RunningProgram program(weft_command({"align", "-m", reversal_model(), "-s", "-", "-t", targets}));
  program.write("a b c\n\xff\n");
  const auto end = program.wait();
  EXPECT_EQ(end.status, 2);
  EXPECT_EQ(end.out, "0-2 1-1 2-0\n");
  EXPECT_NE(end.err.find("<stdin>:2: not valid UTF-8"), std::string::npos) << end.err;
}

TEST(Streaming, StopsWhenInterrupted) {
  for (const int signal : {SIGINT, SIGTERM}) {
    RunningProgram program(weft_command(with_options({})));
    program.write("a b\n");
    program.read_lines(1);
    program.send(signal);
    ASSERT_TRUE(wait_until([&] { return !program.is_running(); }, std::chrono::seconds(20)));
    EXPECT_EQ(program.wait().status, 128 + signal);
  }
}

TEST(Streaming, AnswersATerminal) {
  // A terminal echoes what is typed and ends lines with CR LF.
  RunningProgram program(
      {{"script", "-qec", weft_program() + " translate -q -m " + reversal_model(), "/dev/null"},
       "",
       {}});
  program.write("a b c\n");
  EXPECT_EQ(lines_of(program.read_lines(2)).size(), 2u) << "the echo and the answer";
  program.write("\x04");  // end of input
  EXPECT_EQ(program.wait().status, 0);
}

}  // namespace
}  // namespace weft::e2e
