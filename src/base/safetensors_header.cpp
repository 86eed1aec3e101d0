#include "base/safetensors_header.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>

#include "base/error.h"

namespace weft {
namespace {

using nlohmann::json;

constexpr std::uint64_t kMaxHeaderBytes = 100'000'000;  // the format's own limit
constexpr std::size_t kMaxDimensions = 64;              // LibTorch's
constexpr int kMaxDepth = 2;                            // {"name": {"shape": [1]}}

struct NamedElementType {
  const char* name;
  ElementType type;
  std::size_t bytes;
};
constexpr NamedElementType kElementTypes[] = {{"F32", ElementType::kFloat32, 4},
                                              {"F16", ElementType::kFloat16, 2},
                                              {"I64", ElementType::kInt64, 8},
                                              {"U8", ElementType::kUInt8, 1}};

const NamedElementType& properties_of(ElementType type) {
  return *std::find_if(std::begin(kElementTypes), std::end(kElementTypes),
                       [&](const NamedElementType& known) { return known.type == type; });
}

/// Text of a file as a message can show it: one line, not long.
std::string shown(const std::string& text) {
  constexpr std::size_t kMostBytes = 120;
  std::size_t size = std::min(text.size(), kMostBytes);
  while (size < text.size() && size > 0 && (static_cast<unsigned char>(text[size]) & 0xC0) == 0x80)
    --size;
  std::string line = text.substr(0, size) + (size < text.size() ? "..." : "");
  std::replace_if(
      line.begin(), line.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; }, ' ');
  return line;
}

/// Turns the bytes of one file into its header.
class HeaderParser {
 public:
  HeaderParser(const std::string& path, std::string_view file) : path_(path), file_(file) {}

  SafetensorsHeader parse() {
    read_size();
    try {
      const json header = read_json();
      if (!header.is_object()) damaged(std::string("its header is ") + header.type_name());
      for (const auto& [name, entry] : header.items()) {
        if (name == "__metadata__") {
          header_.metadata = entry.get<std::map<std::string, std::string>>();
        } else {
          read_tensor(name, entry);
        }
      }
    } catch (const json::exception& error) {
      damaged("its header cannot be read (" + shown(error.what()) + ")");
    }
    check_coverage();
    return std::move(header_);
  }

 private:
  [[noreturn]] void damaged(const std::string& what) const {
    throw UserError({path_}, "is damaged: " + what);
  }
  [[noreturn]] void damaged_tensor(const std::string& name, const std::string& what) const {
    damaged("tensor '" + shown(name) + "' " + what);
  }

  std::size_t data_bytes() const { return file_.size() - header_.size; }

  void read_size() {
    std::uint64_t length = 0;
    if (file_.size() < sizeof length) damaged("it ends before its header");
    std::memcpy(&length, file_.data(), sizeof length);
    if (length > kMaxHeaderBytes || length > file_.size() - sizeof length)
      damaged("its header is said to have " + std::to_string(length) + " bytes");
    header_.size = sizeof length + length;
  }

  json read_json() const {
    std::set<std::string> names;
    const auto check = [&](int depth, json::parse_event_t event, const json& parsed) {
      const bool opens =
          event == json::parse_event_t::object_start || event == json::parse_event_t::array_start;
      if (opens && depth > kMaxDepth) damaged("its header is nested too deeply");
      const bool is_name = event == json::parse_event_t::key && depth == 1;
      if (is_name && !names.insert(parsed.get<std::string>()).second)
        damaged_tensor(parsed.get<std::string>(), "appears twice");
      return true;
    };
    const auto text = file_.substr(sizeof(std::uint64_t), header_.size - sizeof(std::uint64_t));
    return json::parse(text.begin(), text.end(), check);
  }

  /// A list of whole numbers >= 0; json's own conversion would take -1, 2.5 and true as well.
  std::vector<std::uint64_t> whole_numbers(const std::string& name, const json& list) const {
    for (const auto& number : list) {
      if (number.is_number_unsigned()) continue;
      const auto what = number.is_number() ? shown(number.dump()) : std::string(number.type_name());
      damaged_tensor(name, "has " + what + " in a list; expected whole numbers");
    }
    return list.get<std::vector<std::uint64_t>>();
  }

  const NamedElementType& element_type(const std::string& name, const std::string& found) const {
    for (const auto& known : kElementTypes) {
      if (found == known.name) return known;
    }
    damaged_tensor(name, "has type " + shown(found) + "; expected F32, F16, I64 or U8");
  }

  /// The number of elements. A size of 0 makes it 0, but strides are products of the other sizes.
  std::uint64_t elements(const std::string& name, const std::vector<std::uint64_t>& shape) const {
    constexpr std::uint64_t kLargest = std::numeric_limits<int64_t>::max();
    if (shape.size() > kMaxDimensions)
      damaged_tensor(name, "has " + std::to_string(shape.size()) + " dimensions");
    std::uint64_t product = 1, strides = 1;
    for (const std::uint64_t size : shape) {
      if (size > kLargest / strides) damaged_tensor(name, "is larger than the file");
      strides *= std::max<std::uint64_t>(size, 1);
      product *= size;
    }
    return product;
  }

  void read_tensor(const std::string& name, const json& entry) {
    if (shown(name) != name) damaged_tensor(name, "has a name that is none");
    const auto& type = element_type(name, entry.at("dtype").get<std::string>());
    const auto shape = whole_numbers(name, entry.at("shape"));
    const auto offsets = whole_numbers(name, entry.at("data_offsets"));
    const std::uint64_t count = elements(name, shape);
    if (offsets.size() != 2 || offsets[0] > offsets[1] || offsets[1] > data_bytes() ||
        (offsets[1] - offsets[0]) / type.bytes != count ||
        (offsets[1] - offsets[0]) % type.bytes != 0 ||
        (header_.size + offsets[0]) % type.bytes != 0) {
      damaged_tensor(name, "lies outside the file or has the wrong size");
    }
    header_.tensors.push_back(
        {name, type.type, {shape.begin(), shape.end()}, offsets[0], offsets[1]});
  }

  /// The format has no byte that two tensors share and none that belongs to no tensor.
  void check_coverage() const {
    std::vector<std::pair<std::size_t, std::size_t>> extents;
    for (const auto& tensor : header_.tensors) extents.emplace_back(tensor.begin, tensor.end);
    std::sort(extents.begin(), extents.end());
    std::size_t covered = 0;
    for (const auto& [begin, end] : extents) {
      if (begin != covered)
        damaged("tensors overlap or leave a gap at byte " + std::to_string(covered));
      covered = end;
    }
    if (covered != data_bytes()) {
      damaged("its tensors fill " + std::to_string(covered) + " bytes of " +
              std::to_string(data_bytes()));
    }
  }

  const std::string& path_;
  std::string_view file_;
  SafetensorsHeader header_;
};

}  // namespace

std::size_t element_bytes(ElementType type) { return properties_of(type).bytes; }

SafetensorsHeader parse_safetensors_header(const std::string& path, std::string_view file) {
  return HeaderParser(path, file).parse();
}

std::string format_safetensors_header(const SafetensorsHeader& header) {
  json content = json::object();
  if (!header.metadata.empty()) content["__metadata__"] = header.metadata;
  for (const auto& tensor : header.tensors) {
    content[tensor.name] = {{"dtype", properties_of(tensor.type).name},
                            {"shape", tensor.shape},
                            {"data_offsets", {tensor.begin, tensor.end}}};
  }
  auto text = content.dump();
  text.resize((text.size() + 7) / 8 * 8, ' ');
  const std::uint64_t length = text.size();
  return std::string(reinterpret_cast<const char*>(&length), sizeof length) + text;
}

}  // namespace weft
