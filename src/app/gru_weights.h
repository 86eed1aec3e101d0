#pragma once
// The weights of a GRU model in Marian's form and in Weft's.

#include <cstdint>
#include <string>
#include <vector>

#include "app/gru_architecture.h"
#include "base/error.h"
#include "config/model_options.h"
#include "model/named_tensors.h"

namespace weft {

/// A model of another toolkit, by the names of Marian's `s2s` whatever the file calls its arrays.
struct GruModel {
  GruArchitecture architecture;
  NamedTensors tensors;
};

/// For each of Weft's ids the row that stands for it in the other model; kNoRow: none does.
inline constexpr int64_t kNoRow = -1;
struct VocabularyRows {
  std::vector<int64_t> source;
  std::vector<int64_t> target;
};

/// "'a', 'b', 'c' and 2 more", for messages.
std::string first_names(const std::vector<std::string>& names);

/// Weft's options for such a model. Throws UserError with `path` about what is missing or does not
/// fit.
ModelOptions weft_options(const GruModel& model, const std::string& path);

/// Weft's weights. A token without a row is embedded as zero, which is what stands before the first
/// word in the other toolkits, and is never predicted. Takes tensors out of the model; adds to
/// `problems` what is missing or has another shape.
NamedTensors weft_weights(const GruModel& model, const VocabularyRows& rows,
                          const std::string& path, Problems& problems);

/// The same back, for all of Weft's rows but those of kNoRow. Exact: target embeddings are moved
/// so that begin of sentence becomes zero, which maps and softmax do not notice. Adds to `problems`
/// what the other toolkits have no equation for.
NamedTensors marian_weights(const ModelOptions& options, const GruArchitecture& architecture,
                            const NamedTensors& weights, const VocabularyRows& rows,
                            Problems& problems);

}  // namespace weft
