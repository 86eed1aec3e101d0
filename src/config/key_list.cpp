#include "config/key_list.h"

#include "config/bound_key.h"

namespace weft {

std::vector<KeyInfo> config_keys() {
  Config defaults;
  std::vector<KeyInfo> list;
  for (const BoundKey& key : bind_keys(defaults))
    list.push_back({key.path(), key.type, key.write(), key.expected, key.help});
  return list;
}

}  // namespace weft
