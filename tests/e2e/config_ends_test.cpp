// Every number of training, data and decoding at the ends of what its message allows, and beyond: a
// run of one update and one validation works, or a line says what was expected.

#include <gmock/gmock.h>

#include <filesystem>
#include <string>
#include <vector>

#include "base/temporary_directory.h"
#include "config/key_ends.h"
#include "e2e/in_process.h"
#include "e2e/tiny_models.h"

namespace weft::e2e {
namespace {

using testing::HasSubstr;
using testing::Not;

class ConfigEnds : public testing::Test {
 protected:
  ConfigEnds() {
    directory_.write("text.src", "a b\nc\nd e f\n");
    directory_.write("text.trg", "B A\nC\nF E D\n");
  }

  OutcomeHere train(const std::string& setting) const {
    const std::string model = directory_.path("model");
    std::vector<std::string> arguments{"train", "-c", reversal_task().config(), "-m", model};
    for (const auto& [key, file] : {std::pair{"train_source", "text.src"},
                                    {"train_target", "text.trg"},
                                    {"valid_source", "text.src"},
                                    {"valid_target", "text.trg"}})
      add(arguments, std::string("data.") + key + "=" + directory_.path(file));
    for (const char* base : {"training.validation.every=1u", "training.validation.beam_size=0",
                             "training.stop_after=1u", "vocabulary.source_size=16",
                             "vocabulary.target_size=16", "training.schedule.minimum_rate=0"})
      add(arguments, base);
    add(arguments, setting);
    auto outcome = run_here(arguments);
    std::filesystem::remove_all(model);
    return outcome;
  }

 private:
  static void add(std::vector<std::string>& arguments, const std::string& setting) {
    arguments.insert(arguments.end(), {"--set", setting});
  }

  TemporaryDirectory directory_;
};

bool is_tried(const BoundKey& key) {
  // Sizes of models are held by tests/config alone: what is too large for the memory is refused.
  return is_numeric(key) && !key.path().starts_with("model.") &&
         !key.path().starts_with("vocabulary.");
}

TEST_F(ConfigEnds, TrainOrAreToldInALine) {
  Config defaults;
  int tried = 0, trained = 0;
  for (const BoundKey& key : bind_keys(defaults)) {
    if (!is_tried(key)) continue;
    ++tried;
    const auto ends = ends_of(key);
    for (const auto& value : ends.inside) {
      if (key.path() == "training.accumulate" && value == "65536") continue;  // takes a minute
      const auto outcome = train(key.path() + "=" + value);
      const std::string shown = key.path() + "=" + value + "\n" + outcome.err;
      EXPECT_THAT(outcome.err, Not(HasSubstr("internal error"))) << shown;
      EXPECT_THAT(outcome.err, Not(HasSubstr("; expected " + key.expected))) << shown;
      EXPECT_TRUE(outcome.status == 0 || outcome.status == 2) << shown;
      trained += outcome.status == 0;
      if (outcome.status == 2) {  // what another key has to say to it
        EXPECT_THAT(outcome.err, HasSubstr("expected ")) << shown;
      }
    }
    for (const auto& value : {ends.outside.front(), ends.outside.back()}) {
      const auto outcome = train(key.path() + "=" + value);
      EXPECT_EQ(outcome.status, 2) << key.path() << "=" << value;
      EXPECT_THAT(outcome.err, HasSubstr("; expected " + key.expected)) << key.path();
      EXPECT_EQ(lines_of(outcome.err).size(), 1U) << outcome.err;
    }
  }
  EXPECT_GE(tried, 30);
  EXPECT_GE(trained, tried) << "or nearly all were refused for another key's sake";
}

TEST_F(ConfigEnds, OfPeriodsTrain) {
  for (const char* key :
       {"training.checkpoint_every", "training.log_every", "training.validation.every"}) {
    for (const char* value :
         {"0", "1u", "9223372036854775807u", "9223372036854775807e", "9223372036854Mt"}) {
      // Without validation there is nothing that the config's metric is of.
      if (std::string(key) == "training.validation.every" && *value == '0') continue;
      const auto outcome = train(std::string(key) + "=" + value);
      EXPECT_EQ(outcome.status, 0) << key << "=" << value << "\n" << outcome.err;
    }
  }
}

}  // namespace
}  // namespace weft::e2e
