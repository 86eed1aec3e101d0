#include "media/feature_formats.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <regex>
#include <stdexcept>
#include <string>

#include "base/number_text.h"
#include "media/format_error.h"
#include "media/half.h"

namespace weft {
namespace {

static_assert(std::endian::native == std::endian::little, "numbers of files are read as they are");

template <class Number>
Number read_number(std::string_view bytes, bool big_endian = false) {
  char copy[sizeof(Number)];
  std::memcpy(copy, bytes.data(), sizeof copy);
  if (big_endian) std::reverse(copy, copy + sizeof copy);
  return std::bit_cast<Number>(copy);
}

/// Sets the bytes of `array` to those at the beginning of `rest`, as many as its shape has.
void take_numbers(StoredArray& array, std::string_view rest) {
  std::size_t count = 1;
  for (const int64_t size : array.shape) {
    if (size < 1) throw FormatError("has a size of " + std::to_string(size));
    if (static_cast<uint64_t>(size) > rest.size() / count)
      throw FormatError("is truncated: it has fewer numbers than its header says");
    count *= static_cast<std::size_t>(size);
  }
  if (count > rest.size() / bytes_of(array.type))
    throw FormatError("is truncated: it has fewer numbers than its header says");
  array.bytes = rest.substr(0, count * bytes_of(array.type));
}

/// "(12, 40)" or "(12, 40,)".
std::vector<int64_t> parse_shape(std::string text) {
  std::vector<int64_t> shape;
  text.erase(std::remove(text.begin(), text.end(), ' '), text.end());
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t comma = std::min(text.find(',', begin), text.size());
    int64_t size = 0;
    if (!parse_number(text.substr(begin, comma - begin), size))
      throw FormatError("has a damaged header: its shape is no list of numbers");
    shape.push_back(size);
    begin = comma + 1;
  }
  return shape;
}

/// What `pattern` finds in the header, in parentheses.
std::string header_value(const std::string& header, const char* pattern) {
  std::smatch match;
  if (!std::regex_search(header, match, std::regex(pattern)))
    throw FormatError("has a damaged header");
  return match[1];
}

void set_type(StoredArray& array, const std::string& description) {
  array.big_endian = description.front() == '>';
  const std::string type = description.substr(1);
  if (type == "f2") {
    array.type = NumberType::kFloat16;
  } else if (type == "f4") {
    array.type = NumberType::kFloat32;
  } else if (type == "f8") {
    array.type = NumberType::kFloat64;
  } else {
    throw FormatError("holds numbers of type '" + description +
                      "'; expected float16, float32 or float64");
  }
}

}  // namespace

std::size_t bytes_of(NumberType type) {
  switch (type) {
    case NumberType::kFloat16:
      return 2;
    case NumberType::kFloat32:
      return 4;
    case NumberType::kFloat64:
      return 8;
  }
  throw std::logic_error("unknown number type");
}

NpyHeader read_npy_header(std::string_view file) {
  constexpr std::string_view kMagic("\x93NUMPY", 6);
  constexpr std::size_t kMostHeader = 10'000;  // NumPy's own limit
  if (file.substr(0, kMagic.size()) != kMagic) throw FormatError("is no .npy file");
  if (file.size() < 12) throw FormatError("is truncated in its header");
  const int version = file[6];
  if (version < 1 || version > 3)
    throw FormatError("is a .npy file of version " + std::to_string(version) + "; expected 1 to 3");
  const std::size_t begin = version == 1 ? 10 : 12;
  const std::size_t length =
      version == 1 ? read_number<uint16_t>(file.substr(8)) : read_number<uint32_t>(file.substr(8));
  if (length > kMostHeader) throw FormatError("has a damaged header");
  if (length > file.size() - begin) throw FormatError("is truncated in its header");
  const std::string text(file.substr(begin, length));
  NpyHeader header;
  header.type = header_value(text, R"('descr' *: *'([<>=|][a-zA-Z]\d{0,3})')");
  header.fortran_order = header_value(text, "'fortran_order' *: *(True|False)") == "True";
  header.shape = parse_shape(header_value(text, R"('shape' *: *\(([0-9, ]*)\))"));
  header.begin = begin + length;
  return header;
}

StoredArray npy_numbers(const NpyHeader& header, std::string_view file) {
  StoredArray array;
  set_type(array, header.type);
  array.shape = header.shape;
  take_numbers(array, file.substr(header.begin));
  return array;
}

StoredArray find_npy(std::string_view file) {
  const auto header = read_npy_header(file);
  if (header.fortran_order) throw FormatError("is in Fortran's order; expected C order");
  return npy_numbers(header, file);
}

StoredArray find_sphinx(std::string_view file, int64_t width) {
  StoredArray array;
  if (file.size() < 4) throw FormatError("is truncated in its header");
  const std::size_t count = (file.size() - 4) / 4;
  for (const bool big_endian : {true, false}) {
    if (read_number<uint32_t>(file, big_endian) != count || file.size() % 4 != 0) continue;
    array.big_endian = big_endian;
    const auto vector = static_cast<std::size_t>(width);
    if (count == 0) throw FormatError("has no frames");
    if (count % vector != 0)
      throw FormatError("has " + std::to_string(count) + " numbers; expected vectors of " +
                        std::to_string(width));
    array.shape = {static_cast<int64_t>(count / vector), width};
    array.bytes = file.substr(4);
    return array;
  }
  throw FormatError("is no file of Sphinx, or truncated: it has " + std::to_string(count) +
                    " numbers, but says otherwise");
}

StoredArray find_kaldi(std::string_view file, std::size_t offset) {
  // "\0B", "FM " or "DM ", then rows and columns, each a byte 4 and an int32, then the numbers.
  constexpr std::size_t kHeader = 15;
  if (offset > file.size() || file.size() - offset < kHeader)
    throw FormatError("ends before the matrix that the name points to");
  file = file.substr(offset);
  StoredArray array;
  const std::string_view kind = file.substr(0, 5);
  if (kind == std::string_view("\0BDM ", 5)) {
    array.type = NumberType::kFloat64;
  } else if (kind != std::string_view("\0BFM ", 5)) {
    throw FormatError("has no matrix of numbers where its name points to" +
                      std::string(kind.substr(0, 4) == std::string_view("\0BCM", 4)
                                      ? "; expected one that is not compressed"
                                      : ""));
  }
  if (file[5] != 4 || file[10] != 4) throw FormatError("has a damaged matrix");
  array.shape = {read_number<int32_t>(file.substr(6)), read_number<int32_t>(file.substr(11))};
  take_numbers(array, file.substr(kHeader));
  return array;
}

StoredArray find_tensor(const SafetensorsHeader& header, const TensorEntry& tensor,
                        std::string_view file) {
  StoredArray array;
  array.shape = tensor.shape;
  if (tensor.type == ElementType::kFloat16) {
    array.type = NumberType::kFloat16;
  } else if (tensor.type != ElementType::kFloat32) {
    throw FormatError("holds whole numbers; expected F16 or F32");
  }
  take_numbers(array, file.substr(header.size + tensor.begin, tensor.end - tensor.begin));
  return array;
}

void copy_numbers(const StoredArray& array, float* out) {
  const std::size_t size = bytes_of(array.type);
  bool finite = true;
  for (std::size_t begin = 0; begin < array.bytes.size(); begin += size) {
    const auto bytes = array.bytes.substr(begin, size);
    float number = 0;
    if (array.type == NumberType::kFloat16) {
      number = half_to_float(read_number<uint16_t>(bytes, array.big_endian));
    } else if (array.type == NumberType::kFloat32) {
      number = read_number<float>(bytes, array.big_endian);
    } else {
      number = static_cast<float>(read_number<double>(bytes, array.big_endian));
    }
    finite = finite && std::isfinite(number);
    *out++ = number;
  }
  if (!finite) throw FormatError("holds a number that is not finite (NaN, infinite)");
}

}  // namespace weft
