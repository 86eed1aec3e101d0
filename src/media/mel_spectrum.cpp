#include "media/mel_spectrum.h"

#include <kissfft/kiss_fftr.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <memory>
#include <new>
#include <numbers>
#include <string>

#include "base/error.h"
#include "base/number_text.h"
#include "media/frame_columns.h"

namespace weft {
namespace {

constexpr int64_t kLeastFftSize = 512;
constexpr float kSilence = 1e-8F;

struct FftDeleter {
  void operator()(kiss_fftr_cfg plan) const { kiss_fftr_free(plan); }
};
using FftPlan = std::unique_ptr<kiss_fftr_state, FftDeleter>;

double to_mel(double hz) { return 2595.0 * std::log10(1.0 + hz / 700.0); }
double from_mel(double mel) { return 700.0 * (std::pow(10.0, mel / 2595.0) - 1.0); }

int64_t in_samples(double seconds, const AudioOptions& options) {
  return std::max<int64_t>(1, std::llround(seconds * static_cast<double>(options.sample_rate)));
}

}  // namespace

MelSpectrum::MelSpectrum(const AudioOptions& options)
    : options_(options),
      hop_(in_samples(options.hop, options)),
      window_(static_cast<std::size_t>(in_samples(options.window, options))) {
  const auto size = static_cast<double>(window_.size());
  for (std::size_t i = 0; i < window_.size(); ++i) {
    window_[i] = static_cast<float>(
        0.5 - 0.5 * std::cos(2 * std::numbers::pi * static_cast<double>(i) / size));
  }
  fft_size_ = std::max(kLeastFftSize, static_cast<int64_t>(std::bit_ceil(window_.size())));
  make_filters();
}

void MelSpectrum::make_filters() {
  const double half_rate = static_cast<double>(options_.sample_rate) / 2;
  const double high = options_.high_hz > 0 ? options_.high_hz : half_rate;
  if (high > half_rate || options_.low_hz >= high) {
    throw UserError("mel filters from " + shortest_number(options_.low_hz) + " to " +
                    shortest_number(high) + " Hz; expected them to rise, and to end at most at " +
                    shortest_number(half_rate) + " Hz, half the sample rate");
  }
  const double low_mel = to_mel(options_.low_hz);
  const double step = (to_mel(high) - low_mel) / static_cast<double>(options_.mels + 1);
  const double line = static_cast<double>(options_.sample_rate) / static_cast<double>(fft_size_);
  for (int64_t k = 0; k < options_.mels; ++k) {
    const auto corner = [&](int64_t i) {
      return from_mel(low_mel + static_cast<double>(k + i) * step);
    };
    const double left = corner(0), top = corner(1), right = corner(2);
    Filter filter{static_cast<int64_t>(std::floor(left / line)) + 1, {}};
    for (int64_t i = filter.first; static_cast<double>(i) * line < right && i <= fft_size_ / 2;
         ++i) {
      const double hz = static_cast<double>(i) * line;
      filter.weights.push_back(
          static_cast<float>(std::min((hz - left) / (top - left), (right - hz) / (right - top))));
    }
    if (filter.weights.empty()) {
      throw UserError(std::to_string(options_.mels) + " mel filters are too many for a window of " +
                      shortest_number(options_.window) + " s at " +
                      std::to_string(options_.sample_rate) + " Hz: number " +
                      std::to_string(k + 1) + " has no line of the spectrum");
    }
    filters_.push_back(std::move(filter));
  }
}

int64_t MelSpectrum::frames(int64_t samples) const {
  const int64_t beyond_first = std::max<int64_t>(0, samples - static_cast<int64_t>(window_.size()));
  return 1 + (beyond_first + hop_ - 1) / hop_;
}

void MelSpectrum::compute_static(const std::vector<float>& samples, float* out) const {
  const int64_t count = frames(static_cast<int64_t>(samples.size()));
  // A plan of its own: it has room for intermediate results, which threads may not share.
  const FftPlan plan(kiss_fftr_alloc(static_cast<int>(fft_size_), 0, nullptr, nullptr));
  if (!plan) throw std::bad_alloc();
  std::vector<float> frame(static_cast<std::size_t>(fft_size_));
  std::vector<kiss_fft_cpx> spectrum(static_cast<std::size_t>(fft_size_ / 2 + 1));
  std::vector<float> power(spectrum.size());
  for (int64_t t = 0; t < count; ++t) {
    const auto begin = static_cast<std::size_t>(t * hop_);
    for (std::size_t i = 0; i < window_.size(); ++i)
      frame[i] = begin + i < samples.size() ? samples[begin + i] * window_[i] : 0;
    kiss_fftr(plan.get(), frame.data(), spectrum.data());
    for (std::size_t i = 0; i < power.size(); ++i)
      power[i] = spectrum[i].r * spectrum[i].r + spectrum[i].i * spectrum[i].i;
    float* vector = out + t * width();
    for (const Filter& filter : filters_) {
      float sum = 0;
      const float* line = power.data() + filter.first;
      for (const float weight : filter.weights) sum += weight * *line++;
      *vector++ = std::log(std::max(sum, kSilence));
    }
  }
}

void MelSpectrum::compute(const std::vector<float>& samples, float* out) const {
  compute_static(samples, out);
  const int64_t count = frames(static_cast<int64_t>(samples.size()));
  if (options_.deltas) add_deltas(out, count, width());
  if (options_.normalize == FrameNormalization::kUtterance) normalize_columns(out, count, width());
}

}  // namespace weft
