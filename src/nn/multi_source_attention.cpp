#include "nn/multi_source_attention.h"

#include <torch/nn/init.h>
#include <torch/nn/module.h>
#include <torch/types.h>

#include <cmath>
#include <memory>
#include <string>

#include "nn/new_parameter.h"

namespace weft {
namespace {

/// The part of the second dimension that belongs to each source.
std::vector<torch::Tensor> parts(const torch::Tensor& x, const std::vector<int64_t>& sections) {
  auto of_sources = x.split_with_sizes(sections, 1);
  for (auto& part : of_sources) part = part.contiguous();  // once, not at every step
  return of_sources;
}

}  // namespace

MultiSourceAttentionImpl::MultiSourceAttentionImpl(const AttentionOptions& options,
                                                   const AttentionWidths& widths, int64_t sources)
    : AttentionImpl(options, widths) {
  const int64_t width = widths.annotation;
  for (int64_t k = 2; k <= sources; ++k)
    others_.push_back(register_module("source_" + std::to_string(k), Attention(options, widths)));
  switch (options.source_combination) {
    case SourceCombination::kConcat:
      combination_ = register_module("combination", Linear(sources * width, width, Bias::kWithout));
      return;
    case SourceCombination::kHierarchical:
      query_map_ =
          register_module("query_map", Linear(widths.query, options.width, Bias::kWithout));
      energy_ = register_parameter("context_energy", new_parameter({options.width}));
      for (int64_t k = 1; k <= sources; ++k) {
        const auto number = std::to_string(k);
        context_keys_.push_back(
            register_module("context_key_" + number, Linear(width, options.width)));
        context_values_.push_back(
            register_module("context_value_" + number, Linear(width, width, Bias::kWithout)));
      }
      return;
  }
  TORCH_CHECK(false, "unknown combination");
}

void MultiSourceAttentionImpl::initialize() {
  AttentionImpl::initialize();
  for (auto& attention : others_) attention->initialize();
  if (combination_) {
    combination_->initialize();
    return;
  }
  query_map_->initialize();
  for (auto& key : context_keys_) key->initialize();
  for (auto& value : context_values_) value->initialize();
  const double bound = 1 / std::sqrt(static_cast<double>(energy_.size(0)));
  torch::nn::init::uniform_(energy_, -bound, bound);
}

AttentionMemory MultiSourceAttentionImpl::precompute(const ComputeContext& compute,
                                                     const torch::Tensor& annotations,
                                                     const torch::Tensor& mask,
                                                     const torch::Tensor& fixed,
                                                     const std::vector<int64_t>& sections) {
  const auto of_sources = parts(annotations, sections), masks = parts(mask, sections);
  AttentionMemory memory;
  memory.mask = mask;
  memory.sources.push_back(AttentionImpl::precompute(compute, of_sources[0], masks[0], fixed, {}));
  for (std::size_t k = 1; k < of_sources.size(); ++k)
    memory.sources.push_back(others_[k - 1]->precompute(compute, of_sources[k], masks[k], fixed));
  return memory;
}

AttentionState MultiSourceAttentionImpl::start(const torch::Tensor& annotations,
                                               const std::vector<int64_t>& sections) const {
  const auto of_sources = parts(annotations, sections);
  AttentionState state;
  state.sources.push_back(AttentionImpl::start(of_sources[0], {}));
  for (std::size_t k = 1; k < of_sources.size(); ++k)
    state.sources.push_back(others_[k - 1]->start(of_sources[k]));
  return state;
}

AttentionWork MultiSourceAttentionImpl::work() const {
  auto work = AttentionImpl::work();
  for (const auto& attention : others_) work.per_query += attention->work().per_query;
  if (combination_) work.per_query += combination_->weight.numel();
  if (query_map_) work.per_query += query_map_->weight.numel();
  for (const auto& key : context_keys_) work.per_query += key->weight.numel();
  for (const auto& value : context_values_) work.per_query += value->weight.numel();
  return work;
}

AttentionOutput MultiSourceAttentionImpl::forward(const ComputeContext& compute,
                                                  const torch::Tensor& query,
                                                  const AttentionState& state,
                                                  const AttentionMemory& memory) {
  AttentionOutput output;
  std::vector<torch::Tensor> contexts, weights;
  for (std::size_t k = 0; k < memory.sources.size(); ++k) {
    auto source = memory.sources[k];
    source.sets = memory.sets;
    auto attended = k == 0 ? AttentionImpl::forward(compute, query, state.sources[k], source)
                           : others_[k - 1](compute, query, state.sources[k], source);
    contexts.push_back(attended.context);
    weights.push_back(attended.weights);
    output.state.sources.push_back(std::move(attended.state));
  }
  output.context = combine(compute, query, contexts);
  output.weights = torch::cat(weights, 1);
  return output;
}

torch::Tensor MultiSourceAttentionImpl::combine(const ComputeContext& compute,
                                                const torch::Tensor& query,
                                                const std::vector<torch::Tensor>& contexts) {
  if (combination_) return combination_(compute, torch::cat(contexts, 1));
  const auto mapped = query_map_(compute, query);
  std::vector<torch::Tensor> energies, values;
  for (std::size_t k = 0; k < contexts.size(); ++k) {
    energies.push_back(
        torch::tanh(mapped + context_keys_[k](compute, contexts[k])).matmul(energy_));
    values.push_back(context_values_[k](compute, contexts[k]));
  }
  const auto weights = torch::softmax(torch::stack(energies, 1), 1);  // beta [N, K]
  return (weights.unsqueeze(2) * torch::stack(values, 1)).sum(1);
}

Attention make_attention(const AttentionOptions& options, const AttentionWidths& widths,
                         int64_t sources) {
  // Without a score there is nothing to attend to: the fixed vector is made of all sources.
  if (sources == 1 || options.score == ScoreType::kNone) return Attention(options, widths);
  return Attention(std::static_pointer_cast<AttentionImpl>(
      std::make_shared<MultiSourceAttentionImpl>(options, widths, sources)));
}

}  // namespace weft
