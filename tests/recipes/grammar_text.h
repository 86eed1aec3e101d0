#pragma once
// A grammar written in the test itself.

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "quickstart/grammar_reader.h"

namespace weft::quickstart {

/// A file of this text, under the test's own name so that tests may run side by side.
inline std::string write_grammar(const std::string& text) {
  const auto* info = testing::UnitTest::GetInstance()->current_test_info();
  std::string name = std::string(info->test_suite_name()) + "." + info->name() + ".txt";
  for (char& c : name) c = c == '/' ? '-' : c;
  const std::filesystem::path path = std::filesystem::path(testing::TempDir()) / name;
  std::ofstream(path) << text;
  return path.string();
}

inline Grammar grammar_of(const std::string& text) { return read_grammar(write_grammar(text)); }

}  // namespace weft::quickstart
