#include "ops/precision.h"

#include <gmock/gmock.h>

#include "base/error.h"
#include "config/enum_names.h"
#include "kernels/matmul.h"

namespace weft {
namespace {

using testing::HasSubstr;

class Precisions : public ::testing::TestWithParam<Precision> {
 protected:
  bool is_here() const { return kernels::has_products_in(GetParam()); }
};

INSTANTIATE_TEST_SUITE_P(Precision, Precisions,
                         ::testing::Values(Precision::kFloat32, Precision::kBfloat16,
                                           Precision::kInt8),
                         [](const auto& tested) { return to_name(tested.param); });

// What a file prefers is used where it can be; what a person demands is refused where it cannot.
TEST_P(Precisions, ArePreferredOrDemanded) {
  EXPECT_EQ(resolved(GetParam()), GetParam());
  EXPECT_EQ(usable_precision(GetParam(), "x"), is_here() ? GetParam() : Precision::kFloat32);
  if (is_here()) {
    EXPECT_NO_THROW(require_products_in(GetParam(), "--precision"));
    return;
  }
  try {
    require_products_in(GetParam(), "--precision");
    ADD_FAILURE() << "not refused";
  } catch (const UserError& error) {
    EXPECT_THAT(error.what(), HasSubstr("--precision is " + to_name(GetParam())));
  }
}

TEST(Precision, AutoIsBfloat16WhereProductsInItAreFast) {
  const bool fast = kernels::has_products_in(Precision::kBfloat16);
  const Precision expected = fast ? Precision::kBfloat16 : Precision::kFloat32;
  EXPECT_EQ(resolved(Precision::kAuto), expected);
  EXPECT_EQ(usable_precision(Precision::kAuto, "x"), expected);
  EXPECT_NO_THROW(require_products_in(Precision::kAuto, "--precision"));
}

}  // namespace
}  // namespace weft
