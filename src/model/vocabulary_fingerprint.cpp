#include "model/vocabulary_fingerprint.h"

#include <cstdint>
#include <cstdio>
#include <string_view>

namespace weft {
namespace {

constexpr std::uint64_t kOffsetBasis = 14695981039346656037U;
constexpr std::uint64_t kPrime = 1099511628211U;

/// Fowler, Noll, Vo (RFC 9923): hash = (hash xor byte) * prime.
std::uint64_t add_bytes(std::uint64_t hash, std::string_view bytes) {
  for (const char byte : bytes) hash = (hash ^ static_cast<unsigned char>(byte)) * kPrime;
  return hash;
}

}  // namespace

std::string vocabulary_fingerprint(const Vocabularies& vocabularies) {
  constexpr std::string_view kBetween{"\0", 1};
  const auto& sources = vocabularies.sources;
  std::uint64_t hash = kOffsetBasis;
  if (sources.front().is_text()) hash = add_bytes(hash, sources.front().vocabulary->serialized());
  const auto add = [&](const Vocabulary& vocabulary) {
    hash = add_bytes(add_bytes(hash, kBetween), vocabulary.serialized());
  };
  add(*vocabularies.target);
  for (const auto& source : sources)
    for (const auto& factor : source.factors.vocabularies) add(*factor);
  for (std::size_t k = 1; k < sources.size(); ++k)
    if (sources[k].is_text()) add(*sources[k].vocabulary);
  char text[17];
  std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(hash));
  return text;
}

}  // namespace weft
