#include "stop_signal.h"

#include <gtest/gtest.h>

#include <csignal>
#include <cstdlib>

namespace weft {
namespace {

using testing::ExitedWithCode;
using testing::KilledBySignal;

// Each in a process of its own: signals that came are remembered to the end.

/// Whatever the tests were started with: a shell ignores SIGINT for what runs in the background.
void watch_from_defaults() {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGUSR1}) std::signal(signal, SIG_DFL);
  watch_stop_signals();
}

TEST(StopSignalDeathTest, EndsTheProgramAtOnceWhileNobodyAsks) {
  const auto signalled = [] {
    watch_from_defaults();
    std::raise(SIGTERM);
    std::exit(0);
  };
  EXPECT_EXIT(signalled(), KilledBySignal(SIGTERM), "");
}

TEST(StopSignalDeathTest, IsAQuestionOnceSomebodyAsks) {
  const auto signalled = [](int first, int second) {
    watch_from_defaults();
    if (stop_requested()) std::exit(1);
    std::raise(first);
    std::raise(second);
    std::exit(stop_requested() ? exit_status_after_signal() : 1);
  };
  EXPECT_EXIT(signalled(SIGTERM, SIGTERM), ExitedWithCode(128 + SIGTERM), "");
  EXPECT_EXIT(signalled(SIGHUP, SIGUSR1), ExitedWithCode(128 + SIGHUP), "");
  EXPECT_EXIT(signalled(SIGINT, SIGTERM), ExitedWithCode(128 + SIGINT), "");
}

TEST(StopSignalDeathTest, OfAPersonWhoMeansItEndsTheProgram) {
  const auto signalled = [](int first) {
    watch_from_defaults();
    stop_requested();
    std::raise(first);
    std::raise(SIGINT);
    std::exit(0);
  };
  EXPECT_EXIT(signalled(SIGINT), KilledBySignal(SIGINT), "");
  EXPECT_EXIT(signalled(SIGTERM), KilledBySignal(SIGINT), "");
}

TEST(StopSignalDeathTest, DoesNotCountWhenTheWorkWasDoneAllTheSame) {
  const auto signalled = [] {
    watch_from_defaults();
    stop_requested();
    std::raise(SIGTERM);
    disregard_stop_signal();
    std::exit(exit_status_after_signal());
  };
  EXPECT_EXIT(signalled(), ExitedWithCode(0), "");
}

TEST(StopSignalDeathTest, StaysIgnoredWhereItWas) {
  const auto signalled = [] {
    std::signal(SIGHUP, SIG_IGN);
    watch_stop_signals();
    stop_requested();
    std::raise(SIGHUP);
    std::exit(stop_requested() ? 1 : 0);
  };
  EXPECT_EXIT(signalled(), ExitedWithCode(0), "");
}

}  // namespace
}  // namespace weft
