#pragma once
// How the lines of one source are read: what several keys say of it, put together.

#include <cstddef>
#include <cstdint>
#include <string>

#include "config/config.h"

namespace weft {

struct ItemOptions {
  SourceKind kind = SourceKind::kText;  ///< of text, nothing else counts
  std::string root;  ///< where relative paths start; empty: where the program runs
  ImageOptions image;
  AudioOptions audio;
  FeatureOptions features;
  std::string network;  ///< TorchScript that pictures go through; empty: none
  std::string cache;    ///< folder of what was computed; empty: it is computed when it is needed
  int64_t width = 0;    ///< numbers of a feature vector; 0: those of the files
  int64_t frame_stack = 1;  ///< vectors that are put one behind the other into one
  bool global = false;      ///< the mean of all is one more
  bool operator==(const ItemOptions&) const = default;

  bool is_text() const { return kind == SourceKind::kText; }
};

/// Of source `k`, from 0.
ItemOptions item_options(const Config& config, std::size_t k);

}  // namespace weft
