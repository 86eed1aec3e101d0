#pragma once
// What a line of a source stands for, and how pictures and sound become numbers.

#include <cstdint>

namespace weft {

/// What the lines of a source are: text, or names of items (media/item_names.h).
enum class SourceKind {
  kText,
  kFeatures,  ///< vectors from a file
  kImage,     ///< a picture
  kAudio,     ///< sound, as mel spectra
};

/// How a picture is made as large as the others.
enum class ImageResize {
  kStretch,  ///< its proportions change
  kFit,      ///< the whole picture, with black at two sides
  kCrop,     ///< its middle, as much of it as has the proportions
};

struct ImageOptions {
  int64_t height = 224;  ///< pixels, in [1, 4096]
  int64_t width = 224;
  int64_t channels = 3;  ///< 3: red, green and blue; 1: grey
  ImageResize resize = ImageResize::kStretch;
  bool operator==(const ImageOptions&) const = default;
};

enum class FrameNormalization {
  kNone,
  kUtterance,  ///< every column of an item gets mean 0 and variance 1
};

/// What is done to the vectors of a file.
struct FeatureOptions {
  FrameNormalization normalize = FrameNormalization::kNone;
  bool deltas = false;  ///< first and second differences too: vectors three times as wide
  bool operator==(const FeatureOptions&) const = default;
};

/// Logarithms of mel spectra: one vector every `hop` seconds.
struct AudioOptions {
  int64_t sample_rate = 16'000;  ///< Hz that all sound is resampled to, in [1000, 192000]
  double window = 0.025;         ///< seconds, in [0.001, 1]
  double hop = 0.010;            ///< seconds, in [0.001, 1]
  int64_t mels = 40;             ///< filters, in [1, 512]
  double low_hz = 20;            ///< where the lowest filter begins, >= 0
  double high_hz = 0;            ///< where the highest filter ends; 0: half the sample rate
  FrameNormalization normalize = FrameNormalization::kUtterance;
  bool deltas = false;       ///< first and second differences too: vectors of 3 * mels
  double max_seconds = 600;  ///< longer sound is refused, in (0, 86400]
  bool operator==(const AudioOptions&) const = default;
};

/// What training does not let a model see of sound and of sequences of vectors, drawn anew for
/// every item and epoch (data/spec_augment.h): SpecAugment, Park et al. 2019, arXiv:1904.08779,
/// whose names stand behind.
struct SpecAugmentOptions {
  int64_t time_warp = 0;         ///< W: vectors that a place is moved by at most; 0: no warping
  int64_t frequency_masks = 0;   ///< m_F: masks over neighbouring numbers of all vectors
  int64_t frequency_width = 27;  ///< F: most numbers of one
  int64_t time_masks = 0;        ///< m_T: masks over neighbouring vectors
  int64_t time_width = 100;      ///< T: most vectors of one
  double time_part = 1;          ///< p: most of an item that one may take, in (0, 1]
  bool is_on() const { return time_warp > 0 || frequency_masks > 0 || time_masks > 0; }
};

}  // namespace weft
