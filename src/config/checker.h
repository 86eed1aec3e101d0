#pragma once
// Collects what does not hold between the keys of a config, each at the place of a key.

#include <initializer_list>
#include <string>
#include <vector>

#include "config/checks.h"

namespace weft {

class Checker {
 public:
  /// `places` must outlive it.
  explicit Checker(const KeyPlaces& places) : places_(places) {}

  /// `message` is reported at the first of `keys` that is written, unless `holds` or one of `keys`
  /// is unreadable.
  void require(bool holds, std::initializer_list<const char*> keys, const std::string& message);

  std::vector<LocatedProblem> take();

 private:
  const KeyPlaces& places_;
  std::vector<LocatedProblem> problems_;
};

}  // namespace weft
