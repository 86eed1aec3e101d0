#pragma once
// What processes that train together share out, and what must be the same in all.

#include <torch/types.h>

#include <memory>
#include <string>

#include "config/config.h"
#include "text/vocabulary_factory.h"
#include "train/launch.h"
#include "train/reducer.h"

namespace weft {

/// Throws UserError if the processes cannot share the batches of an update evenly.
void check_shares(const TrainingOptions& options, const Launch& launch);

/// Threads of this process: what the config says, or the cores that are its share.
int threads_of(const TrainingOptions& options, const Launch& launch);

/// The device of this process: of GPUs the one of its number on its host. Throws UserError if that
/// is not known.
DeviceChoice device_of(const DeviceChoice& choice, const Launch& launch);

/// Connects the processes of a launch, or none.
std::unique_ptr<Reducer> make_reducer(const TrainingOptions& options, const Launch& launch);

/// Throws UserError, in all processes, if one has another config than the first; where files lie
/// and what belongs to a host may differ.
void check_same_config(Reducer& reducer, const Config& config);

/// The same for the training text.
void check_same_corpus(Reducer& reducer, const std::string& fingerprint);

/// The vocabularies of the first process. `made`: there, what it has.
Vocabularies shared_vocabularies(Reducer& reducer, const Vocabularies& made);

}  // namespace weft
