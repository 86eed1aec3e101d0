#include "nn/coverage.h"

#include <torch/nn/module.h>
#include <torch/types.h>

namespace weft {

CoverageImpl::CoverageImpl(int64_t width, int64_t key_width)
    : key_(register_module("coverage_key", Linear(width, key_width, Bias::kWithout))),
      width_(width) {}

void CoverageImpl::initialize() { key_->initialize(); }

torch::Tensor CoverageImpl::start(const torch::Tensor& annotations) const {
  return torch::zeros({annotations.size(0), annotations.size(1), width_}, annotations.options());
}

LinguisticCoverageImpl::LinguisticCoverageImpl(const AttentionWidths& widths, int64_t key_width)
    : CoverageImpl(1, key_width),
      fertility_(register_module("fertility", Linear(widths.annotation, 1, Bias::kWithout))) {}

void LinguisticCoverageImpl::initialize() {
  CoverageImpl::initialize();
  fertility_->initialize();
}

torch::Tensor LinguisticCoverageImpl::precompute(const ComputeContext& compute,
                                                 const torch::Tensor& annotations) {
  constexpr double kMostWords = 2;  // that one source word may become
  return 1 / (kMostWords * torch::sigmoid(fertility_(compute, annotations)));
}

torch::Tensor LinguisticCoverageImpl::update(const ComputeContext& /*compute*/,
                                             const torch::Tensor& coverage,
                                             const CoverageInput& input) {
  return coverage + input.weights.unsqueeze(2) * input.precomputed;
}

NeuralCoverageImpl::NeuralCoverageImpl(const AttentionWidths& widths, int64_t width,
                                       int64_t key_width)
    : CoverageImpl(width, key_width),
      state_(register_module("coverage_state", Linear(width, 3 * width))),
      weight_(register_module("coverage_weight", Linear(1, 3 * width))),
      annotation_(register_module("coverage_annotation",
                                  Linear(widths.annotation, 3 * width, Bias::kWithout))),
      query_(register_module("coverage_query", Linear(widths.query, 3 * width, Bias::kWithout))) {}

void NeuralCoverageImpl::initialize() {
  CoverageImpl::initialize();
  state_->initialize();
  weight_->initialize();
  annotation_->initialize();
  query_->initialize();
}

torch::Tensor NeuralCoverageImpl::precompute(const ComputeContext& compute,
                                             const torch::Tensor& annotations) {
  return annotation_(compute, annotations);
}

torch::Tensor NeuralCoverageImpl::update(const ComputeContext& compute,
                                         const torch::Tensor& coverage,
                                         const CoverageInput& input) {
  const auto of_input = weight_(compute, input.weights.unsqueeze(2)) + input.precomputed +
                        query_(compute, input.query).unsqueeze(1);
  const auto x = of_input.chunk(3, 2), h = state_(compute, coverage).chunk(3, 2);  // [N, S, D] each
  const auto reset = torch::sigmoid(x[0] + h[0]), kept = torch::sigmoid(x[1] + h[1]);
  const auto candidate = torch::tanh(x[2] + reset * h[2]);
  return candidate + kept * (coverage - candidate);
}

Coverage make_coverage(const AttentionOptions& options, const AttentionWidths& widths,
                       int64_t key_width) {
  switch (options.coverage) {
    case CoverageType::kNone:
      return nullptr;
    case CoverageType::kLinguistic:
      return std::make_shared<LinguisticCoverageImpl>(widths, key_width);
    case CoverageType::kNeural:
      return std::make_shared<NeuralCoverageImpl>(widths, options.coverage_width, key_width);
  }
  TORCH_CHECK(false, "unknown coverage");
}

}  // namespace weft
