#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>

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

}  // namespace
}  // namespace weft
