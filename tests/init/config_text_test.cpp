#include "init/config_text.h"

#include <gtest/gtest.h>

#include "config/config_reader.h"

namespace weft {
namespace {

TEST(ConfigText, GivesEachKeyItsReason) {
  FittedConfig fitted;
  fitted.config.data.train_source = {"a b.en"};
  fitted.config.model.encoder.hidden = 64;
  fitted.config.training.validation.beam_size = 2;
  const std::string long_reason(100, 'x');
  fitted.choices = {{"data.train_source", "10 lines"},
                    {"model.encoder.hidden", ""},
                    {"model.attention.width", long_reason},
                    {"training.batch_tokens", "small"},
                    {"training.validation.beam_size", "quick"}};
  const std::string text = config_text(fitted, "One\n\nTwo\n");
  EXPECT_EQ(
      text,
      "# One\n#\n# Two\n"
      "\ndata:\n  train_source: [\"a b.en\"]  # 10 lines\n"
      "\nmodel:\n  encoder:\n    hidden: 64\n  attention:\n    # " +
          long_reason +
          "\n    width: 512\n"
          "\ntraining:\n  batch_tokens: 2000  # small\n  validation:\n    beam_size: 2  # quick\n");
}

TEST(ConfigText, RefusesAKeyThatDoesNotExist) {
  FittedConfig fitted;
  fitted.choices = {{"model.encoder.hiden", ""}};
  EXPECT_THROW(config_text(fitted, ""), std::logic_error);
}

}  // namespace
}  // namespace weft
