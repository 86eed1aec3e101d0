#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <string>
#include <thread>
#include <vector>

#include "app/line_queue.h"
#include "base/error.h"
#include "base/temporary_directory.h"

namespace weft {
namespace {

/// "1\n2\n..." up to `last`, then bytes that are not UTF-8 if the text is to be `bad`.
std::string numbers(int last, bool bad) {
  std::string text;
  for (int i = 1; i <= last; ++i) text += std::to_string(i) + "\n";
  return bad ? text + "\xFF\n" : text;
}

TEST(LineQueueThreads, GiveEveryLineBeforeAFailureWhateverIsTaken) {
  const TemporaryDirectory directory;
  for (int last = 0; last <= 12; ++last) {
    for (std::size_t most = 1; most <= 5; ++most) {
      LineQueue queue(directory.write("text", numbers(last, true)));
      int seen = 0;
      try {
        for (auto lines = queue.take(most); !lines.empty(); lines = queue.take(most)) {
          for (const auto& line : lines) EXPECT_EQ(line, std::to_string(++seen));
        }
        FAIL() << "nothing thrown";
      } catch (const UserError&) {
        EXPECT_EQ(seen, last);
      }
    }
  }
}

TEST(LineQueueThreads, StopAtEveryStep) {
  const TemporaryDirectory directory;
  const auto text = directory.write("text", numbers(50'000, false));  // more than is read ahead
  for (std::size_t taken = 0; taken < 30; ++taken) {
    LineQueue queue(text);
    for (std::size_t i = 0; i < taken; ++i) EXPECT_EQ(queue.take(1).size(), 1);
  }
}

/// A pipe as a file with a name.
class Pipe {
 public:
  Pipe() {
    if (::pipe(ends_.data()) != 0) throw std::runtime_error("no pipe");
  }
  ~Pipe() {
    close_writing();
    ::close(ends_[0]);
  }
  std::string name() const { return "/dev/fd/" + std::to_string(ends_[0]); }
  void write(const std::string& text) {
    ASSERT_EQ(::write(ends_[1], text.data(), text.size()), static_cast<ssize_t>(text.size()));
  }
  void close_writing() {
    if (ends_[1] >= 0) ::close(ends_[1]);
    ends_[1] = -1;
  }

 private:
  std::array<int, 2> ends_{};
};

TEST(LineQueueThreads, FollowAPipe) {
  Pipe pipe;
  LineQueue queue(pipe.name());
  std::jthread writer([&pipe] {
    for (int i = 1; i <= 500; ++i) pipe.write(std::to_string(i) + "\n");
    pipe.close_writing();
  });
  int seen = 0;
  for (auto lines = queue.take(7); !lines.empty(); lines = queue.take(7)) {
    EXPECT_LE(lines.size(), 7);
    for (const auto& line : lines) EXPECT_EQ(line, std::to_string(++seen));
  }
  EXPECT_EQ(seen, 500);
}

TEST(LineQueueThreads, AreLeftWaitingForAPipe) {
  Pipe pipe;
  for (int i = 0; i < 20; ++i) LineQueue queue(pipe.name());  // nothing has come, nothing will
}

}  // namespace
}  // namespace weft
