#pragma once
// Links that the alignments of the validation text are compared with.

#include <optional>
#include <string>
#include <vector>

#include "align/links.h"
#include "aligner/aligner_model.h"
#include "config/config.h"
#include "data/corpus.h"

namespace weft {

/// Of each line of the validation text: those of training.validation.gold, or those that Weft's
/// aligner finds if links teach alignments; it has learnt `learnt` from the training text `corpus`,
/// or does so now. None at all if there is neither. Throws UserError as read_pharaoh() does.
std::vector<std::vector<Link>> validation_links(const Config& config, const ParallelCorpus& corpus,
                                                std::optional<AlignerModel> learnt);

/// The same, once, for a run to which nobody gave links, so that decoding.alignment_shift can be
/// chosen: by an aligner that has learnt from the first pairs of the training text. None where
/// there is no attention, the source is not text, or the validation text is too short to tell.
std::vector<std::vector<Link>> links_for_shift(const Config& config, const ParallelCorpus& corpus);

}  // namespace weft
