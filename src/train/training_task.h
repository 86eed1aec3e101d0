#pragma once
// What a run trains on.

#include <memory>
#include <optional>
#include <string>

#include "config/config.h"
#include "data/corpus.h"
#include "model/model_directory.h"
#include "train/validator.h"

namespace weft {

/// Directories of a run.
struct TrainingPlaces {
  std::string temporary;   ///< for temporary files
  std::string model = {};  ///< where the word aligner is kept that the text has taught; "": nowhere
};

/// Whether a process validates.
enum class Validates { kYes, kNo };

/// What a run trains on: made from its config, before the first update.
class TrainingTask {
 public:
  /// Builds the vocabularies, or takes those that are given, encodes the text and aligns it if its
  /// links are to teach. `device` will compute. Throws UserError as they do, and if there is
  /// nothing to learn from.
  TrainingTask(const Config& config, const TrainingPlaces& places,
               std::optional<Vocabularies> vocabularies = std::nullopt,
               const torch::Device& device = torch::kCPU, Validates validates = Validates::kYes);

  const Vocabularies& vocabularies() const { return vocabularies_; }
  const ParallelCorpus& corpus() const { return corpus_; }
  /// Null if the config has no text to validate on.
  const Validator* validator() const { return validator_.get(); }
  /// From now on the validator compares alignments, if it did not and links can be found for that.
  void find_links_for_shift();
  /// A model as training begins with it, a function of the config's seed, on the processor.
  TranslationModel new_model() const;

 private:
  Config config_;
  Vocabularies vocabularies_;
  ParallelCorpus corpus_;
  std::unique_ptr<Validator> validator_;
};

}  // namespace weft
