// weft plot: files in, figures and event files out.

#include <gmock/gmock.h>

#include <filesystem>

#include "base/temporary_directory.h"
#include "e2e/program.h"

namespace weft::e2e {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr const char* kMetrics =
    "{\"event\":\"update\",\"updates\":100,\"loss\":4,\"learning_rate\":0.1,\"seconds\":1}\n"
    "{\"event\":\"update\",\"updates\":200,\"loss\":null,\"learning_rate\":0.1,\"seconds\":2}\n"
    "{\"event\":\"update\",\"updates\":300,\"loss\":2,\"learning_rate\":0.1,\"seconds\":3}\n"
    "{\"event\":\"validation\",\"updates\":300,\"loss\":3,\"bleu\":20,\"aer\":0.5,\"seconds\":4}\n";

class Plot : public testing::Test {
 protected:
  Plot() {
    std::filesystem::create_directory(directory_.path("run"));
    directory_.write("run/metrics.jsonl", kMetrics);
    directory_.write("other.jsonl", kMetrics);
  }
  Outcome weft(const std::string& arguments) const {
    return run_shell("$WEFT plot " + arguments, directory_.path(""));
  }

  TemporaryDirectory directory_;
};

TEST_F(Plot, DrawsRunsInOnePicture) {
  const auto text = weft("run second=other.jsonl");
  EXPECT_EQ(text.status, 0) << text.err;
  EXPECT_THAT(text.out, StartsWith("Loss (nats a target token)\n"));
  for (const char* part : {"a  run, training\n", "B  second, validation\n", "\nBLEU\n",
                           "\nAlignment error rate\n", "\nLearning rate\n"})
    EXPECT_THAT(text.out, HasSubstr(part));
  EXPECT_THAT(text.err, HasSubstr("run/metrics.jsonl: 1 of 3 values of loss in training are not "
                                  "finite; they are gaps"));
  const auto svg = weft("run other.jsonl --values loss,learning_rate --over seconds -o out.svg");
  EXPECT_EQ(svg.status, 0) << svg.err;
  EXPECT_EQ(svg.out, "");
  EXPECT_THAT(directory_.read("out.svg"), StartsWith("<svg "));
  EXPECT_THAT(directory_.read("out.svg"), HasSubstr(">seconds of training</text>"));
}

TEST_F(Plot, ReadsARunThatIsStillTraining) {
  directory_.write("run/metrics.jsonl", std::string(kMetrics) + "{\"event\":\"upd");
  const auto outcome = weft("run --format svg");
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_THAT(outcome.out, StartsWith("<svg "));
  EXPECT_THAT(outcome.err, HasSubstr("run/metrics.jsonl:5: is not written to its end"));
}

TEST_F(Plot, WritesEventFiles) {
  const auto outcome = weft("run second=other.jsonl --tensorboard events");
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(outcome.out, "");
  const auto first = directory_.read("events/run/events.out.tfevents.0.weft");
  EXPECT_THAT(first, HasSubstr("brain.Event:2"));
  EXPECT_THAT(first, HasSubstr("validation/bleu"));
  EXPECT_TRUE(std::filesystem::exists(directory_.path("events/second")));
  EXPECT_THAT(weft("run --tensorboard events -o -").out, StartsWith("Loss"));
}

TEST_F(Plot, DrawsBleuByLength) {
  directory_.write("source", "a b\na b c d e f g h i j k l\n");
  directory_.write("reference", "the red dog runs away\nhere is a longer line of text\n");
  directory_.write("first", "the red dog runs away\nhere is a longer line of words\n");
  const auto outcome = weft("first best=reference -s source -r reference --lengths 5,10");
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  for (const char* part : {"BLEU (tokenizer 13a)", "0–5", "over 10",
                           "words of the source (lines: 1 1)", "A  first\n", "B  best\n"})
    EXPECT_THAT(outcome.out, HasSubstr(part));
}

TEST_F(Plot, SaysWhatIsWrong) {
  directory_.write("broken", "{\"event\":\"update\",\"updates\":1,\"loss\":2}\nloss 3\n");
  directory_.write("empty", "");
  EXPECT_EQ(weft("broken empty none -o out.svg"),
            refusal({"broken:2: is no JSON; expected an object, as training writes",
                     "empty: holds no updates and no validations; expected metrics.jsonl of a run",
                     "none: cannot be opened (No such file or directory)"}));
  EXPECT_FALSE(std::filesystem::exists(directory_.path("out.svg")));
  EXPECT_EQ(weft("run --values los"),
            refusal({"--values: unknown value 'los'; expected loss, learning_rate, bleu or aer; "
                     "did you mean 'loss'?"}));
  EXPECT_EQ(weft("run run"),
            refusal({"two files are called 'run/metrics.jsonl'; expected NAME=FILE"}));
  EXPECT_EQ(weft("run -o run/metrics.jsonl"),
            refusal({"run/metrics.jsonl is the same file as the input run/metrics.jsonl; expected "
                     "another file"}));
  EXPECT_EQ(weft("run -r other.jsonl"), refusal({"references (--references) are given; expected -s "
                                                 "FILE with the source as well, whose words "
                                                 "are counted"}));
}

}  // namespace
}  // namespace weft::e2e
