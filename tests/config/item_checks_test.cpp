#include "config/item_checks.h"

#include <gmock/gmock.h>

#include <functional>
#include <string>

#include "config/checks.h"
#include "config/config_reader.h"
#include "config/item_options.h"

namespace weft {
namespace {

using testing::HasSubstr;

/// What is wrong with a config of a model that reads pictures, changed; one problem, or none.
std::string complaint(const std::function<void(Config&)>& change) {
  Config config;
  config.data.source_kind = {SourceKind::kImage};
  config.model.input.convolution = ImageConvolution::kSmall;
  config.model.encoder.type = EncoderType::kAnnotations;
  change(config);
  const auto problems = check_config(config, {});
  EXPECT_LE(problems.size(), 1U);
  return problems.empty() ? "" : problems.front().message;
}

TEST(ItemChecks, WantOneNetworkForPictures) {
  EXPECT_EQ(complaint([](Config&) {}), "");
  EXPECT_EQ(complaint([](Config& c) { c.model.input.convolution = ImageConvolution::kNone; }),
            "data.source_kind has pictures, for which there are no networks; expected either "
            "model.input.convolution or model.input.pretrained");
  EXPECT_THAT(complaint([](Config& c) { c.model.input.pretrained = "n.pt"; }),
              HasSubstr("there are two networks"));
  EXPECT_THAT(complaint([](Config& c) { c.data.source_kind = {SourceKind::kAudio}; }),
              HasSubstr("no source in data.source_kind is image"));
  EXPECT_THAT(complaint([](Config& c) { c.data.image.channels = 2; }),
              HasSubstr("expected 3 or 1"));
}

TEST(ItemChecks, WantWhatWordsHaveOfWordsAlone) {
  const std::string but = " is given, but the first source in data.source_kind is image; expected ";
  EXPECT_EQ(complaint([](Config& c) { c.vocabulary.shared = true; }),
            "vocabulary.shared" + but + "false: it has no vocabulary");
  EXPECT_EQ(complaint([](Config& c) { c.model.embedding.factors = {8}; }),
            "model.embedding.factors" + but + "[]: it has no words");
  EXPECT_EQ(complaint([](Config& c) { c.training.guided_alignment.weight = 1; }),
            "training.guided_alignment.weight" + but +
                "0, or training.guided_alignment.regions: a word aligner needs words");
  EXPECT_EQ(complaint([](Config& c) {
              c.training.guided_alignment.weight = 1;
              c.training.guided_alignment.regions = "r";
              c.training.guided_alignment.links = "l";
            }),
            "training.guided_alignment.links" + but +
                "training.guided_alignment.regions: links are between words");
  EXPECT_EQ(complaint([](Config& c) {
              c.model.embedding.factors = {8};
              c.data.source_kind = {SourceKind::kText, SourceKind::kImage};
            }),
            "")
      << "a picture beside a text with factors";
}

TEST(ItemChecks, LetRegionsTeachSoftAttentionToItems) {
  const auto guided = [](const std::function<void(Config&)>& change) {
    return complaint([&](Config& c) {
      c.training.guided_alignment.weight = 1;
      c.training.guided_alignment.regions = "r";
      change(c);
    });
  };
  EXPECT_EQ(guided([](Config&) {}), "");
  EXPECT_EQ(
      guided([](Config& c) { c.training.guided_alignment.weight = 0; }),
      "training.guided_alignment.regions is \"r\", but training.guided_alignment.weight is 0; "
      "expected a weight > 0, or a model.alignment_head.width > 0");
  EXPECT_EQ(guided([](Config& c) {
              c.training.guided_alignment.weight = 0;
              c.model.alignment_head.width = 8;
            }),
            "");
  EXPECT_THAT(guided([](Config& c) { c.model.attention.kind = AttentionKind::kHard; }),
              HasSubstr("model.attention.kind is hard, but training.guided_alignment.weight is 1"));
  EXPECT_THAT(guided([](Config& c) { c.model.attention.score = ScoreType::kNone; }),
              HasSubstr("model.attention.score is none, but training.guided_alignment.weight"));
  EXPECT_THAT(guided([](Config& c) {
                c.data.valid_source = c.data.valid_target = {"v"};
                c.training.validation.metric = ValidationMetric::kAer;
              }),
              HasSubstr("there are no links to compare with"));
  EXPECT_EQ(
      guided([](Config& c) {
        c.data.source_kind = {SourceKind::kText};
        c.model.input.convolution = ImageConvolution::kNone;
        c.model.encoder.type = EncoderType::kRecurrent;
      }),
      "training.guided_alignment.regions is \"r\", but the first source in data.source_kind is "
      "text, which is taught by links; expected \"\"");
}

TEST(ItemChecks, WantGridsThatStayGrids) {
  EXPECT_THAT(complaint([](Config& c) {
                c.model.encoder.type = EncoderType::kRows;
                c.model.input.global = true;
              }),
              HasSubstr("model.input.global is true; expected false"));
  EXPECT_THAT(complaint([](Config& c) {
                c.data.source_kind = {SourceKind::kAudio};
                c.model.input.convolution = ImageConvolution::kNone;
                c.model.input.frame_stack = 2;
                c.model.input.positions = InputPositions::kGrid;
              }),
              HasSubstr("model.input.frame_stack is 2; expected 1"));
  EXPECT_THAT(complaint([](Config& c) { c.model.encoder.layers = 2; }),
              HasSubstr("model.encoder.type is annotations, which has no layers"));
}

TEST(ItemChecks, WantSequencesToHidePartsOf) {
  const auto hidden = [](SourceKind kind, const std::function<void(Config&)>& change) {
    return complaint([&](Config& c) {
      c.data.source_kind = {kind};
      c.data.spec_augment.time_warp = 5;
      if (kind != SourceKind::kImage) c.model.input.convolution = ImageConvolution::kNone;
      change(c);
    });
  };
  EXPECT_EQ(hidden(SourceKind::kAudio, [](Config&) {}), "");
  EXPECT_EQ(hidden(SourceKind::kFeatures, [](Config&) {}), "");
  EXPECT_EQ(hidden(SourceKind::kImage, [](Config&) {}),
            "data.spec_augment is given, but no source in data.source_kind is audio or features; "
            "expected one that is, or no data.spec_augment");
  EXPECT_EQ(hidden(SourceKind::kAudio,
                   [](Config& c) {
                     c.training.guided_alignment.weight = 1;
                     c.training.guided_alignment.regions = "r";
                   }),
            "data.spec_augment.time_warp is 5; expected 0, because "
            "training.guided_alignment.regions says where things are");
}

TEST(ItemOptions, AreThoseOfTheirSource) {
  const auto config = parse_config(
      "data: {source_kind: [text, audio], source_root: root, feature_cache: cache}\n"
      "model: {input: {frame_stack: 3, width: [0, 40]}}\n",
      "run.yaml");
  EXPECT_TRUE(item_options(config, 0).is_text());
  EXPECT_EQ(item_options(config, 0), ItemOptions{});
  const auto sound = item_options(config, 1);
  EXPECT_EQ(sound.kind, SourceKind::kAudio);
  EXPECT_EQ(sound.root, "root");
  EXPECT_EQ(sound.width, 40);
  EXPECT_EQ(sound.frame_stack, 3);
}

}  // namespace
}  // namespace weft
