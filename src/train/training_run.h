#pragma once
// From a config to a trained model directory.

#include <functional>
#include <string>

#include "config/config.h"
#include "train/trainer.h"

namespace weft {

/// Checks everything that can be checked, builds or loads the vocabularies, and trains; goes on
/// where the directory's checkpoint stands if there is one. Throws UserError before work begins if
/// the data, the directory or the checkpoint does not fit the config.
TrainingEnd train_model(const Config& config, const std::string& directory,
                        const std::function<bool()>& should_stop);

}  // namespace weft
