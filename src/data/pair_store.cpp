#include "data/pair_store.h"

#include <zlib.h>

#include <stdexcept>
#include <type_traits>

namespace weft {
namespace {

uint32_t checksum(uint32_t so_far, const std::vector<int32_t>& numbers) {
  if (numbers.empty()) return so_far;  // zlib takes no bytes for a question about its first value
  return static_cast<uint32_t>(crc32_z(so_far, reinterpret_cast<const Bytef*>(numbers.data()),
                                       numbers.size() * sizeof(int32_t)));
}

}  // namespace

/// Where a pair stands: the source's tokens begin at `offset` (in bytes), the target's follow.
struct PairStore::Place {
  int64_t offset = 0;
  int64_t line = 0;
  int32_t source = 0, target = 0;  // tokens
};

PairStore::PairStore(const std::string& directory) : tokens_(directory), places_(directory) {}

void PairStore::add(const std::vector<EncodedPair>& pairs) {
  static_assert(std::is_trivially_copyable_v<Place>);
  std::vector<Place> places;
  std::vector<int32_t> tokens, lengths;
  for (const EncodedPair& pair : pairs) {
    const auto before = static_cast<int64_t>(tokens.size() * sizeof(int32_t));
    places.push_back({tokens_.size() + before, pair.line, static_cast<int32_t>(pair.source.size()),
                      static_cast<int32_t>(pair.target.size())});
    lengths.insert(lengths.end(), {places.back().source, places.back().target});
    tokens.insert(tokens.end(), pair.source.begin(), pair.source.end());
    tokens.insert(tokens.end(), pair.target.begin(), pair.target.end());
  }
  tokens_.append(tokens.data(), tokens.size() * sizeof(int32_t));
  places_.append(places.data(), places.size() * sizeof(Place));
  tokens_checksum_ = checksum(tokens_checksum_, tokens);
  lengths_checksum_ = checksum(lengths_checksum_, lengths);
}

int64_t PairStore::size() const { return places_.size() / static_cast<int64_t>(sizeof(Place)); }

PairStore::Place PairStore::place(int64_t index) const {
  if (index < 0 || index >= size()) {
    throw std::out_of_range("PairStore: no pair " + std::to_string(index));
  }
  Place found;
  places_.read(index * static_cast<int64_t>(sizeof(Place)), &found, sizeof(Place));
  return found;
}

PairLengths PairStore::lengths(int64_t index) const {
  const Place found = place(index);
  return {found.source, found.target};
}

EncodedPair PairStore::pair(int64_t index) const {
  const Place found = place(index);
  std::vector<int32_t> tokens(static_cast<std::size_t>(found.source + found.target));
  tokens_.read(found.offset, tokens.data(), tokens.size() * sizeof(int32_t));
  const auto middle = tokens.begin() + found.source;
  return {{tokens.begin(), middle}, {middle, tokens.end()}, found.line};
}

std::string PairStore::fingerprint() const {
  return std::to_string(lengths_checksum_) + "-" + std::to_string(tokens_checksum_);
}

}  // namespace weft
