#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>

#include "config/checks.h"
#include "config/config_reader.h"
#include "config/dump.h"
#include "config/presets.h"

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

TEST(Presets, AreAllListed) {
  std::set<std::string> listed{"README.md"}, found;
  for (const auto& entry : std::filesystem::directory_iterator(WEFT_TEST_DATA "/../../configs"))
    found.insert(entry.path().filename().string());
  for (const std::string name : kPresets) listed.insert(name + ".yaml");
  for (const std::string name : kItemPresets) listed.insert(name + ".yaml");
  EXPECT_EQ(found, listed);
}

// Every preset says something that the reader takes; tests/model builds each.
TEST(Presets, AreReadWithoutAProblem) {
  for (const std::string name : kPresets) {
    const auto path = preset_path(name);
    EXPECT_NO_THROW(require_training_files(read_config(path), path)) << path;
  }
  for (const std::string name : kItemPresets) {
    const auto path = preset_path(name);
    EXPECT_NO_THROW(require_training_files(read_config(path), path)) << path;
  }
}

}  // namespace
}  // namespace weft
