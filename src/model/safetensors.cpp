#include "model/safetensors.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <torch/torch.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <memory>
#include <nlohmann/json.hpp>
#include <vector>

#include "base/atomic_file.h"
#include "base/error.h"

namespace weft {
namespace {

using nlohmann::json;

constexpr std::uint64_t kMaxHeaderBytes = 100'000'000;  // the format's own limit

struct ElementType {
  const char* name;
  torch::ScalarType type;
};
constexpr ElementType kElementTypes[] = {
    {"F32", torch::kFloat32}, {"I64", torch::kInt64}, {"U8", torch::kUInt8}};

const char* type_name(torch::ScalarType type) {
  for (const auto& known : kElementTypes) {
    if (known.type == type) return known.name;
  }
  TORCH_CHECK(false, "a tensor of type ", type, " cannot be stored");
}

/// A file mapped into memory for as long as a tensor looks at it.
class Mapping {
 public:
  explicit Mapping(const std::string& path) {
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
      throw UserError({path}, std::string("cannot be opened (") + std::strerror(errno) + ")");
    struct stat status {};
    const bool regular = ::fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode);
    size_ = regular ? static_cast<std::size_t>(status.st_size) : 0;
    // Private and writable: a module may adopt the tensors without touching the file.
    if (size_ > 0)
      data_ = ::mmap(nullptr, size_, PROT_READ | PROT_WRITE, MAP_PRIVATE, descriptor, 0);
    ::close(descriptor);
    if (!regular) throw UserError({path}, "is not a regular file");
    if (data_ == MAP_FAILED)
      throw UserError({path}, std::string("cannot be mapped (") + std::strerror(errno) + ")");
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

[[noreturn]] void damaged(const std::string& path, const std::string& what) {
  throw UserError({path}, "is damaged: " + what);
}

/// The tensor that a header entry describes, or an error if anything about it does not fit.
torch::Tensor checked_tensor(const std::string& path, const std::string& name, const json& entry,
                             const std::shared_ptr<Mapping>& mapping, std::size_t data_start) {
  const auto dtype = entry.at("dtype").get<std::string>();
  const auto shape = entry.at("shape").get<std::vector<std::uint64_t>>();
  const auto offsets = entry.at("data_offsets").get<std::vector<std::uint64_t>>();
  const ElementType* element = nullptr;
  for (const auto& known : kElementTypes) {
    if (dtype == known.name) element = &known;
  }
  if (element == nullptr)
    damaged(path, "tensor '" + name + "' has type " + dtype + "; expected F32, I64 or U8");
  std::uint64_t bytes = c10::elementSize(element->type);
  const std::uint64_t available = mapping->size() - data_start;
  std::vector<int64_t> sizes;
  for (const std::uint64_t size : shape) {
    if (size != 0 && bytes > available / size)
      damaged(path, "tensor '" + name + "' is larger than the file");
    bytes *= size;
    sizes.push_back(static_cast<int64_t>(size));
  }
  if (offsets.size() != 2 || offsets[0] > offsets[1] || offsets[1] > available ||
      offsets[1] - offsets[0] != bytes ||
      (data_start + offsets[0]) % c10::elementSize(element->type) != 0) {
    damaged(path, "tensor '" + name + "' lies outside the file or has the wrong size");
  }
  return torch::from_blob(
      mapping->bytes() + data_start + offsets[0], sizes, [mapping](void*) {},
      torch::TensorOptions(element->type));
}

}  // namespace

void write_tensors(const std::string& path, const TensorFile& file) {
  json header = json::object();
  if (!file.metadata.empty()) header["__metadata__"] = file.metadata;
  std::vector<torch::Tensor> contents;
  std::uint64_t offset = 0;
  for (const auto& [name, tensor] : file.tensors) {
    contents.push_back(tensor.detach().to(torch::kCPU).contiguous());
    const std::uint64_t end = offset + contents.back().nbytes();
    header[name] = {{"dtype", type_name(tensor.scalar_type())},
                    {"shape", tensor.sizes().vec()},
                    {"data_offsets", {offset, end}}};
    offset = (end + 7) / 8 * 8;  // tensors of any type stay aligned
    if (offset != end)
      contents.push_back(torch::zeros({static_cast<int64_t>(offset - end)}, torch::kUInt8));
  }
  auto text = header.dump();
  text.resize((text.size() + 7) / 8 * 8, ' ');
  AtomicFile out(path);
  const std::uint64_t length = text.size();
  out.write({reinterpret_cast<const char*>(&length), sizeof length});
  out.write(text);
  for (const auto& tensor : contents) {
    out.write({static_cast<const char*>(tensor.data_ptr()), tensor.nbytes()});
  }
  out.commit();
}

TensorFile read_tensors(const std::string& path) {
  const auto mapping = std::make_shared<Mapping>(path);
  std::uint64_t length = 0;
  if (mapping->size() < sizeof length) damaged(path, "it ends before its header");
  std::memcpy(&length, mapping->bytes(), sizeof length);
  if (length > kMaxHeaderBytes || length > mapping->size() - sizeof length) {
    damaged(path, "its header is said to have " + std::to_string(length) + " bytes");
  }
  const char* begin = mapping->bytes() + sizeof length;
  TensorFile file;
  try {
    const auto header = json::parse(begin, begin + length);
    for (const auto& [name, entry] : header.items()) {
      if (name == "__metadata__") {
        file.metadata = entry.get<std::map<std::string, std::string>>();
      } else {
        file.tensors[name] = checked_tensor(path, name, entry, mapping, sizeof length + length);
      }
    }
  } catch (const json::exception& error) {
    damaged(path, std::string("its header cannot be read (") + error.what() + ")");
  }
  return file;
}

}  // namespace weft
