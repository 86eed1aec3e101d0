#include "media/option_text.h"

#include "base/number_text.h"

namespace weft {
namespace {

std::string integer_text(int64_t number) { return ' ' + std::to_string(number); }
std::string real_text(double number) { return ' ' + shortest_number(number); }

}  // namespace

// The first words are versions: whoever changes what the numbers are changes them.
std::string option_text(const ImageOptions& options) {
  return "picture-1" + integer_text(options.height) + integer_text(options.width) +
         integer_text(options.channels) + integer_text(static_cast<int>(options.resize));
}

std::string option_text(const AudioOptions& options) {
  return "mel-1" + integer_text(options.sample_rate) + real_text(options.window) +
         real_text(options.hop) + integer_text(options.mels) + real_text(options.low_hz) +
         real_text(options.high_hz) + integer_text(static_cast<int>(options.normalize)) +
         integer_text(options.deltas ? 1 : 0);
}

}  // namespace weft
