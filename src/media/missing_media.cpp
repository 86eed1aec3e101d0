// In the place of the readers of pictures and sound in a build without their libraries.

#include <string>

#include "base/error.h"
#include "media/attention_files.h"
#include "media/open_items.h"

namespace weft {
namespace {

[[noreturn]] void throw_missing(const std::string& what) {
  throw UserError("this program was built without reading " + what +
                  "; install " WEFT_MISSING_PACKAGES " and build it again");
}

}  // namespace

std::unique_ptr<PictureItems> open_pictures(ItemNames, const ImageOptions&) {
  throw_missing("pictures");
}

std::unique_ptr<FeatureItems> open_audio(ItemNames, const AudioOptions&) { throw_missing("sound"); }

}  // namespace weft
