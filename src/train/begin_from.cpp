#include "train/begin_from.h"

#include <torch/types.h>
#include <torch/utils.h>

#include <map>
#include <vector>

#include "base/error.h"
#include "base/log.h"
#include "model/model_directory.h"

namespace weft {
namespace {

/// The vocabulary whose pieces the rows of a parameter belong to; null: its rows are no pieces.
const Vocabulary* vocabulary_of(const std::string& name, const Vocabularies& vocabularies) {
  if (name == "target_embedding" || name == "output_weight" || name == "output_bias")
    return vocabularies.target.get();
  for (std::size_t k = 0; k < vocabularies.sources.size(); ++k) {
    std::string embedding = "source_embedding";
    if (k > 0) embedding.append("_").append(std::to_string(k + 1));
    if (name == embedding) return vocabularies.sources[k].vocabulary.get();
  }
  return nullptr;
}

/// Rows of the same pieces in two vocabularies.
struct SharedRows {
  std::vector<int64_t> from, to;
};

SharedRows shared_rows(const Vocabulary& from, const Vocabulary& to) {
  std::map<std::string, int64_t, std::less<>> ids;
  for (int64_t id = 0; id < from.size(); ++id) ids.emplace(from.piece(id), id);
  SharedRows rows;
  for (int64_t id = 0; id < to.size(); ++id) {
    const auto found = ids.find(to.piece(id));
    if (found == ids.end()) continue;
    rows.from.push_back(found->second);
    rows.to.push_back(id);
  }
  return rows;
}

/// Whether the rows of one can stand in the other.
bool rows_fit(const torch::Tensor& a, const torch::Tensor& b) {
  return a.dim() == b.dim() && a[0].sizes() == b[0].sizes();
}

/// False if nothing could be copied.
bool copy_rows(const std::string& name, const torch::Tensor& from, const Vocabulary& of_from,
               torch::Tensor& to, const Vocabulary& of_to) {
  if (!rows_fit(from, to)) return false;
  const auto rows = shared_rows(of_from, of_to);
  to.index_copy_(0, torch::tensor(rows.to, torch::kInt64),
                 from.index_select(0, torch::tensor(rows.from, torch::kInt64)));
  const auto copied = static_cast<int64_t>(rows.to.size());
  if (copied < of_to.size() || copied < of_from.size()) {
    log_info(name + ": " + std::to_string(copied) + " of " + std::to_string(of_to.size()) +
             " pieces are the other model's, which has " + std::to_string(of_from.size()) + "; " +
             std::to_string(of_to.size() - copied) + " begin anew");
  }
  return copied > 0;
}

std::string with_commas(const std::vector<std::string>& names) {
  std::string text;
  for (const auto& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

}  // namespace

void begin_from(const std::string& directory, const Vocabularies& vocabularies,
                TranslationModelImpl& model) {
  const torch::NoGradGuard no_grad;
  const auto other = load_model(directory);
  const auto weights = named_parameters(*other.model);
  std::vector<std::string> anew;
  const auto parameters = named_parameters(model);
  for (auto [name, parameter] : parameters) {
    const auto found = weights.find(name);
    const auto* of_other = vocabulary_of(name, other.vocabularies);
    const auto* own = vocabulary_of(name, vocabularies);
    bool copied = false;
    if (found != weights.end() && of_other != nullptr && own != nullptr) {
      copied = copy_rows(name, found->second, *of_other, parameter, *own);
    } else if (found != weights.end() && found->second.sizes() == parameter.sizes()) {
      parameter.copy_(found->second);
      copied = true;
    }
    if (!copied) anew.push_back(name);
  }
  if (anew.size() == parameters.size()) {
    throw UserError({directory},
                    "has no parameter of the name and shape of one of the model (training.from); "
                    "expected a model with some layers of the same kind and width");
  }
  log_info("weights begin from " + directory + ": " +
           std::to_string(parameters.size() - anew.size()) + " of " +
           std::to_string(parameters.size()) + " parameters");
  if (!anew.empty()) log_warning(directory + " has nothing for these: " + with_commas(anew));
}

}  // namespace weft
