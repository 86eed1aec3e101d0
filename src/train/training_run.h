#pragma once
// From a config to a trained model directory.

#include <memory>
#include <optional>
#include <string>

#include "config/config.h"
#include "data/corpus.h"
#include "model/model_directory.h"
#include "train/trainer.h"
#include "train/validator.h"

namespace weft {

/// Directories of a run.
struct TrainingPlaces {
  std::string temporary;   ///< for temporary files
  std::string model = {};  ///< where the word aligner is kept that the text has taught; "": nowhere
};

/// What a run trains on: made from its config, before the first update.
class TrainingTask {
 public:
  /// Builds the vocabularies, or takes those that are given, encodes the text and aligns it if its
  /// links are to teach. `device` will compute. Throws UserError as they do, and if there is
  /// nothing to learn from.
  TrainingTask(const Config& config, const TrainingPlaces& places,
               std::optional<Vocabularies> vocabularies = std::nullopt,
               const torch::Device& device = torch::kCPU);

  const Vocabularies& vocabularies() const { return vocabularies_; }
  const ParallelCorpus& corpus() const { return corpus_; }
  /// Null if the config has no text to validate on.
  const Validator* validator() const { return validator_.get(); }
  /// A model as training begins with it, a function of the config's seed, on the processor.
  TranslationModel new_model() const;

 private:
  Config config_;
  Vocabularies vocabularies_;
  ParallelCorpus corpus_;
  std::unique_ptr<Validator> validator_;
};

/// Checks everything that can be checked, builds or loads the vocabularies, and trains with the
/// threads that the config asks for; goes on where the directory's checkpoint stands if there is
/// one. Throws UserError before work begins if the data, the directory or the checkpoint does not
/// fit the config, or if another process trains there.
TrainingEnd train_model(const Config& config, const std::string& directory,
                        const StopRequests& stop);

}  // namespace weft
