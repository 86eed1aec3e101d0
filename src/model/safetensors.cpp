#include "model/safetensors.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <torch/types.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/atomic_file.h"
#include "base/error.h"
#include "base/messages.h"
#include "model/safetensors_header.h"

namespace weft {
namespace {

torch::ScalarType scalar_type(ElementType type) {
  switch (type) {
    case ElementType::kFloat32:
      return torch::kFloat32;
    case ElementType::kInt64:
      return torch::kInt64;
    case ElementType::kUInt8:
      return torch::kUInt8;
  }
  TORCH_CHECK(false, "unknown type ", static_cast<int>(type));
}

ElementType element_type(torch::ScalarType type) {
  for (const auto known : {ElementType::kFloat32, ElementType::kInt64, ElementType::kUInt8}) {
    if (scalar_type(known) == type) return known;
  }
  TORCH_CHECK(false, "a tensor of type ", type, " cannot be stored");
}

/// A file mapped into memory for as long as a tensor looks at it.
class Mapping {
 public:
  explicit Mapping(const std::string& path) {
    // O_NONBLOCK: a pipe that nobody writes to is refused below instead of waited for.
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0) throw_file_error(path, "cannot be opened");
    struct stat status {};
    const bool regular = ::fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode);
    size_ = regular ? static_cast<std::size_t>(status.st_size) : 0;
    // Private and writable: a module may adopt the tensors without touching the file.
    if (size_ > 0)
      data_ = ::mmap(nullptr, size_, PROT_READ | PROT_WRITE, MAP_PRIVATE, descriptor, 0);
    ::close(descriptor);
    if (!regular) throw UserError({path}, "is not a regular file");
    if (data_ == MAP_FAILED) throw_file_error(path, "cannot be mapped");
  }
  Mapping(const Mapping&) = delete;
  Mapping& operator=(const Mapping&) = delete;
  ~Mapping() {
    if (data_ != nullptr && data_ != MAP_FAILED) ::munmap(data_, size_);
  }
  char* bytes() const { return static_cast<char*>(data_); }
  std::size_t size() const { return size_; }

 private:
  void* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace

void write_tensors(const std::string& path, const TensorFile& file) {
  // Wide elements first: then each is aligned, without gaps, which the format does not allow.
  std::vector<std::pair<std::string, torch::Tensor>> contents;
  for (const auto& [name, tensor] : file.tensors)
    contents.emplace_back(name, tensor.detach().to(torch::kCPU).contiguous());
  std::stable_sort(contents.begin(), contents.end(), [](const auto& a, const auto& b) {
    return a.second.element_size() > b.second.element_size();
  });
  SafetensorsHeader header;
  header.metadata = file.metadata;
  std::size_t offset = 0;
  for (const auto& [name, tensor] : contents) {
    const std::size_t end = offset + tensor.nbytes();
    header.tensors.push_back(
        {name, element_type(tensor.scalar_type()), tensor.sizes().vec(), offset, end});
    offset = end;
  }
  AtomicFile out(path);
  out.write(format_safetensors_header(header));
  for (const auto& [name, tensor] : contents) {
    out.write({static_cast<const char*>(tensor.data_ptr()), tensor.nbytes()});
  }
  out.commit();
}

TensorFile read_tensors(const std::string& path) {
  const auto mapping = std::make_shared<Mapping>(path);
  auto header = parse_safetensors_header(path, {mapping->bytes(), mapping->size()});
  TensorFile file;
  file.metadata = std::move(header.metadata);
  for (const auto& tensor : header.tensors) {
    file.tensors[tensor.name] = torch::from_blob(
        mapping->bytes() + header.size + tensor.begin, tensor.shape, [mapping](void*) {},
        torch::TensorOptions(scalar_type(tensor.type)));
  }
  return file;
}

}  // namespace weft
