#pragma once
// NumPy's .npz: a zip archive with a .npy file for each array. Models of other toolkits are stored
// so.

#include <torch/types.h>

#include <memory>
#include <string>
#include <vector>

#include "model/named_tensors.h"

namespace weft {

/// An archive that is read array by array. It is not trusted. Throws UserError, as every function
/// does: the message begins with the path, and names the array.
class NpzFile {
 public:
  explicit NpzFile(const std::string& path);
  ~NpzFile();
  NpzFile(const NpzFile&) = delete;
  NpzFile& operator=(const NpzFile&) = delete;

  /// Names of all arrays, without ".npy", as they stand in the archive.
  const std::vector<std::string>& names() const { return names_; }
  bool has(const std::string& name) const;
  /// Numbers of float16, 32 or 64, in C or in Fortran's order, as float32 in C order.
  torch::Tensor tensor(const std::string& name) const;
  /// An array of bytes (int8, uint8, S), as far as the first NUL.
  std::string text(const std::string& name) const;

 private:
  struct Archive;

  std::string bytes_of(const std::string& name) const;
  [[noreturn]] void fail(const std::string& name, const std::string& what) const;

  std::string path_;
  std::unique_ptr<Archive> archive_;
  std::vector<std::string> names_;
};

/// What an archive is made of.
struct NpzContents {
  NamedTensors tensors;                      ///< float32
  std::map<std::string, std::string> texts;  ///< written as int8, with a NUL behind
};

/// The bytes of an uncompressed archive, the same for the same contents.
std::string format_npz(const NpzContents& contents);

}  // namespace weft
