#pragma once
// From a config to a trained model directory.

#include <string>

#include "config/config.h"
#include "train/launch.h"
#include "train/trainer.h"

namespace weft {

/// Checks everything that can be checked, builds or loads the vocabularies, and trains with the
/// threads that the config asks for; goes on where the directory's checkpoint stands if there is
/// one. Throws UserError before work begins if the data, the directory or the checkpoint does not
/// fit the config, or if another process trains there.
///
/// Processes of one `launch` call it with the same config, and each with the training text: each
/// encodes all of it and computes its share of every update. The first one alone has the directory,
/// makes the vocabularies, validates and logs, and hands the others what they begin with; they need
/// not see its disk. When a process is lost the others throw ProcessLost.
TrainingEnd train_model(const Config& config, const std::string& directory,
                        const StopRequests& stop, const Launch& launch = {});

}  // namespace weft
