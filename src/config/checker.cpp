#include "config/checker.h"

#include <algorithm>
#include <utility>

namespace weft {

void Checker::require(bool holds, std::initializer_list<const char*> keys,
                      const std::string& message) {
  if (holds) return;
  const auto unreadable = [&](const char* key) { return places_.unreadable.contains(key); };
  if (std::any_of(keys.begin(), keys.end(), unreadable)) return;
  for (const char* key : keys) {
    const auto place = places_.written.find(key);
    if (place == places_.written.end()) continue;
    problems_.push_back({place->second, message});
    return;
  }
  problems_.push_back({Location{.file = places_.file}, message});
}

std::vector<LocatedProblem> Checker::take() { return std::move(problems_); }

}  // namespace weft
