#pragma once
// How processes that train together find each other.

#include <chrono>
#include <memory>
#include <string>
#include <torch/csrc/distributed/c10d/Store.hpp>
#include <vector>

#include "train/launch.h"

namespace weft {

/// What processes know when all have come.
struct Rendezvous {
  c10::intrusive_ptr<::c10d::Store> store;
  std::string own_address;             ///< at which the others reach this process
  std::vector<std::string> addresses;  ///< what each process takes for its own, by rank
};

/// Finds out who is missed when a collective fails, which may also be for a fault of one's own. A
/// thread of each process answers for it, whatever it computes or waits for.
class Roll {
 public:
  Roll(const Launch& launch, const Rendezvous& met);
  Roll(const Roll&) = delete;
  Roll& operator=(const Roll&) = delete;
  ~Roll();
  /// "; no sign of life from process 1 at 10.0.0.2", or "" if all are there. Asked once: later
  /// calls return what the first has found. Process 0 takes two seconds to find out; without it
  /// that takes seven.
  std::string missing() const;

 private:
  struct Book;
  std::shared_ptr<Book> book_;  // shared with the thread, which the network may never let end
};

/// Meets the others; throws as the constructor of ProcessGroup.
Rendezvous meet(const Launch& launch, std::chrono::milliseconds timeout);

}  // namespace weft
