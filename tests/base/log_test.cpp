#include "base/log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "base/temporary_directory.h"

namespace weft {
namespace {

TEST(Log, WritesLinesToStderrAlone) {
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  log_info("100% {of} it");
  log_warning("careful");
  const std::string time = R"(\[[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}\] )";
  EXPECT_THAT(
      testing::internal::GetCapturedStderr(),
      testing::ContainsRegex("^" + time + "100% \\{of\\} it\n" + time + "warning: careful\n$"));
  EXPECT_EQ(testing::internal::GetCapturedStdout(), "");
}

TEST(Log, KeepsQuietBelowItsLevel) {
  testing::internal::CaptureStderr();
  set_log_level(LogLevel::kWarning);
  EXPECT_FALSE(is_logged(LogLevel::kInfo));
  EXPECT_TRUE(is_logged(LogLevel::kWarning));
  log_info("info");
  log_warning("warning");
  set_log_level(LogLevel::kOff);
  log_warning("careful");
  set_log_level(LogLevel::kInfo);
  const std::string written = testing::internal::GetCapturedStderr();
  EXPECT_THAT(written, testing::EndsWith("] warning: warning\n"));
  EXPECT_THAT(written, testing::Not(testing::HasSubstr("info")));
}

TEST(LogFile, HasEveryMessageWhileItLivesWhateverStderrKeeps) {
  const TemporaryDirectory directory;
  testing::internal::CaptureStderr();
  set_log_level(LogLevel::kOff);
  {
    LogFile file(directory.write("log.txt", "before\n"));
    log_info("100% {of} it");
    log_warning("careful");
    EXPECT_THAT(directory.read("log.txt"), testing::EndsWith("] warning: careful\n")) << "at once";
    file.add("for the file alone {}");
  }
  log_info("later");
  set_log_level(LogLevel::kInfo);
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
  const std::string time = R"(\[[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}\] )";
  EXPECT_THAT(directory.read("log.txt"),
              testing::MatchesRegex("before\n" + time + "100% \\{of\\} it\n" + time +
                                    "warning: careful\n" + time + "for the file alone \\{\\}\n"));
}

TEST(LogFile, SaysThatItCannotBeWritten) {
  const TemporaryDirectory directory;
  directory.write("file", "");
  EXPECT_THROW(LogFile(directory.path("file/log.txt")), UserError);
}

}  // namespace
}  // namespace weft
