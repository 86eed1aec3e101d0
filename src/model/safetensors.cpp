#include "model/safetensors.h"

#include <torch/types.h>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/atomic_file.h"
#include "base/mapped_file.h"
#include "base/safetensors_header.h"

namespace weft {
namespace {

torch::ScalarType scalar_type(ElementType type) {
  switch (type) {
    case ElementType::kFloat32:
      return torch::kFloat32;
    case ElementType::kFloat16:
      return torch::kFloat16;
    case ElementType::kInt64:
      return torch::kInt64;
    case ElementType::kUInt8:
      return torch::kUInt8;
  }
  TORCH_CHECK(false, "unknown type ", static_cast<int>(type));
}

ElementType element_type(torch::ScalarType type) {
  for (const auto known :
       {ElementType::kFloat32, ElementType::kFloat16, ElementType::kInt64, ElementType::kUInt8}) {
    if (scalar_type(known) == type) return known;
  }
  TORCH_CHECK(false, "a tensor of type ", type, " cannot be stored");
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
  const auto mapping = std::make_shared<MappedFile>(path);
  auto header = parse_safetensors_header(path, mapping->view());
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
