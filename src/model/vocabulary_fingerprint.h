#pragma once
// Tells one pair of vocabularies from another.

#include <string>

#include "text/vocabulary_factory.h"

namespace weft {

/// 16 hexadecimal digits: FNV-1a over the bytes of both. Weights carry that of the vocabularies
/// they were trained with; others of the same size would give them other words without a complaint.
std::string vocabulary_fingerprint(const Vocabularies& vocabularies);

}  // namespace weft
