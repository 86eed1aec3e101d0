#include "data/guidance_store.h"

#include <stdexcept>

namespace weft {
namespace {

using Bytes = std::vector<unsigned char>;

/// Seven bits to a byte, the lowest first; all but the last byte have the eighth.
void write_number(uint64_t number, Bytes& bytes) {
  for (; number >= 128; number >>= 7) bytes.push_back(static_cast<unsigned char>(number | 128));
  bytes.push_back(static_cast<unsigned char>(number));
}

uint64_t read_number(const unsigned char*& next) {
  uint64_t number = 0;
  for (int shift = 0;; shift += 7) {
    const unsigned char byte = *next++;
    number |= static_cast<uint64_t>(byte & 127U) << shift;
    if (byte < 128) return number;
  }
}

/// Begins never decrease.
void write_spans(const std::vector<Span>& spans, Bytes& bytes) {
  write_number(spans.size(), bytes);
  std::size_t last = 0;
  for (const Span& span : spans) {
    write_number(span.begin - last, bytes);
    write_number(span.end - span.begin, bytes);
    last = span.begin;
  }
}

std::vector<Span> read_spans(const unsigned char*& next) {
  std::vector<Span> spans(read_number(next));
  std::size_t last = 0;
  for (Span& span : spans) {
    span.begin = last + read_number(next);
    span.end = span.begin + read_number(next);
    last = span.begin;
  }
  return spans;
}

void write_pair(const PairGuidance& pair, Bytes& bytes) {
  write_spans(pair.pieces.source, bytes);
  write_spans(pair.pieces.target, bytes);
  write_spans(pair.words.source, bytes);
  write_spans(pair.words.target, bytes);
  write_number(pair.words.links.size(), bytes);
  for (const SoftLink& link : pair.words.links) {
    write_number(link.source, bytes);
    write_number(link.target, bytes);
    bytes.push_back(link.strength);
  }
}

}  // namespace

GuidanceStore::GuidanceStore(const std::string& directory)
    : records_(directory, "records"), ends_(directory, "ends") {}

void GuidanceStore::add(const std::vector<PairGuidance>& pairs) {
  Bytes bytes;
  std::vector<int64_t> ends;
  for (const auto& pair : pairs) {
    write_pair(pair, bytes);
    ends.push_back(records_.size() + static_cast<int64_t>(bytes.size()));
  }
  if (pairs.empty()) return;
  records_.append(bytes.data(), bytes.size());
  ends_.append(ends.data(), ends.size() * sizeof(int64_t));
}

int64_t GuidanceStore::size() const { return ends_.size() / static_cast<int64_t>(sizeof(int64_t)); }

PairGuidance GuidanceStore::pair(int64_t index) const {
  if (index < 0 || index >= size())
    throw std::out_of_range("GuidanceStore: no pair " + std::to_string(index));
  const auto end_of = [&](int64_t number) {
    int64_t end = 0;
    ends_.read(number * static_cast<int64_t>(sizeof end), &end, sizeof end);
    return end;
  };
  const int64_t begin = index == 0 ? 0 : end_of(index - 1);
  Bytes bytes(static_cast<std::size_t>(end_of(index) - begin));
  records_.read(begin, bytes.data(), bytes.size());
  const unsigned char* next = bytes.data();
  PairGuidance pair;
  pair.pieces.source = read_spans(next);
  pair.pieces.target = read_spans(next);
  pair.words.source = read_spans(next);
  pair.words.target = read_spans(next);
  pair.words.links.resize(read_number(next));
  for (SoftLink& link : pair.words.links) {
    link.source = static_cast<uint32_t>(read_number(next));
    link.target = static_cast<uint32_t>(read_number(next));
    link.strength = *next++;
  }
  return pair;
}

}  // namespace weft
