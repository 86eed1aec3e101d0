#include "text/sentencepiece_api.h"

namespace weft {

const WeftSpApi& sentencepiece_api() { return *weft_sentencepiece_api(); }

}  // namespace weft
