#pragma once
// The public safetensors format: 8 bytes of header length, a JSON header, then the tensors' bytes.

#include <map>
#include <string>

#include "model/named_tensors.h"

namespace weft {

/// What a file holds: tensors by name, and a free string-to-string map.
struct TensorFile {
  NamedTensors tensors;  ///< on the CPU
  std::map<std::string, std::string> metadata;
};

/// Writes to a new name, syncs and renames: a kill leaves the old file or the new one. Throws
/// UserError if it cannot.
void write_tensors(const std::string& path, const TensorFile& file);

/// Reads a file it does not trust (base/safetensors_header.h says what is checked). float32,
/// float16, int64 and uint8 tensors; the file is memory-mapped and its tensors read from the map
/// (do not write to them). Whoever replaces the file meanwhile must rename another over it, as
/// write_tensors() does: one that is overwritten in place changes under its readers. Throws
/// UserError that says what is wrong.
TensorFile read_tensors(const std::string& path);

}  // namespace weft
