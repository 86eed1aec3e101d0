#pragma once
// Work that is given up because nobody wants it any more.

#include <exception>
#include <functional>

namespace weft {

/// Thrown out of work that was asked to stop; nobody's mistake.
class Cancelled : public std::exception {
 public:
  const char* what() const noexcept override { return "cancelled"; }
};

/// Throws Cancelled if `is_cancelled` says so; without a function nothing is ever cancelled.
inline void throw_if(const std::function<bool()>& is_cancelled) {
  if (is_cancelled && is_cancelled()) throw Cancelled();
}

}  // namespace weft
