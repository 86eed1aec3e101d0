#pragma once
// What a search has found, as text with its alignment.

#include <vector>

#include "search/alignment.h"
#include "search/hypothesis_tree.h"
#include "search/line_preparation.h"
#include "search/translator.h"

namespace weft {

/// Puts into the job's answer what a search has found of its line; one blank translation if that is
/// nothing.
void answer(const TranslationJob& job, const std::vector<Hypothesis>& hypotheses,
            const Vocabularies& vocabularies, const TranslatorOptions& options,
            ModelWeights weights);

}  // namespace weft
