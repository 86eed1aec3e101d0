#include "config/compare.h"

#include "config/bound_key.h"

namespace weft {

// The written form is exact (it reads back to the same value), so comparing it compares values.
std::vector<std::string> differing_keys(const Config& a, const Config& b) {
  Config copy_a = a;
  Config copy_b = b;
  const std::vector<BoundKey> keys_a = bind_keys(copy_a);
  const std::vector<BoundKey> keys_b = bind_keys(copy_b);
  std::vector<std::string> differing;
  for (std::size_t i = 0; i < keys_a.size(); ++i)
    if (keys_a[i].write() != keys_b[i].write()) differing.push_back(keys_a[i].path());
  return differing;
}

}  // namespace weft
