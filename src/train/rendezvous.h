#pragma once
// How processes that train together find each other.

#include <chrono>
#include <string>
#include <torch/csrc/distributed/c10d/Store.hpp>

#include "train/launch.h"

namespace weft {

/// What processes know when all have come.
struct Rendezvous {
  c10::intrusive_ptr<::c10d::Store> store;
  std::string own_address;  ///< at which the others reach this process
};

/// Meets the others; throws as the constructor of ProcessGroup.
Rendezvous meet(const Launch& launch, std::chrono::milliseconds timeout);

}  // namespace weft
