#include "train/text_sample.h"

#include <gtest/gtest.h>

#include "base/temporary_directory.h"

namespace weft {
namespace {

TEST(TextSample, CountsPairsThatLackAnItemAsBlankInTheSource) {
  const TemporaryDirectory directory;
  const ParallelFiles files{{{directory.write("text", "a\na\na\n\na\n")},
                             {directory.write("factors", "b\n\nb\nb\nb\n")},
                             {directory.write("items", "1\n2\n\n\n\n")}},
                            {directory.write("target", "A\nA\nA\n\n \n")}};
  const std::vector<SourceKind> kinds{SourceKind::kText, SourceKind::kText, SourceKind::kFeatures};
  const auto sample = spread_lines(files, kinds, 5, directory.path(""), "sample");
  EXPECT_EQ(sample.one_sided_blank, 1) << "the third; of the fourth and fifth, both sides are";
  EXPECT_EQ(to_string(sample.first_one_sided_blank), directory.path("text") + ":3");
}

}  // namespace
}  // namespace weft
