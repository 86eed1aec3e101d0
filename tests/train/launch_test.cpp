// What launchers put into the environment.

#include "train/launch.h"

#include <gmock/gmock.h>

#include <cstdlib>
#include <map>
#include <string>

#include "base/error.h"

namespace weft {
namespace {

using Variables = std::map<std::string, std::string>;
using testing::AllOf;
using testing::HasSubstr;

constexpr const char* kNames[] = {"RANK",
                                  "WORLD_SIZE",
                                  "LOCAL_RANK",
                                  "MASTER_ADDR",
                                  "MASTER_PORT",
                                  "LOCAL_WORLD_SIZE",
                                  "TORCHELASTIC_USE_AGENT_STORE",
                                  "TORCHELASTIC_RESTART_COUNT"};

Launch launch_in(const Variables& variables) {
  for (const char* name : kNames) ::unsetenv(name);
  for (const auto& [name, value] : variables) ::setenv(name.c_str(), value.c_str(), 1);
  try {
    auto launch = launch_from_environment();
    for (const char* name : kNames) ::unsetenv(name);
    return launch;
  } catch (...) {
    for (const char* name : kNames) ::unsetenv(name);
    throw;
  }
}

Variables second_of_three() {
  return {{"RANK", "1"}, {"WORLD_SIZE", "3"}, {"MASTER_ADDR", "node7"}, {"MASTER_PORT", "29500"}};
}

std::string mistake_in(const Variables& variables) {
  try {
    launch_in(variables);
  } catch (const UserError& error) {
    return error.what();
  }
  return "";
}

TEST(LaunchFromEnvironment, IsOneProcessWhereNothingIsSaid) {
  const auto launch = launch_in({{"MASTER_ADDR", "node7"}, {"LOCAL_RANK", "1"}});
  EXPECT_EQ(launch.rank, 0);
  EXPECT_EQ(launch.world, 1);
}

TEST(LaunchFromEnvironment, ReadsWhatTorchrunSays) {
  auto variables = second_of_three();
  variables.insert({{"LOCAL_RANK", "1"}, {"LOCAL_WORLD_SIZE", "2"}});
  auto launch = launch_in(variables);
  EXPECT_EQ(launch.rank, 1);
  EXPECT_EQ(launch.world, 3);
  EXPECT_EQ(launch.local_rank, 1);
  EXPECT_EQ(launch.local_world, 2);
  EXPECT_EQ(launch.address, "node7");
  EXPECT_EQ(launch.port, 29500);
  EXPECT_FALSE(launch.served_by_launcher);
  variables.insert({{"TORCHELASTIC_USE_AGENT_STORE", "True"}, {"TORCHELASTIC_RESTART_COUNT", "2"}});
  launch = launch_in(variables);
  EXPECT_TRUE(launch.served_by_launcher);
  EXPECT_EQ(launch.store_prefix, "/worker/attempt_2/");
}

TEST(LaunchFromEnvironment, TellsOfEachThatIsMissing) {
  for (const char* name : {"RANK", "WORLD_SIZE", "MASTER_ADDR", "MASTER_PORT"}) {
    auto variables = second_of_three();
    variables.erase(name);
    EXPECT_THAT(mistake_in(variables), testing::StartsWith(std::string(name) + " is not set; "));
  }
}

TEST(LaunchFromEnvironment, TellsOfNumbersThatCannotBe) {
  for (const auto& [name, value, expected] :
       {std::tuple{"WORLD_SIZE", "0", "expected an integer in [1, 65536]"},
        std::tuple{"WORLD_SIZE", "two", "expected an integer in [1, 65536]"},
        std::tuple{"RANK", "3", "expected an integer in [0, 2]"},
        std::tuple{"RANK", "-1", "expected an integer in [0, 2]"},
        std::tuple{"LOCAL_RANK", "1x", "expected an integer in [0, 2]"},
        std::tuple{"MASTER_PORT", "65536", "expected an integer in [1, 65535]"}}) {
    auto variables = second_of_three();
    variables[name] = value;
    EXPECT_THAT(mistake_in(variables),
                AllOf(HasSubstr(std::string(name) + " is '" + value + "'"), HasSubstr(expected)));
  }
}

}  // namespace
}  // namespace weft
