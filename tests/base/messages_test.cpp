#include "base/messages.h"

#include <gtest/gtest.h>

#include <cerrno>

#include "base/error.h"

namespace weft {
namespace {

TEST(JoinAlternatives, ReadsLikeASentence) {
  EXPECT_EQ(join_alternatives({}), "");
  EXPECT_EQ(join_alternatives({"a"}), "a");
  EXPECT_EQ(join_alternatives({"a", "b"}), "a or b");
  EXPECT_EQ(join_alternatives({"a", "b", "c"}), "a, b or c");
}

TEST(UnknownName, NamesWhatIsKnownAndTheNearest) {
  EXPECT_EQ(unknown_name("metric", "blue", {"bleu", "chrf"}),
            "unknown metric 'blue'; expected bleu or chrf; did you mean 'bleu'?");
  EXPECT_EQ(unknown_name("metric", "meteor", {"bleu", "chrf"}),
            "unknown metric 'meteor'; expected bleu or chrf");
}

TEST(ThrowFileError, SaysTheReason) {
  errno = ENOENT;
  try {
    throw_file_error("a.txt", "cannot be opened");
    FAIL() << "nothing thrown";
  } catch (const UserError& error) {
    EXPECT_STREQ(error.what(), "a.txt: cannot be opened (No such file or directory)");
  }
}

TEST(UnequalLines, TellsBothNumbersIfTheyAreKnown) {
  EXPECT_EQ(unequal_lines({"a", 1}, {"b", 2}),
            "a has 1 line, but b has 2 lines; expected as many lines in both");
  EXPECT_EQ(unequal_lines({"a", 0}, {"b", std::nullopt}),
            "a has 0 lines, but b has more; expected as many lines in both");
}

}  // namespace
}  // namespace weft
