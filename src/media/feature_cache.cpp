#include "media/feature_cache.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <unordered_set>

#include "base/atomic_file.h"
#include "base/error.h"
#include "base/log.h"
#include "media/content_hash.h"
#include "media/half.h"

namespace weft {
namespace {

constexpr std::string_view kEnding = ".safetensors";
constexpr std::size_t kSegmentBytes = 64 << 20;

std::string hash_of(std::string_view bytes) { return ContentHash().add(bytes).hex(); }

ItemShape shape_of_tensor(const TensorEntry& tensor) {
  const auto& sizes = tensor.shape;
  if (sizes.size() == 3) return {sizes[0] * sizes[1], sizes[2], sizes[0], sizes[1]};
  return {sizes[0], sizes[1]};
}

std::vector<int64_t> sizes_of(const ItemShape& shape) {
  if (shape.rows > 0) return {shape.rows, shape.columns, shape.width};
  return {shape.length, shape.width};
}

std::string_view bytes_of_tensor(const MappedFile& file, const SafetensorsHeader& header,
                                 const TensorEntry& tensor) {
  return file.view().substr(header.size + tensor.begin, tensor.end - tensor.begin);
}

}  // namespace

FeatureCache::FeatureCache(std::string directory, std::string options)
    : directory_(std::move(directory)),
      options_(std::move(options)),
      prefix_(hash_of(options_).substr(0, 16) + '-') {
  make_directories(directory_);
  std::vector<std::string> paths;
  for (const auto& entry : std::filesystem::directory_iterator(directory_)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with(prefix_) && name.ends_with(kEnding))
      paths.push_back(entry.path().string());
  }
  std::sort(paths.begin(), paths.end());
  for (const auto& path : paths) read_segment(path);
}

FeatureCache::~FeatureCache() = default;

std::string FeatureCache::path_of_segment(const std::string& hash) const {
  return (std::filesystem::path(directory_) / (prefix_ + hash + std::string(kEnding))).string();
}

void FeatureCache::read_segment(const std::string& path) {
  try {
    auto segment = std::make_unique<Segment>(path);
    segment->header = parse_safetensors_header(path, segment->file.view());
    ContentHash hash;
    for (const TensorEntry& tensor : segment->header.tensors)
      hash.add(tensor.name).add(bytes_of_tensor(segment->file, segment->header, tensor));
    if (path != path_of_segment(hash.hex()))
      throw UserError({path}, "is damaged: it is not what was written");
    for (const TensorEntry& tensor : segment->header.tensors)
      places_.emplace(tensor.name, Place{segment.get(), &tensor});
    segments_.push_back(std::move(segment));
  } catch (const UserError& error) {
    if (!std::filesystem::exists(path)) return;  // another process has removed it just now
    log_warning(std::string(error.what()) + "; its features are made again");
    std::error_code ignored;
    std::filesystem::remove(path, ignored);
  }
}

std::vector<std::size_t> FeatureCache::missing(const std::vector<std::string>& keys) const {
  std::vector<std::size_t> missing;
  std::unordered_set<std::string> seen;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (!contains(keys[i]) && seen.insert(keys[i]).second) missing.push_back(i);
  }
  return missing;
}

void FeatureCache::add(const std::string& key, const ItemShape& shape, const float* numbers) {
  Pending item{key, shape,
               std::string(static_cast<std::size_t>(shape.length * shape.width) * 2, 0)};
  for (std::size_t i = 0; i < item.bytes.size() / 2; ++i) {
    const uint16_t half = float_to_half(numbers[i]);
    if (!std::isfinite(half_to_float(half)))
      throw UserError({directory_}, "cannot keep a feature of " + std::to_string(numbers[i]) +
                                        "; expected numbers up to 65504");
    std::memcpy(item.bytes.data() + 2 * i, &half, 2);
  }
  const std::lock_guard lock(mutex_);
  pending_bytes_ += item.bytes.size();
  pending_.push_back(std::move(item));
  if (pending_bytes_ >= kSegmentBytes) write_pending();
}

void FeatureCache::flush() {
  const std::lock_guard lock(mutex_);
  write_pending();
}

void FeatureCache::write_pending() {
  if (pending_.empty()) return;
  SafetensorsHeader header;
  header.metadata["options"] = options_;
  std::sort(pending_.begin(), pending_.end(),
            [](const Pending& a, const Pending& b) { return a.key < b.key; });
  ContentHash hash;
  std::size_t offset = 0;
  for (const Pending& item : pending_) {
    const std::size_t end = offset + item.bytes.size();
    header.tensors.push_back({item.key, ElementType::kFloat16, sizes_of(item.shape), offset, end});
    hash.add(item.key).add(item.bytes);
    offset = end;
  }
  const std::string path = path_of_segment(hash.hex());
  AtomicFile file(path);
  file.write(format_safetensors_header(header));
  for (const Pending& item : pending_) file.write(item.bytes);
  file.commit();
  pending_.clear();
  pending_bytes_ = 0;
  read_segment(path);
}

ItemShape FeatureCache::shape(const std::string& key) const {
  return shape_of_tensor(*places_.at(key).tensor);
}

void FeatureCache::copy(const std::string& key, float* out) const {
  const auto [segment, tensor] = places_.at(key);
  const auto bytes = bytes_of_tensor(segment->file, segment->header, *tensor);
  for (std::size_t i = 0; i < bytes.size(); i += 2) {
    uint16_t half = 0;
    std::memcpy(&half, bytes.data() + i, 2);
    *out++ = half_to_float(half);
  }
}

}  // namespace weft
