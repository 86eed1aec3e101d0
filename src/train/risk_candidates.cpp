#include "train/risk_candidates.h"

#include <torch/types.h>
#include <torch/utils.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "data/repeat_batch.h"
#include "data/to_device.h"
#include "metrics/bleu.h"
#include "metrics/chrf.h"
#include "nn/own_words.h"
#include "search/beam_search.h"
#include "search/ensemble.h"
#include "train/validator.h"

namespace weft {
namespace {

using Tokens = std::vector<int32_t>;
using TokenRows = std::vector<std::vector<Tokens>>;  // of each sentence, of each candidate

/// In evaluation mode for as long as this lives.
class WithoutDropout {
 public:
  explicit WithoutDropout(TranslationModel& model) : model_(model) { model_->eval(); }
  ~WithoutDropout() { model_->train(); }
  WithoutDropout(const WithoutDropout&) = delete;
  WithoutDropout& operator=(const WithoutDropout&) = delete;

 private:
  TranslationModel& model_;
};

/// The tokens of a row before end of sentence.
Tokens tokens_of(const int64_t* begin, const int64_t* end) {
  Tokens tokens;
  for (; begin != end && *begin != kEndId; ++begin) tokens.push_back(static_cast<int32_t>(*begin));
  return tokens;
}

/// `count` translations of each sentence, drawn token by token; one that has not ended after twice
/// the longest reference and ten tokens ends there.
TokenRows drawn_translations(TranslationModel& model, const ComputeContext& compute,
                             const Batch& batch, int64_t count) {
  const int64_t sentences = batch.target_mask.size(0);
  const int64_t limit = 2 * batch.target_mask.size(1) + 10;
  const auto numbers = torch::dtype(torch::kInt64).device(model->device());
  const auto start = model->start(compute, batch.sources);
  const auto sets = torch::arange(sentences, numbers).repeat_interleave(count);
  const auto memory = start.memory.read_by(sets);
  auto state = start.state.select(sets);
  auto tokens = torch::full({sentences * count}, kBeginId, numbers);
  auto ended = torch::zeros({sentences * count}, numbers.dtype(torch::kBool));
  std::vector<torch::Tensor> steps;
  for (int64_t i = 0; i < limit && !ended.all().item<bool>(); ++i) {
    auto step = model->step(compute, tokens, state, memory);
    for (const int64_t id : {kPadId, kBeginId})  // these two are no words
      step.logits.select(1, id).fill_(-std::numeric_limits<float>::infinity());
    tokens = sampled_tokens(step.logits.unsqueeze(1)).squeeze(1).masked_fill(ended, kEndId);
    ended = ended.logical_or(tokens.eq(kEndId));
    steps.push_back(tokens);
    state = std::move(step.state);
  }
  const auto drawn = torch::stack(steps, 1).to(torch::kCPU).contiguous();  // [B count, T]
  TokenRows rows(static_cast<std::size_t>(sentences));
  const auto* row = drawn.data_ptr<int64_t>();
  for (int64_t n = 0; n < drawn.size(0); ++n, row += drawn.size(1))
    rows[static_cast<std::size_t>(n / count)].push_back(tokens_of(row, row + drawn.size(1)));
  return rows;
}

/// The best `count` translations of each sentence.
TokenRows best_translations(const TranslationModel& model, const ComputeContext& compute,
                            const Batch& batch, int64_t count) {
  Ensemble ensemble({model}, compute.precision);
  DecodingOptions decoding;
  decoding.beam_size = count;
  TokenRows rows;
  for (auto& hypotheses : beam_search(ensemble, batch.sources, decoding)) {
    auto& of_sentence = rows.emplace_back();
    for (auto& hypothesis : hypotheses) of_sentence.push_back(std::move(hypothesis.tokens));
  }
  return rows;
}

/// Targets of teacher forcing, as make_batch() makes them, of all candidates.
void set_targets(const TokenRows& rows, Batch& batch) {
  int64_t count = 0, longest = 0;
  for (const auto& of_sentence : rows) {
    for (const auto& tokens : of_sentence) {
      ++count;
      longest = std::max(longest, static_cast<int64_t>(tokens.size()));
    }
  }
  batch.target_input = torch::full({count, longest + 1}, kPadId, torch::kInt64);
  batch.target_output = batch.target_input.clone();
  batch.target_mask = torch::zeros({count, longest + 1}, torch::kBool);
  int64_t n = 0;
  for (const auto& of_sentence : rows) {
    for (const auto& tokens : of_sentence) {
      auto* input = batch.target_input[n].data_ptr<int64_t>();
      auto* output = batch.target_output[n].data_ptr<int64_t>();
      *input++ = kBeginId;
      std::copy(tokens.begin(), tokens.end(), input);
      std::copy(tokens.begin(), tokens.end(), output);
      output[tokens.size()] = kEndId;
      batch.target_mask[n].narrow(0, 0, static_cast<int64_t>(tokens.size()) + 1).fill_(true);
      ++n;
    }
  }
}

/// Each once, in the order in which they came.
void remove_repeated(std::vector<Tokens>& candidates) {
  std::vector<Tokens> kept;
  for (auto& candidate : candidates) {
    if (std::find(kept.begin(), kept.end(), candidate) == kept.end())
      kept.push_back(std::move(candidate));
  }
  candidates = std::move(kept);
}

}  // namespace

RiskCandidates::RiskCandidates(const MinimumRiskOptions& options, MetricTokenizer tokenizer,
                               std::shared_ptr<const Vocabulary> target, bool right_to_left)
    : options_(options),
      tokenizer_(tokenizer),
      target_(std::move(target)),
      right_to_left_(right_to_left) {}

std::string RiskCandidates::text_of(Tokens tokens) const {
  if (right_to_left_) std::reverse(tokens.begin(), tokens.end());
  return target_->decode(tokens).text;
}

double RiskCandidates::cost_of(const std::string& text, const std::string& reference) const {
  const double score =
      options_.metric == RiskMetric::kChrf
          ? corpus_chrf({text}, {{reference}}).score
          : bleu_of(bleu_statistics(text, {reference}, {.tokenizer = tokenizer_})).score;
  return 1 - score / 100;
}

CandidateBatch RiskCandidates::make(TranslationModel& model, const ComputeContext& compute,
                                const Batch& batch, const Batch& there) const {
  const torch::NoGradGuard no_grad;
  TokenRows rows;
  {
    const WithoutDropout guard(model);
    rows = options_.candidates == RiskCandidateKind::kSamples
               ? drawn_translations(model, compute, there, options_.count)
               : best_translations(model, compute, there, options_.count);
  }
  const auto outputs = batch.target_output.contiguous();
  const int64_t most = options_.count + (options_.reference ? 1 : 0);
  const auto sentences = static_cast<int64_t>(rows.size());
  auto costs = torch::zeros({sentences, most});
  std::vector<int64_t> places, sources;
  for (int64_t b = 0; b < sentences; ++b) {
    auto& candidates = rows[static_cast<std::size_t>(b)];
    const auto* output = outputs[b].data_ptr<int64_t>();
    auto reference = tokens_of(output, output + outputs.size(1));
    if (options_.reference) candidates.push_back(reference);
    remove_repeated(candidates);
    std::erase(reference, static_cast<int32_t>(kUnknownId));
    const auto reference_text = text_of(reference);
    for (std::size_t k = 0; k < candidates.size(); ++k) {
      costs[b][static_cast<int64_t>(k)] = cost_of(text_of(candidates[k]), reference_text);
      places.push_back(b * most + static_cast<int64_t>(k));
      sources.push_back(b);
    }
  }
  Batch targets;
  set_targets(rows, targets);
  const auto device = model->device();
  CandidateBatch made{to_device(targets, device), torch::tensor(places).to(device), costs.to(device),
                  there.target_weights.defined() ? there.target_weights.sum(1)
                                                 : there.target_mask.to(torch::kFloat32).sum(1)};
  made.batch.sources = picked_rows(there.sources, torch::tensor(sources).to(device));
  return made;
}

std::unique_ptr<RiskCandidates> make_risk_candidates(const Config& config,
                                                     const Vocabularies& vocabularies) {
  const auto& options = config.training.minimum_risk;
  if (options.weight == 0) return nullptr;
  return std::make_unique<RiskCandidates>(options,
                                          tokenizer_named(config.training.validation.tokenizer),
                                          vocabularies.target, vocabularies.right_to_left);
}

}  // namespace weft
