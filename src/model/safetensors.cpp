#include "model/safetensors.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <torch/torch.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <limits>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
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
    // O_NONBLOCK: a pipe that nobody writes to is refused below instead of waited for.
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
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

/// Bytes [begin, end) after the header.
struct Extent {
  std::uint64_t begin, end;
};

/// A list of whole numbers >= 0; json's own conversion would take -1, 2.5 and true as well.
std::vector<std::uint64_t> whole_numbers(const std::string& path, const std::string& name,
                                         const json& list) {
  for (const auto& number : list) {
    if (!number.is_number_unsigned())
      damaged(path, "tensor '" + name + "' has the number " + number.dump());
  }
  return list.get<std::vector<std::uint64_t>>();
}

const ElementType& element_type(const std::string& path, const std::string& name,
                                const std::string& found) {
  for (const auto& known : kElementTypes) {
    if (found == known.name) return known;
  }
  damaged(path, "tensor '" + name + "' has type " + found + "; expected F32, I64 or U8");
}

/// The tensor that a header entry describes, or an error if anything about it does not fit.
torch::Tensor checked_tensor(const std::string& path, const std::string& name, const json& entry,
                             const std::shared_ptr<Mapping>& mapping, std::size_t data_start,
                             std::vector<Extent>& extents) {
  const auto type = element_type(path, name, entry.at("dtype").get<std::string>()).type;
  const auto shape = whole_numbers(path, name, entry.at("shape"));
  const auto offsets = whole_numbers(path, name, entry.at("data_offsets"));
  const std::uint64_t available = mapping->size() - data_start;
  // A size of 0 makes the product 0, but the strides are products of the other sizes.
  constexpr std::uint64_t kLargest = std::numeric_limits<int64_t>::max();
  std::uint64_t elements = 1, strides = 1;
  for (const std::uint64_t size : shape) {
    if (size > kLargest / strides) damaged(path, "tensor '" + name + "' is larger than the file");
    strides *= std::max<std::uint64_t>(size, 1);
    elements *= size;
  }
  const std::uint64_t width = c10::elementSize(type);
  if (offsets.size() != 2 || offsets[0] > offsets[1] || offsets[1] > available ||
      (offsets[1] - offsets[0]) / width != elements || (offsets[1] - offsets[0]) % width != 0 ||
      (data_start + offsets[0]) % width != 0) {
    damaged(path, "tensor '" + name + "' lies outside the file or has the wrong size");
  }
  extents.push_back({offsets[0], offsets[1]});
  const std::vector<int64_t> sizes(shape.begin(), shape.end());
  return torch::from_blob(
      mapping->bytes() + data_start + offsets[0], sizes, [mapping](void*) {},
      torch::TensorOptions(type));
}

/// The format has no byte that two tensors share and none that belongs to no tensor.
void check_coverage(const std::string& path, std::vector<Extent> extents, std::uint64_t available) {
  std::sort(extents.begin(), extents.end(), [](const Extent& a, const Extent& b) {
    return a.begin != b.begin ? a.begin < b.begin : a.end < b.end;
  });
  std::uint64_t covered = 0;
  for (const auto& extent : extents) {
    if (extent.begin != covered)
      damaged(path, "tensors overlap or leave a gap at byte " + std::to_string(covered));
    covered = extent.end;
  }
  if (covered != available) {
    damaged(path, "its tensors fill " + std::to_string(covered) + " bytes of " +
                      std::to_string(available));
  }
}

}  // namespace

void write_tensors(const std::string& path, const TensorFile& file) {
  // Wide elements first: then each is aligned, without gaps, which the format does not allow.
  std::vector<std::pair<std::string, torch::Tensor>> contents;
  for (const auto& [name, tensor] : file.tensors)
    contents.emplace_back(name, tensor.detach().to(torch::kCPU).contiguous());
  std::stable_sort(contents.begin(), contents.end(), [](const auto& a, const auto& b) {
    return a.second.element_size() > b.second.element_size();
  });
  json header = json::object();
  if (!file.metadata.empty()) header["__metadata__"] = file.metadata;
  std::uint64_t offset = 0;
  for (const auto& [name, tensor] : contents) {
    const std::uint64_t end = offset + tensor.nbytes();
    header[name] = {{"dtype", type_name(tensor.scalar_type())},
                    {"shape", tensor.sizes().vec()},
                    {"data_offsets", {offset, end}}};
    offset = end;
  }
  auto text = header.dump();
  text.resize((text.size() + 7) / 8 * 8, ' ');
  AtomicFile out(path);
  const std::uint64_t length = text.size();
  out.write({reinterpret_cast<const char*>(&length), sizeof length});
  out.write(text);
  for (const auto& [name, tensor] : contents) {
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
  const std::size_t data_start = sizeof length + length;
  TensorFile file;
  std::vector<Extent> extents;
  try {
    const auto header = json::parse(begin, begin + length);
    for (const auto& [name, entry] : header.items()) {
      if (name == "__metadata__") {
        file.metadata = entry.get<std::map<std::string, std::string>>();
      } else {
        file.tensors[name] = checked_tensor(path, name, entry, mapping, data_start, extents);
      }
    }
  } catch (const json::exception& error) {
    damaged(path, std::string("its header cannot be read (") + error.what() + ")");
  }
  check_coverage(path, std::move(extents), mapping->size() - data_start);
  return file;
}

}  // namespace weft
