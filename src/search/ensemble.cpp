#include "search/ensemble.h"

#include <torch/types.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>
#include <utility>

#include "ops/best_tokens.h"
#include "ops/precision.h"
#include "text/vocabulary.h"

namespace weft {
namespace {

/// What steps compute where the sentences have lists.
struct ListedOutput {
  torch::Tensor tokens;           // TokenLists'
  torch::Tensor columns;          // int64 [B, W], on the models' device: where in a part they stand
  std::vector<OutputPart> parts;  // of each model, the same tokens
  int64_t vocabulary = 0;
};

/// The tokens of all lists, rising, and behind them at least one -1 that stands for none. Sizes are
/// few, because products of a new size cost more.
std::vector<int64_t> union_of(const torch::Tensor& tokens) {
  const auto* begin = tokens.data_ptr<int64_t>();
  std::vector<int64_t> all(begin, begin + tokens.numel());
  std::erase(all, kPadId);
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  constexpr std::size_t kStep = 64;
  const auto step = std::max(kStep, std::bit_floor(all.size()) / 8);
  all.resize((all.size() + step) / step * step, -1);
  return all;
}

/// Where in `all`, as union_of() has it, the tokens stand.
torch::Tensor places_in(const std::vector<int64_t>& all, const torch::Tensor& tokens,
                        int64_t vocabulary) {
  std::vector<int64_t> places(static_cast<std::size_t>(vocabulary),
                              static_cast<int64_t>(all.size()) - 1);
  for (std::size_t n = 0; n < all.size() && all[n] >= 0; ++n)
    places.at(static_cast<std::size_t>(all[n])) = static_cast<int64_t>(n);
  auto columns = torch::empty_like(tokens);
  const auto* from = tokens.data_ptr<int64_t>();
  std::transform(from, from + tokens.numel(), columns.data_ptr<int64_t>(),
                 [&](int64_t token) { return places.at(static_cast<std::size_t>(token)); });
  return columns;
}

/// N hypotheses of B sentences, as each model sees them.
struct EnsembleState : StepState {
  std::shared_ptr<const std::vector<DecoderMemory>> memories;    // B sentences; stay as they are
  std::shared_ptr<const std::vector<torch::Tensor>> onto_first;  // of each model
  std::vector<DecoderState> states;                              // N hypotheses
  torch::Tensor sentences;                     // int64 [N]: the sentence of each hypothesis
  std::shared_ptr<const ListedOutput> listed;  // none: all tokens

  std::unique_ptr<StepState> select(const torch::Tensor& hypotheses) const override {
    auto selected = std::make_unique<EnsembleState>();
    selected->memories = memories;
    selected->onto_first = onto_first;
    selected->listed = listed;
    for (const auto& state : states) selected->states.push_back(state.select(hypotheses));
    selected->sentences = sentences.index_select(0, hypotheses);
    return selected;
  }
};

}  // namespace

Ensemble::Ensemble(std::vector<TranslationModel> models, Precision precision,
                   const std::vector<double>& weights, std::vector<std::size_t> first_sources)
    : models_(std::move(models)),
      first_sources_(std::move(first_sources)),
      compute_(resolved(precision), &frozen_) {
  TORCH_CHECK(!models_.empty(), "an ensemble needs a model");
  TORCH_CHECK(weights.empty() || weights.size() == models_.size(), weights.size(), " weights of ",
              models_.size(), " models");
  const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
  for (const double weight : weights) {
    TORCH_CHECK(weight > 0, "a model has the weight ", weight);
    weights_.push_back(static_cast<float>(weight / sum));
  }
}

/// Over models, which are equally shaped.
torch::Tensor Ensemble::mean(const std::vector<torch::Tensor>& of_models) const {
  if (weights_.empty()) return torch::stack(of_models).mean(0);
  auto sum = of_models.front() * weights_.front();
  for (std::size_t i = 1; i < of_models.size(); ++i) sum = sum + of_models[i] * weights_[i];
  return sum;
}

SourceBatch Ensemble::sources_of(std::size_t i, const SourceBatch& sources) const {
  if (first_sources_.empty()) return sources;
  return {sources.begin() + static_cast<std::ptrdiff_t>(first_sources_[i]), sources.end()};
}

torch::Tensor Ensemble::onto_first(std::size_t i, const SourceBatch& sources) const {
  if (first_sources_.empty() || first_sources_[i] == 0) return {};
  const auto count = models_[i]->source_count();
  const auto columns = columns_of(sources, count - 1);
  const auto width = columns.begin + columns.count;
  std::vector<torch::Tensor> blocks;
  for (std::size_t k = 0; k < count; ++k) {
    const auto& parts = sources[first_sources_[i] + k].onto_first;  // [B, S, S']
    auto block = torch::zeros({parts.size(0), parts.size(1), width}, parts.options());
    const auto own = columns_of(sources, k);
    block.narrow(2, own.begin, own.count).copy_(parts);
    blocks.push_back(block);
  }
  return torch::cat(blocks, 1);
}

bool Ensemble::has_attention() const {
  return std::all_of(models_.begin(), models_.end(),
                     [](const auto& model) { return model->has_attention(); });
}

bool Ensemble::has_alignment_head() const {
  return std::all_of(models_.begin(), models_.end(),
                     [](const auto& model) { return model->has_alignment_head(); });
}

torch::Tensor Ensemble::explain(const Batch& pairs) {
  if (!has_alignment_head()) return {};
  std::vector<torch::Tensor> weights;
  for (std::size_t i = 0; i < models_.size(); ++i) {
    auto read = pairs;
    read.sources = sources_of(i, pairs.sources);
    const auto onto = onto_first(i, pairs.sources);
    const auto head = models_[i]->force(compute_, read).head;
    weights.push_back(onto.defined() ? torch::bmm(head, onto) : head);
  }
  return mean(weights);
}

std::unique_ptr<StepState> Ensemble::start(const SourceBatch& sources, const TokenLists& lists) {
  std::vector<DecoderMemory> memories;
  auto state = std::make_unique<EnsembleState>();
  std::vector<torch::Tensor> onto;
  for (std::size_t i = 0; i < models_.size(); ++i) {
    auto begun = models_[i]->start(compute_, sources_of(i, sources));
    onto.push_back(onto_first(i, sources));
    memories.push_back(std::move(begun.memory));
    state->states.push_back(std::move(begun.state));
  }
  state->memories = std::make_shared<const std::vector<DecoderMemory>>(std::move(memories));
  state->onto_first = std::make_shared<const std::vector<torch::Tensor>>(std::move(onto));
  const auto& mask = sources.front().mask;
  state->sentences = torch::arange(mask.size(0), mask.options().dtype(torch::kInt64));
  if (!lists.tokens.defined()) return state;
  auto listed = std::make_shared<ListedOutput>();
  listed->vocabulary = models_.front()->target_vocabulary();
  listed->tokens = lists.tokens;
  const auto all = union_of(lists.tokens);
  listed->columns = places_in(all, lists.tokens, listed->vocabulary).to(device());
  for (auto& model : models_)
    listed->parts.push_back(model->output_part(torch::tensor(all, torch::kInt64).to(device())));
  state->listed = std::move(listed);
  return state;
}

StepResult Ensemble::step(const torch::Tensor& last_tokens, const StepState& state) {
  const auto& last = dynamic_cast<const EnsembleState&>(state);
  auto next = std::make_unique<EnsembleState>();
  next->memories = last.memories;
  next->onto_first = last.onto_first;
  next->sentences = last.sentences;
  next->listed = last.listed;
  const auto* listed = last.listed.get();
  std::vector<torch::Tensor> logits, attention;
  for (std::size_t i = 0; i < models_.size(); ++i) {
    auto predicted = models_[i]->step(compute_, last_tokens, last.states[i],
                                      (*last.memories)[i].read_by(last.sentences),
                                      listed == nullptr ? nullptr : &listed->parts[i]);
    logits.push_back(
        listed == nullptr
            ? predicted.logits
            : ops::listed_logits(compute_, {predicted.logits, listed->columns, last.sentences}));
    const auto& onto = (*last.onto_first)[i];
    if (onto.defined() && predicted.attention.defined())
      predicted.attention =
          torch::bmm(predicted.attention.unsqueeze(1), onto.index_select(0, last.sentences))
              .squeeze(1);
    attention.push_back(predicted.attention);
    next->states.push_back(std::move(predicted.state));
  }
  ListedColumns described;
  if (listed != nullptr)
    described = {listed->tokens, last.sentences.to(torch::kCPU), listed->vocabulary};
  if (models_.size() == 1) return {logits[0], attention[0], std::move(next), described};
  // log of the mean of the probabilities
  for (std::size_t i = 0; i < logits.size(); ++i) {
    logits[i] = torch::log_softmax(logits[i], 1);
    if (!weights_.empty()) logits[i] = logits[i] + std::log(weights_[i]);
  }
  return {torch::logsumexp(torch::stack(logits), 0),
          has_attention() ? mean(attention) : torch::Tensor(), std::move(next), described};
}

}  // namespace weft
