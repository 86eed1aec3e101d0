// Sound of files, as mel spectra that are computed when they are wanted.

#include <memory>
#include <utility>
#include <vector>

#include "base/mapped_file.h"
#include "media/at_item.h"
#include "media/content_hash.h"
#include "media/format_error.h"
#include "media/mel_spectrum.h"
#include "media/open_items.h"
#include "media/option_text.h"
#include "media/sound.h"

namespace weft {
namespace {

class MelItems : public FeatureItems {
 public:
  MelItems(ItemNames names, const AudioOptions& options)
      : names_(std::move(names)), options_(options), spectrum_(options) {
    ContentHash hash;
    hash.add(option_text(options));
    for_each_item(names_.size(), [&](int64_t item) {
      names_.check_file(item, names_.path(item));
      at_item(names_, item, [&] {
        const auto header = read_sound_header(names_.path(item), options.max_seconds);
        const auto size = resampled_size(header.samples, header.sample_rate, options.sample_rate);
        lengths_.push_back(spectrum_.frames(size));
        hash.add(names_.name(item) + '\n' + std::to_string(header.samples) + '\n');
      });
    });
    fingerprint_ = hash.hex();
  }

  int64_t size() const override { return names_.size(); }
  ItemShape shape(int64_t item) const override {
    return {lengths_.at(static_cast<std::size_t>(item)), spectrum_.width()};
  }
  std::string fingerprint() const override { return fingerprint_; }

  std::string content_key(int64_t item) const override {
    std::string key;
    at_item(names_, item,
            [&] { key = ContentHash().add(MappedFile(names_.path(item)).view()).hex(); });
    return key;
  }

  void copy(int64_t item, float* out) const override {
    at_item(names_, item, [&] {
      Sound sound = read_sound(names_.path(item), options_.max_seconds);
      const auto samples =
          resample(std::move(sound.samples), sound.sample_rate, options_.sample_rate);
      if (spectrum_.frames(static_cast<int64_t>(samples.size())) != shape(item).length)
        throw FormatError("has changed since it was looked at");
      spectrum_.compute(samples, out);
    });
  }

 private:
  ItemNames names_;
  AudioOptions options_;
  MelSpectrum spectrum_;
  std::vector<int64_t> lengths_;
  std::string fingerprint_;
};

}  // namespace

std::unique_ptr<FeatureItems> open_audio(ItemNames names, const AudioOptions& options) {
  return std::make_unique<MelItems>(std::move(names), options);
}

}  // namespace weft
