#pragma once
// The header of the public safetensors format: 8 bytes of length, then JSON that says for every
// tensor its type, its shape and where its bytes lie. No LibTorch: what reads untrusted bytes runs
// under the sanitizers.

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace weft {

enum class ElementType { kFloat32, kFloat16, kInt64, kUInt8 };

std::size_t element_bytes(ElementType type);

struct TensorEntry {
  std::string name;
  ElementType type = ElementType::kFloat32;
  std::vector<int64_t> shape;
  std::size_t begin = 0;  ///< bytes [begin, end) of what follows the header
  std::size_t end = 0;
};

struct SafetensorsHeader {
  std::size_t size = 0;  ///< bytes before the tensors', the length's own included
  std::vector<TensorEntry> tensors;
  std::map<std::string, std::string> metadata;
};

/// The header of a whole `file`, which is not trusted: names are distinct, every shape has the
/// elements that its bytes hold, the bytes are aligned, and every byte behind the header belongs to
/// one tensor. Throws UserError, which calls the file `path` and says in one short line what is
/// wrong.
SafetensorsHeader parse_safetensors_header(const std::string& path, std::string_view file);

/// The bytes of a header, padded to a multiple of 8; `size` is not looked at.
std::string format_safetensors_header(const SafetensorsHeader& header);

}  // namespace weft
