#pragma once
// Every preset in configs/, by name.

#include <string>

namespace weft {

inline constexpr const char* kPresets[] = {"bideep",    "deep-transition", "feedforward-attention",
                                           "gnmt",      "hard-attention",  "luong2015-local",
                                           "luong2015", "nematus",         "reference",
                                           "rnmt-plus", "rnnencdec",       "rnnsearch",
                                           "ssru"};

/// Those of models that read what is not text.
inline constexpr const char* kItemPresets[] = {
    "feedforward-attention-regions", "im2latex",      "listen-attend-spell",
    "multimodal",                    "show-and-tell", "show-attend-and-tell",
    "show-attend-and-tell-hard"};

inline std::string preset_path(const std::string& name) {
  return WEFT_TEST_DATA "/../../configs/" + name + ".yaml";
}

}  // namespace weft
