#include "data/pair_store.h"

#include <zlib.h>

#include <algorithm>
#include <stdexcept>
#include <type_traits>

namespace weft {
namespace {

int32_t length(const std::vector<int32_t>& ids) { return static_cast<int32_t>(ids.size()); }

int32_t longest_source(const EncodedPair& pair) {
  int32_t longest = 0;
  for (const auto& source : pair.sources) longest = std::max(longest, source.length());
  return longest;
}

void append(const EncodedPair& pair, std::vector<int32_t>& numbers) {
  const auto add = [&](const std::vector<int32_t>& ids) {
    numbers.insert(numbers.end(), ids.begin(), ids.end());
  };
  const auto& first = pair.sources.front();
  add(first.ids);
  add(pair.target);
  for (const auto& factor : first.factors) add(factor);
  for (std::size_t k = 1; k < pair.sources.size(); ++k) {
    const auto& source = pair.sources[k];
    numbers.insert(numbers.end(), {length(source.ids), static_cast<int32_t>(source.factors.size()),
                                   source.annotations});
    add(source.ids);
    for (const auto& factor : source.factors) add(factor);
  }
}

}  // namespace

/// Where a pair stands: the first source's tokens begin at `offset` (in bytes), the target's
/// follow, then those of the first source's factors one after the other, then each other source:
/// how many tokens, factors and annotations it has, and they.
struct PairStore::Place {
  int64_t offset = 0;
  int64_t line = 0;
  int32_t source = 0, target = 0;  // tokens
  int32_t factors = 0, annotations = 0, sources = 0;
  int32_t longest_source = 0;
  int32_t numbers = 0;  // all that is stored of the pair
};

PairStore::PairStore(const StorePlace& place) : tokens_(place, "tokens"), places_(place, "places") {
  constexpr int64_t kBlock = 1 << 14;
  for (int64_t first = 0; first < size(); first += kBlock) {
    std::vector<Place> places(static_cast<std::size_t>(std::min(kBlock, size() - first)));
    places_.read(first * static_cast<int64_t>(sizeof(Place)), places.data(),
                 places.size() * sizeof(Place));
    add_lengths(places);
  }
}

void PairStore::add_lengths(const std::vector<Place>& places) {
  if (places.empty()) return;
  std::vector<int32_t> lengths;
  for (const Place& place : places) lengths.insert(lengths.end(), {place.source, place.target});
  lengths_checksum_ = static_cast<uint32_t>(crc32_z(lengths_checksum_,
                                                    reinterpret_cast<const Bytef*>(lengths.data()),
                                                    lengths.size() * sizeof(int32_t)));
}

void PairStore::add(const std::vector<EncodedPair>& pairs) {
  static_assert(std::is_trivially_copyable_v<Place>);
  std::vector<Place> places;
  std::vector<int32_t> tokens;
  for (const EncodedPair& pair : pairs) {
    const auto before = static_cast<int64_t>(tokens.size() * sizeof(int32_t));
    const std::size_t first = tokens.size();
    append(pair, tokens);
    places.push_back({.offset = tokens_.size() + before,
                      .line = pair.line,
                      .source = length(pair.sources.front().ids),
                      .target = length(pair.target),
                      .factors = static_cast<int32_t>(pair.sources.front().factors.size()),
                      .annotations = pair.sources.front().annotations,
                      .sources = static_cast<int32_t>(pair.sources.size()),
                      .longest_source = longest_source(pair),
                      .numbers = static_cast<int32_t>(tokens.size() - first)});
  }
  tokens_.append(tokens.data(), tokens.size() * sizeof(int32_t));
  places_.append(places.data(), places.size() * sizeof(Place));
  add_lengths(places);
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
  return {found.longest_source, found.target};
}

int64_t PairStore::line(int64_t index) const { return place(index).line; }

EncodedPair PairStore::pair(int64_t index) const {
  const Place found = place(index);
  std::vector<int32_t> tokens(static_cast<std::size_t>(found.numbers));
  tokens_.read(found.offset, tokens.data(), tokens.size() * sizeof(int32_t));
  auto next = tokens.begin();
  const auto take = [&next](int32_t count) {
    const auto begin = next;
    next += count;
    return std::vector<int32_t>(begin, next);
  };
  const auto take_factors = [&take](int32_t factors, SourceTokens& source) {
    for (int32_t i = 0; i < factors; ++i)
      source.factors.push_back(take(static_cast<int32_t>(source.ids.size())));
  };
  EncodedPair pair;
  pair.line = found.line;
  pair.sources.resize(static_cast<std::size_t>(found.sources));
  pair.sources.front().ids = take(found.source);
  pair.sources.front().annotations = found.annotations;
  pair.target = take(found.target);
  take_factors(found.factors, pair.sources.front());
  for (std::size_t k = 1; k < pair.sources.size(); ++k) {
    const int32_t ids = *next++, factors = *next++;
    pair.sources[k].annotations = *next++;
    pair.sources[k].ids = take(ids);
    take_factors(factors, pair.sources[k]);
  }
  return pair;
}

std::string PairStore::fingerprint() const {
  return std::to_string(lengths_checksum_) + "-" + std::to_string(tokens_.checksum());
}

}  // namespace weft
