#pragma once
// A step model without a network: what it predicts is a fixed random function of the source and of
// all tokens so far, so that a search can be checked against plain loops over token sequences.

#include <torch/torch.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <mutex>
#include <random>
#include <vector>

#include "data/batch.h"
#include "search/step_model.h"
#include "text/vocabulary.h"

namespace weft {

using Tokens = std::vector<int64_t>;

struct TableOptions {
  int64_t vocabulary = 8;    ///< of the target, the four reserved tokens included
  double end_bias = 0;       ///< added to the logit of the end of sentence
  double reserved_bias = 0;  ///< added to the logits of padding and of the begin of sentence
  int64_t allowed = 1000;    ///< ids from here on are impossible
  int64_t instant_end = -1;  ///< a source that begins with this id is over at once
};

class TableModel : public StepModel {
 public:
  explicit TableModel(const TableOptions& options) : options_(options) {}

  /// log p(token | prefix, source) of every token. The source is given with its end of sentence,
  /// the prefix with the begin of sentence.
  std::vector<float> log_probs(const Tokens& source, const Tokens& prefix) const {
    auto random = generator(source, prefix);
    std::normal_distribution<double> normal(0, 1.5);
    std::vector<double> logits;
    for (int64_t v = 0; v < options_.vocabulary; ++v) {
      const double logit = normal(random);
      logits.push_back(v < options_.allowed ? logit : -std::numeric_limits<double>::infinity());
    }
    logits[kEndId] += source[0] == options_.instant_end ? 100 : options_.end_bias;
    logits[kPadId] += options_.reserved_bias;
    logits[kBeginId] += options_.reserved_bias;
    double sum = 0;
    for (const double logit : logits) sum += std::exp(logit);
    std::vector<float> result;
    for (const double logit : logits) result.push_back(static_cast<float>(logit - std::log(sum)));
    return result;
  }

  /// The attention after `prefix`: no distribution, but a sign of the whole path.
  std::vector<float> attention(const Tokens& source, const Tokens& prefix) const {
    auto random = generator(source, prefix);
    std::uniform_real_distribution<float> uniform(0, 1);
    std::vector<float> row;
    for (std::size_t j = 0; j < source.size(); ++j) row.push_back(uniform(random));
    return row;
  }

  SearchState start(const SourceBatch& source) override {
    const std::lock_guard lock(mutex_);
    rows_of_steps.clear();
    const int64_t sentences = source.ids.size(0);
    const DecoderMemory memory{{source.ids, source.ids, source.mask, {}}, false, {}};
    // The prefix, and which sentence it belongs to: checked against the memory at every step.
    DecoderState state{{torch::empty({sentences, 0}, torch::kInt64), source.ids}, {}, {}};
    return {{memory}, {state}, torch::arange(sentences)};
  }

  StepResult step(const torch::Tensor& last_tokens, const SearchState& state) override {
    const auto& sources = state.memories[0].attention.values;
    const auto prefixes = torch::cat({state.states[0].layers[0], last_tokens.unsqueeze(1)}, 1);
    const int64_t rows = prefixes.size(0);
    TORCH_CHECK(state.sentences.size(0) == rows, rows, " rows of ", state.sentences.size(0));
    {
      const std::lock_guard lock(mutex_);
      rows_of_steps.push_back(rows);
    }
    StepResult result{
        torch::empty({rows, options_.vocabulary}),
        torch::zeros({rows, sources.size(1)}),
        {state.memories, {{{prefixes, state.states[0].layers[1]}, {}, {}}}, state.sentences}};
    for (int64_t n = 0; n < rows; ++n) {
      const auto sentence = sources[state.sentences[n].item<int64_t>()];
      TORCH_CHECK(torch::equal(sentence, state.states[0].layers[1][n]), "row ", n,
                  " stands with another sentence");
      const auto source = tokens_of(sentence.masked_select(sentence.ne(kPadId)));
      const auto prefix = tokens_of(prefixes[n]);
      result.logits[n].copy_(torch::tensor(log_probs(source, prefix)));
      result.attention[n]
          .narrow(0, 0, static_cast<int64_t>(source.size()))
          .copy_(torch::tensor(attention(source, prefix)));
    }
    return result;
  }

  std::vector<int64_t> rows_of_steps;  ///< how many rows each step of the last search had

 private:
  static Tokens tokens_of(const torch::Tensor& ids) {
    const auto contiguous = ids.contiguous();
    const auto* data = contiguous.data_ptr<int64_t>();
    return {data, data + contiguous.numel()};
  }

  static std::mt19937 generator(const Tokens& source, const Tokens& prefix) {
    std::vector<int64_t> key{static_cast<int64_t>(source.size())};
    key.insert(key.end(), source.begin(), source.end());
    key.insert(key.end(), prefix.begin(), prefix.end());
    std::seed_seq seed(key.begin(), key.end());
    return std::mt19937(seed);
  }

  TableOptions options_;
  std::mutex mutex_;  // of rows_of_steps
};

/// Sources of ids without their end of sentence.
inline SourceBatch source_batch(const std::vector<Tokens>& sources) {
  std::size_t width = 0;
  for (const auto& source : sources) width = std::max(width, source.size() + 1);
  SourceBatch batch;
  batch.ids = torch::full({static_cast<int64_t>(sources.size()), static_cast<int64_t>(width)},
                          kPadId, torch::kInt64);
  for (std::size_t b = 0; b < sources.size(); ++b) {
    auto row = sources[b];
    row.push_back(kEndId);
    batch.ids[static_cast<int64_t>(b)]
        .narrow(0, 0, static_cast<int64_t>(row.size()))
        .copy_(torch::tensor(row));
  }
  batch.mask = batch.ids.ne(kPadId);
  return batch;
}

}  // namespace weft
