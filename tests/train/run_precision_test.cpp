#include "train/run_precision.h"

#include <gmock/gmock.h>

#include "base/error.h"
#include "kernels/matmul.h"
#include "ops/precision.h"

namespace weft {
namespace {

using testing::HasSubstr;

bool has_bfloat16() { return kernels::has_products_in(Precision::kBfloat16); }

TEST(PrecisionOfRun, IsWhatANewRunPrefersWhereTheProcessorHasIt) {
  const Precision best = has_bfloat16() ? Precision::kBfloat16 : Precision::kFloat32;
  EXPECT_EQ(precision_of_run(Precision::kAuto, {}, "m"), best);
  EXPECT_EQ(precision_of_run(Precision::kBfloat16, {}, "m"), best);
  EXPECT_EQ(precision_of_run(Precision::kFloat32, {}, "m"), Precision::kFloat32);
}

TEST(PrecisionOfRun, StaysWhatItWasWhenARunGoesOn) {
  for (const auto wanted : {Precision::kAuto, Precision::kFloat32, Precision::kBfloat16})
    EXPECT_EQ(precision_of_run(wanted, Precision::kFloat32, "m"), Precision::kFloat32);
}

// Bfloat16 begun: kept where it can be, refused where it cannot unless float32 is asked for.
TEST(PrecisionOfRun, IsNotChangedUnasked) {
  if (has_bfloat16()) {
    for (const auto wanted : {Precision::kAuto, Precision::kFloat32, Precision::kBfloat16})
      EXPECT_EQ(precision_of_run(wanted, Precision::kBfloat16, "m"), Precision::kBfloat16);
    return;
  }
  EXPECT_EQ(precision_of_run(Precision::kFloat32, Precision::kBfloat16, "m"), Precision::kFloat32);
  for (const auto wanted : {Precision::kAuto, Precision::kBfloat16}) {
    try {
      precision_of_run(wanted, Precision::kBfloat16, "m");
      ADD_FAILURE() << "not refused";
    } catch (const UserError& error) {
      EXPECT_THAT(error.what(), HasSubstr("m: holds a run in bfloat16"));
      EXPECT_THAT(error.what(), HasSubstr("--set training.precision=float32"));
    }
  }
}

}  // namespace
}  // namespace weft
