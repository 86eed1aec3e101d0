#pragma once
// A scene as pixels.

#include "media/picture.h"
#include "picture-captions/scene.h"

namespace weft::scenes {

/// kSide x kSide pixels, red, green and blue, with smooth edges. Whole numbers alone: the same on
/// every machine.
Picture draw(const Scene& scene);

}  // namespace weft::scenes
