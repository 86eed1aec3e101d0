#pragma once
// Where the numbers lie in the files of features that others write. The bytes are not trusted. Each
// function throws FormatError.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/safetensors_header.h"

namespace weft {

enum class NumberType { kFloat16, kFloat32, kFloat64 };

/// An array of numbers within the bytes of a file, row by row.
struct StoredArray {
  std::vector<int64_t> shape;
  NumberType type = NumberType::kFloat32;
  bool big_endian = false;
  std::string_view bytes;  ///< exactly those of the numbers
};

std::size_t bytes_of(NumberType type);

/// What stands at the beginning of NumPy's .npy, versions 1 to 3.
/// https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
struct NpyHeader {
  std::string type;            ///< "<f4": byte order, kind and bytes of a number
  bool fortran_order = false;  ///< numbers stand column by column
  std::vector<int64_t> shape;
  std::size_t begin = 0;  ///< of the numbers, in bytes
};
NpyHeader read_npy_header(std::string_view file);

/// The numbers of a .npy file, in the order in which they stand; float16, 32 or 64.
StoredArray npy_numbers(const NpyHeader& header, std::string_view file);

/// The same of a whole file, which must be in C order.
StoredArray find_npy(std::string_view file);

/// Sphinx' cepstra: how many numbers, in 32 bits, and the numbers as float32, all in the byte order
/// that fits the file's length; `width` of them make a vector.
StoredArray find_sphinx(std::string_view file, int64_t width);

/// The matrix that begins at byte `offset` of a Kaldi archive, as .scp files point to it; not
/// compressed ("FM", "DM").
StoredArray find_kaldi(std::string_view file, std::size_t offset);

/// A tensor of a safetensors file, F16 or F32.
StoredArray find_tensor(const SafetensorsHeader& header, const TensorEntry& tensor,
                        std::string_view file);

/// Writes the numbers as float32. Throws FormatError if one is not finite.
void copy_numbers(const StoredArray& array, float* out);

}  // namespace weft
