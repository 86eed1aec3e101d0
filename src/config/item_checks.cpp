#include "config/item_checks.h"

#include <algorithm>
#include <string>

#include "config/enum_names.h"

namespace weft {
namespace {

bool has_kind(const DataOptions& data, SourceKind kind) {
  return std::find(data.source_kind.begin(), data.source_kind.end(), kind) !=
         data.source_kind.end();
}

/// What belongs to the words of the first source.
void check_first_source(const Config& config, Checker& checker) {
  const auto kind = config.data.source_kind.front();
  if (kind == SourceKind::kText) return;
  const auto require = [&](bool holds, const char* key, const std::string& expected) {
    checker.require(holds, {key, "data.source_kind"},
                    std::string(key) + " is given, but the first source in data.source_kind is " +
                        to_name(kind) + "; expected " + expected);
  };
  const auto& embedding = config.model.embedding;
  require(!config.vocabulary.shared, "vocabulary.shared", "false: it has no vocabulary");
  require(config.vocabulary.source_file.empty(), "vocabulary.source_file", "\"\"");
  require(embedding.factors.empty(), "model.embedding.factors", "[]: it has no words");
  require(embedding.source_vectors.empty(), "model.embedding.source_vectors", "\"\"");
  require(!embedding.frozen_source, "model.embedding.frozen_source", "false");
  const auto& guided = config.training.guided_alignment;
  require(guided.weight == 0 || !guided.regions.empty(), "training.guided_alignment.weight",
          "0, or training.guided_alignment.regions: a word aligner needs words");
  require(guided.links.empty(), "training.guided_alignment.links",
          "training.guided_alignment.regions: links are between words");
  require(config.model.alignment_head.width == 0 || !guided.regions.empty(),
          "model.alignment_head.width",
          "0, or training.guided_alignment.regions: links are between words");
}

void check_pictures(const Config& config, Checker& checker) {
  const auto& input = config.model.input;
  const bool convolves = input.convolution != ImageConvolution::kNone;
  const bool has_network = !input.pretrained.empty();
  if (!has_kind(config.data, SourceKind::kImage)) {
    checker.require(!convolves && !has_network,
                    {convolves ? "model.input.convolution" : "model.input.pretrained"},
                    "model.input has a network for pictures, but no source in data.source_kind is "
                    "image");
    return;
  }
  checker.require(convolves != has_network,
                  {"model.input.convolution", "model.input.pretrained", "data.source_kind"},
                  std::string("data.source_kind has pictures, for which there are ") +
                      (convolves ? "two networks" : "no networks") +
                      "; expected either model.input.convolution or model.input.pretrained");
  checker.require(input.frame_stack == 1 || has_kind(config.data, SourceKind::kFeatures) ||
                      has_kind(config.data, SourceKind::kAudio),
                  {"model.input.frame_stack"},
                  "model.input.frame_stack is " + std::to_string(input.frame_stack) +
                      "; expected 1, because pictures have no frames");
  checker.require(config.data.image.channels != 2, {"data.image.channels"},
                  "data.image.channels is 2; expected 3 or 1");
}

void check_grids(const Config& config, Checker& checker) {
  const auto& input = config.model.input;
  const bool rows = config.model.encoder.type == EncoderType::kRows;
  checker.require(!rows || !input.global, {"model.input.global", "model.encoder.type"},
                  "model.input.global is true; expected false, because model.encoder.type is rows, "
                  "and the mean stands in none");
  const bool needs_grid = rows || input.positions == InputPositions::kGrid;
  checker.require(!needs_grid || input.frame_stack == 1,
                  {"model.input.frame_stack", "model.encoder.type", "model.input.positions"},
                  "model.input.frame_stack is " + std::to_string(input.frame_stack) +
                      "; expected 1, because vectors of a grid are not joined");
}

void check_spec_augment(const Config& config, Checker& checker) {
  const auto& augment = config.data.spec_augment;
  checker.require(!augment.is_on() || has_kind(config.data, SourceKind::kAudio) ||
                      has_kind(config.data, SourceKind::kFeatures),
                  {"data.spec_augment.time_masks", "data.spec_augment.frequency_masks",
                   "data.spec_augment.time_warp", "data.source_kind"},
                  "data.spec_augment is given, but no source in data.source_kind is audio or "
                  "features; expected one that is, or no data.spec_augment");
  checker.require(
      augment.time_warp == 0 || config.training.guided_alignment.regions.empty(),
      {"data.spec_augment.time_warp", "training.guided_alignment.regions"},
      "data.spec_augment.time_warp is " + std::to_string(augment.time_warp) +
          "; expected 0, because training.guided_alignment.regions says where things are");
}

}  // namespace

void check_items(const Config& config, Checker& checker) {
  const auto& kinds = config.data.source_kind;
  const auto widths = config.model.input.width.size();
  checker.require(widths <= 1 || widths == kinds.size(), {"model.input.width", "data.source_kind"},
                  "model.input.width is a list of " + std::to_string(widths) +
                      "; expected [], or a width for each of the " + std::to_string(kinds.size()) +
                      " sources in data.source_kind");
  check_first_source(config, checker);
  check_pictures(config, checker);
  check_grids(config, checker);
  check_spec_augment(config, checker);
}

}  // namespace weft
