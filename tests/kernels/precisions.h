#pragma once
// Tests of a precision that not every processor has.

#include <gtest/gtest.h>

#include <string>

#include "config/enum_names.h"
#include "kernels/matmul.h"

namespace weft::kernels {

/// Why a test of `precision` is left out; tests/run.sh counts tests left out with these words
/// apart. Use: if (!has_products_in(p)) GTEST_SKIP() << no_products_in(p);
inline std::string no_products_in(Precision precision) {
  return "this processor has no " + to_name(precision) + " products";
}

/// The name of a case in a parametrised test.
inline std::string name_of_precision(const ::testing::TestParamInfo<Precision>& info) {
  return to_name(info.param);
}

}  // namespace weft::kernels
