#pragma once
// How large batches may be for the memory there is.

#include <cstdint>

#include "config/training_options.h"
#include "data/corpus.h"
#include "model/translation_model.h"
#include "train/risk_candidates.h"

namespace weft {

/// The most padded tokens of a batch with which forward and backward pass, on the processor, take
/// at most `megabytes` (10^6 bytes) beside what is held without them: found by dry runs on the
/// longest and on the shortest pairs of `corpus`, which change neither weights nor generators. At
/// most TrainingOptions::batch_tokens. Throws UserError if the longest pair alone takes more, or if
/// the system does not tell how much memory there was in use. `risk`: as the Worker's.
int64_t fitted_batch_tokens(TranslationModel model, const ParallelCorpus& corpus,
                            const TrainingOptions& options, double megabytes,
                            const RiskCandidates* risk = nullptr);

}  // namespace weft
