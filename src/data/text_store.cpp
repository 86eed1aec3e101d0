#include "data/text_store.h"

#include <cstring>
#include <stdexcept>

namespace weft {
namespace {

void write_record(const TextOfPair& pair, std::string& bytes) {
  const auto write = [&](const auto& number) {
    bytes.append(reinterpret_cast<const char*>(&number), sizeof number);
  };
  const auto write_text = [&](const std::string& text) {
    write(static_cast<uint32_t>(text.size()));
    bytes += text;
  };
  write(pair.weights.sentence);
  write(static_cast<uint32_t>(pair.weights.words.size()));
  for (const float weight : pair.weights.words) write(weight);
  write(static_cast<uint32_t>(pair.sources.size()));
  for (const auto& source : pair.sources) write_text(source);
  write_text(pair.target);
}

TextOfPair read_record(const std::string& bytes) {
  const char* next = bytes.data();
  const auto read = [&](auto& number) {
    std::memcpy(&number, next, sizeof number);
    next += sizeof number;
  };
  const auto read_text = [&] {
    uint32_t size = 0;
    read(size);
    next += size;
    return std::string(next - size, size);
  };
  TextOfPair pair;
  uint32_t count = 0;
  read(pair.weights.sentence);
  read(count);
  pair.weights.words.resize(count);
  for (float& weight : pair.weights.words) read(weight);
  read(count);
  for (uint32_t k = 0; k < count; ++k) pair.sources.push_back(read_text());
  pair.target = read_text();
  return pair;
}

}  // namespace

TextStore::TextStore(const StorePlace& place) : records_(place, "lines"), ends_(place, "ends") {}

void TextStore::add(const std::vector<TextOfPair>& pairs) {
  if (pairs.empty()) return;
  std::string bytes;
  std::vector<int64_t> ends;
  for (const auto& pair : pairs) {
    write_record(pair, bytes);
    ends.push_back(records_.size() + static_cast<int64_t>(bytes.size()));
  }
  records_.append(bytes.data(), bytes.size());
  ends_.append(ends.data(), ends.size() * sizeof(int64_t));
}

TextOfPair TextStore::pair(int64_t index) const {
  if (index < 0 || index >= size())
    throw std::out_of_range("TextStore: no pair " + std::to_string(index));
  const auto end_of = [&](int64_t number) {
    int64_t end = 0;
    ends_.read(number * static_cast<int64_t>(sizeof end), &end, sizeof end);
    return end;
  };
  const int64_t begin = index == 0 ? 0 : end_of(index - 1);
  std::string bytes(static_cast<std::size_t>(end_of(index) - begin), '\0');
  records_.read(begin, bytes.data(), bytes.size());
  return read_record(bytes);
}

}  // namespace weft
