// Files that commands read and write: an input is never destroyed, an older output only replaced by
// something, whatever their names are.

#include <gmock/gmock.h>

#include "base/read_file.h"
#include "base/temporary_directory.h"
#include "e2e/program.h"
#include "e2e/tiny_models.h"

namespace weft::e2e {
namespace {

using testing::EndsWith;
using testing::HasSubstr;

constexpr const char* kText = "a b c\nd e\n";

class Files : public testing::Test {
 protected:
  /// A line of shell in a directory with `text`, and a link and a hard link to it.
  Outcome shell(const std::string& script) const {
    directory_.write("text", kText);
    return run_shell("ln -sf text link; ln -f text hard; M=" + reversal_model() + "; " + script,
                     directory_.path(""));
  }

  TemporaryDirectory directory_;
};

TEST_F(Files, AnOutputThatIsAnInputIsRefused) {
  directory_.write("gold", "0-0\n0-0\n");
  directory_.write("other", "A\nB\n");
  for (const std::string command :
       {"translate -m $M -i text -o text", "translate -m $M -i ./text -o text",
        "translate -m $M -i text -o link", "translate -m $M -i link -o text",
        "translate -m $M -i text -o hard", "translate -m $M -o text <text",
        "translate -m $M -i /dev/stdin -o text <text", "translate -m $M -i text >>text",
        "align -m $M -s text -t other -o text", "align -m $M -s other -t text -o text",
        "align -m $M -s text -t other --gold gold -o gold", "evaluate -i other -r text >>text",
        "evaluate -i text -r other >>text", "translate -m $M -i text -o $M/config.yaml",
        "translate -m $M -i text -o $M/weights.safetensors",
        "bench translate -m $M -i text --json text"}) {
    const auto outcome = shell("$WEFT " + command);
    EXPECT_EQ(outcome.status, 2) << command << outcome;
    EXPECT_THAT(outcome.err, HasSubstr(" is the same file as the input ")) << command;
    EXPECT_THAT(outcome.err, EndsWith("; expected another file\n")) << command;
    EXPECT_EQ(directory_.read("text"), kText) << command;
    EXPECT_EQ(directory_.read("gold"), "0-0\n0-0\n") << command;
  }
  const auto outcome = shell("$WEFT translate -m $M -i text -o new");
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(directory_.read("new"), "C B A\nE D\n");
}

TEST_F(Files, AnOlderOutputOutlivesAMistake) {
  directory_.write("old", "an older translation\n");
  for (const std::string command :
       {"translate -m none -i text -o old", "translate -m $M -i none -o old",
        "translate -m $M -i text -o old --n-best 9 -b 2", "translate -m $M -i text -i text -o old",
        "align -m none -s text -t text -o old", "align -m $M -s text -t none -o old",
        "align -m $M -s text -t text --gold none -o old",
        "bench translate -m $M -i none --json old"}) {
    EXPECT_EQ(shell("$WEFT " + command).status, 2) << command;
    EXPECT_EQ(directory_.read("old"), "an older translation\n") << command;
  }
  EXPECT_EQ(shell("$WEFT translate -m none -i text -o new").status, 2);
  EXPECT_EQ(shell("test -e new").status, 1) << "a new one is not left behind";
}

TEST_F(Files, WhatWasAnsweredBeforeAMistakeStays) {
  directory_.write("half", "a b c\n\xFF\n");
  for (const std::string name : {"out", "out.gz", "out.zst"}) {
    const auto outcome = shell("$WEFT translate -m $M -i half -o " + name);
    EXPECT_EQ(outcome.status, 2);
    EXPECT_EQ(read_file(directory_.path(name)), "C B A\n") << name;
  }
}

TEST_F(Files, AreCompressedAsTheirNamesSay) {
  for (const std::string name : {"out.gz", "out.GZ", "out.zst"}) {
    ASSERT_EQ(shell("$WEFT -q translate -m $M -i text -o " + name).status, 0);
    EXPECT_NE(directory_.read(name), "C B A\nE D\n") << name;
    EXPECT_EQ(read_file(directory_.path(name)), "C B A\nE D\n") << name;
    const auto scores = shell("$WEFT evaluate -i " + name + " -r " + name + " -b -m bleu");
    EXPECT_EQ(scores.status, 0) << scores.err;
  }
  EXPECT_THAT(shell("$WEFT translate -m $M -i text -o out.xz").err,
              HasSubstr("out.xz: xz files cannot be written"));
}

TEST_F(Files, MayBeCompressedUnderAnyName) {
  const std::string expected = "C B A\nE D\n";
  for (const std::string command :
       {"gzip -c text >data; $WEFT -q translate -m $M -i data",
        "gzip -c text | $WEFT -q translate -m $M", "$WEFT -q translate -m $M -i <(gzip -c text)"}) {
    EXPECT_EQ(shell(command).out, expected) << command;
  }
}

TEST_F(Files, MayBePipes) {
  EXPECT_EQ(shell("$WEFT -q translate -m $M -i <(cat text) -o >(cat >out) && sleep 0.2").status, 0);
  EXPECT_EQ(shell("$WEFT align -m $M -s <(cat text) -t <(printf 'C B A\\nE D\\n')").out,
            "0-2 1-1 2-0\n0-1 1-0\n");
  const auto twice = shell("mkfifo p; $WEFT align -m $M -s p -t p");
  EXPECT_EQ(twice, refusal({"p is given twice; it can be read only once"}));
}

TEST_F(Files, HaveNames) {
  const auto refused = refusal({"a file has an empty name; expected a path, or -"});
  EXPECT_EQ(shell("$WEFT translate -m $M -i ''"), refused);
  EXPECT_EQ(shell("$WEFT translate -m $M -i text -o ''"),
            refusal({"the output has an empty name; expected a file, or -"}));
}

TEST_F(Files, ThatMayNotGrowAreTold) {
  const auto outcome = shell(
      "yes 'a b' | head -n 20000 >long; ulimit -f 8; $WEFT -q translate -m $M "
      "-i long -o out -b 1");
  EXPECT_EQ(outcome.status, 2);
  EXPECT_EQ(outcome.err, "out: cannot be written to its end (File too large)\n");
}

}  // namespace
}  // namespace weft::e2e
