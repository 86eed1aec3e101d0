#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "config/checks.h"
#include "config/config_reader.h"
#include "config/dump.h"

namespace weft {
namespace {

// configs/reference.yaml shows every key with its help; a key that is added or explained anew must
// be there too.
TEST(Reference, IsItsOwnDump) {
  const std::string path = std::string(WEFT_TEST_DATA) + "/../../configs/reference.yaml";
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  const auto first_line_end = text.str().find('\n');
  ASSERT_NE(first_line_end, std::string::npos) << path << " cannot be read";
  EXPECT_EQ(text.str().substr(first_line_end + 1),
            dump_config(read_config(path), DumpStyle::kWithHelp));
}

// Every preset says something that the reader takes.
TEST(Presets, AreReadWithoutAProblem) {
  int count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(WEFT_TEST_DATA "/../../configs")) {
    const auto path = entry.path().string();
    if (entry.path().filename() == "README.md") continue;
    EXPECT_EQ(entry.path().extension(), ".yaml") << path;
    EXPECT_NO_THROW(require_training_files(read_config(path), path)) << path;
    ++count;
  }
  EXPECT_GE(count, 3);
}

}  // namespace
}  // namespace weft
