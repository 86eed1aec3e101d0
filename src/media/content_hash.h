#pragma once
// Names for contents.

#include <memory>
#include <string>
#include <string_view>

namespace weft {

/// XXH3 with 128 bits (xxhash.com): equal contents have equal hashes, and others, unless somebody
/// made them on purpose, different ones.
class ContentHash {
 public:
  ContentHash();
  ContentHash(ContentHash&&) noexcept;
  ~ContentHash();

  ContentHash& add(std::string_view bytes);
  /// Of everything added, one behind the other: 32 hexadecimal digits.
  std::string hex() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace weft
