#include "nn/factor_embedding.h"

#include <torch/nn/init.h>
#include <torch/nn/module.h>
#include <torch/types.h>

#include <cmath>
#include <string>

#include "nn/new_parameter.h"

namespace weft {

FactorEmbeddingImpl::FactorEmbeddingImpl(const EmbeddingOptions& options,
                                         const std::vector<int64_t>& vocabularies)
    : combination_(options.factor_combine) {
  TORCH_CHECK(vocabularies.size() == options.factors.size(), "got ", vocabularies.size(),
              " vocabularies of ", options.factors.size(), " factors");
  for (std::size_t k = 0; k < vocabularies.size(); ++k) {
    embeddings_.push_back(register_parameter("embedding_" + std::to_string(k + 1),
                                             new_parameter({vocabularies[k], options.factors[k]})));
  }
}

void FactorEmbeddingImpl::initialize() {
  for (auto& matrix : embeddings_)
    torch::nn::init::normal_(matrix, 0, 1 / std::sqrt(static_cast<double>(matrix.size(1))));
}

torch::Tensor FactorEmbeddingImpl::forward(const torch::Tensor& words,
                                           const std::vector<torch::Tensor>& factors) {
  TORCH_CHECK(factors.size() == embeddings_.size(), "got ", factors.size(), " factors of ",
              embeddings_.size());
  std::vector<torch::Tensor> parts{words};
  for (std::size_t k = 0; k < factors.size(); ++k)
    parts.push_back(torch::embedding(embeddings_[k], factors[k]));
  switch (combination_) {
    case FactorCombination::kConcat:
      return torch::cat(parts, 2);
    case FactorCombination::kSum:
      return torch::stack(parts).sum(0);
  }
  TORCH_CHECK(false, "unknown combination");
}

}  // namespace weft
