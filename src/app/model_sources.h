#pragma once
// What a run reads: the files of models, and the texts they take for sources.

#include <cstddef>
#include <string>
#include <vector>

#include "text/vocabulary_factory.h"

namespace weft {

/// `files`, and the files that the models in `directories` are made of.
std::vector<std::string> with_model_files(std::vector<std::string> files,
                                          const std::vector<std::string>& directories);

struct GivenSources {
  std::size_t count = 1;
  std::string option;       ///< how they are given, for messages: "-i"
  std::size_t aligned = 0;  ///< the one that is aligned, counted from 0
};

/// Throws UserError, naming `model`, unless it reads as many sources as are given and the one to be
/// aligned is among them.
void require_sources(const std::string& model, const Vocabularies& vocabularies,
                     const GivenSources& given);

}  // namespace weft
