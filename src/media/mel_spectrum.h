#pragma once
// Logarithms of mel spectra, what recognisers of speech listen to.

#include <cstdint>
#include <vector>

#include "config/media_options.h"

namespace weft {

/// Every `hop` seconds the power spectrum of `window` seconds of sound (Hann's window), summed in
/// triangles that lie evenly on the mel scale m(f) = 2595 log10(1 + f / 700), as logarithms:
///   x_t,k = log(max(sum_f w_k(f) |STFT_t(f)|^2, 1e-8))
/// 1e-8 is about what rounding to 16 bits leaves of silence. As torchaudio's MelSpectrogram with
/// center=False, mel_scale="htk", norm=None. Safe from several threads.
class MelSpectrum {
 public:
  /// Throws UserError if a filter is narrower than the spectrum's lines, or ends beyond half the
  /// sample rate.
  explicit MelSpectrum(const AudioOptions& options);

  /// Vectors that `samples` samples make: as many as windows are needed to reach the last one.
  int64_t frames(int64_t samples) const;
  /// Numbers in a vector: mels, or three times as many with first and second differences.
  int64_t width() const { return options_.deltas ? 3 * options_.mels : options_.mels; }

  /// Of sound at the options' rate, at least one sample; missing ones at the end are 0. Writes
  /// [frames, width].
  void compute(const std::vector<float>& samples, float* out) const;

 private:
  /// A triangle: the weights of the spectrum's lines from `first` on.
  struct Filter {
    int64_t first = 0;
    std::vector<float> weights;
  };
  void make_filters();
  void compute_static(const std::vector<float>& samples, float* out) const;

  AudioOptions options_;
  int64_t hop_ = 0;       // in samples
  int64_t fft_size_ = 0;  // a power of two, at least 512
  std::vector<float> window_;
  std::vector<Filter> filters_;
};

}  // namespace weft
