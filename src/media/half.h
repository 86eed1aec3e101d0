#pragma once
// Numbers of 16 bits (IEEE 754 binary16), which the compiler has no type for.

#include <cstdint>

namespace weft {

float half_to_float(uint16_t half);
/// To the nearest, ties to even; what is too large becomes infinite.
uint16_t float_to_half(float number);

}  // namespace weft
