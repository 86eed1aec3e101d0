#pragma once
// Where the rest of Weft gets SentencePiece from.

#include "text/sentencepiece_module/sentencepiece_module.h"

namespace weft {

/// SentencePiece's functions. In a "module" build the first call loads libweft_sentencepiece.so,
/// which lies beside the program or in its ../lib; throws std::runtime_error if that fails.
const WeftSpApi& sentencepiece_api();

}  // namespace weft
