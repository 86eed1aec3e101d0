#pragma once
// Who trains together: what torchrun, srun or mpirun have put into the environment.

#include <cstdint>
#include <optional>
#include <string>

#include "base/version.h"

namespace weft {

/// This process's place among those that train one model together.
struct Launch {
  int64_t rank = 0;   ///< in [0, world)
  int64_t world = 1;  ///< processes
  /// Place among those of this host, which is the number of its GPU; none: not known.
  std::optional<int64_t> local_rank = {};
  int64_t local_world = 1;   ///< processes of this host, which share its cores
  std::string address = {};  ///< of the host of process 0
  int port = 0;              ///< at which process 0 is met
  /// Whether torchrun itself serves that port, and what it has the names of this attempt begin
  /// with.
  bool served_by_launcher = false;
  std::string store_prefix = {};
  std::string version = weft::version();  ///< of Weft, the same in all
};

/// RANK, WORLD_SIZE, MASTER_ADDR, MASTER_PORT; LOCAL_RANK and LOCAL_WORLD_SIZE if they are there.
/// Without RANK and WORLD_SIZE: one process by itself. Throws UserError that tells of every
/// variable that is missing or wrong.
Launch launch_from_environment();

}  // namespace weft
