#pragma once
// A step model without a network: what it predicts is a fixed random function of the source and of
// all tokens so far, so that a search can be checked against plain loops over token sequences.

#include <torch/types.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <memory>
#include <mutex>
#include <numbers>
#include <utility>
#include <vector>

#include "config/training_options.h"
#include "data/batch.h"
#include "search/step_model.h"
#include "text/vocabulary.h"

namespace weft {

using Tokens = std::vector<int64_t>;

struct TableOptions {
  int64_t vocabulary = 8;     ///< of the target, the four reserved tokens included
  double end_bias = 0;        ///< added to the logit of the end of sentence
  double reserved_bias = 0;   ///< added to the logits of padding and of the begin of sentence
  int64_t favoured_from = 0;  ///< ids below, the end of sentence excepted, are improbable
  int64_t allowed = 1000;     ///< ids from here on are impossible
  int64_t instant_end = -1;   ///< a source that begins with this id is over at once
  double odd =
      0;  ///< part of the rows that are odd: all equal, with NaN, with +inf, nearly all -inf
};

class TableModel : public StepModel {
 public:
  explicit TableModel(const TableOptions& options) : options_(options) {}

  /// Of every token after the prefix. The source is given with its end of sentence, the prefix with
  /// the begin of sentence.
  std::vector<float> logits(const Tokens& source, const Tokens& prefix) const {
    auto random = generator(source, prefix);
    std::vector<float> logits;
    for (int64_t v = 0; v < options_.vocabulary; ++v) {
      const double logit =
          1.5 * random.normal() - (v < options_.favoured_from && v != kEndId ? 6 : 0);
      logits.push_back(v < options_.allowed ? static_cast<float>(logit) : -kInfinity);
    }
    logits[kEndId] +=
        static_cast<float>(source[0] == options_.instant_end ? 100 : options_.end_bias);
    logits[kPadId] += static_cast<float>(options_.reserved_bias);
    logits[kBeginId] += static_cast<float>(options_.reserved_bias);
    if (random.uniform() < options_.odd) make_odd(logits, random);
    return logits;
  }

  /// log p(token | prefix, source) of every token; NaN where the logits are no numbers.
  std::vector<float> log_probs(const Tokens& source, const Tokens& prefix) const {
    const auto of_row = logits(source, prefix);
    double sum = 0;
    for (const float logit : of_row) sum += std::exp(static_cast<double>(logit));
    std::vector<float> result;
    for (const float logit : of_row)
      result.push_back(static_cast<float>(static_cast<double>(logit) - std::log(sum)));
    return result;
  }

  /// The attention after `prefix`: no distribution, but a sign of the whole path.
  std::vector<float> attention(const Tokens& source, const Tokens& prefix) const {
    auto random = generator(source, prefix);
    std::vector<float> row;
    for (std::size_t j = 0; j < source.size(); ++j)
      row.push_back(static_cast<float>(random.uniform()));
    return row;
  }

  using StepModel::start;
  std::unique_ptr<StepState> start(const SourceBatch& sources, const TokenLists& lists) override {
    const auto& source = sources.front();
    const std::lock_guard lock(mutex_);
    rows_of_steps.clear();
    auto state = std::make_unique<State>();
    for (int64_t i = 0; i < source.ids.size(0); ++i)
      state->hypotheses.push_back({tokens_of(source.ids[i].masked_select(source.mask[i])), {}});
    state->columns = source.ids.size(1);
    state->lists = lists;
    state->sentences = torch::arange(source.ids.size(0));
    return state;
  }

  StepResult step(const torch::Tensor& last_tokens, const StepState& state) override {
    auto next = std::make_unique<State>(dynamic_cast<const State&>(state));
    const auto tokens = tokens_of(last_tokens);
    TORCH_CHECK(next->hypotheses.size() == tokens.size(), tokens.size(), " tokens of ",
                next->hypotheses.size(), " hypotheses");
    const auto rows = static_cast<int64_t>(tokens.size());
    {
      const std::lock_guard lock(mutex_);
      rows_of_steps.push_back(rows);
    }
    auto all_logits = torch::empty({rows, options_.vocabulary});
    auto weights = torch::zeros({rows, next->columns});
    for (std::size_t n = 0; n < tokens.size(); ++n) {
      auto& [source, prefix] = next->hypotheses[n];
      prefix.push_back(tokens[n]);
      const auto row = static_cast<int64_t>(n);
      std::ranges::copy(logits(source, prefix),
                        all_logits.data_ptr<float>() + row * options_.vocabulary);
      std::ranges::copy(attention(source, prefix), weights.data_ptr<float>() + row * next->columns);
    }
    if (!next->lists.tokens.defined()) return {all_logits, weights, std::move(next)};
    const ListedColumns columns{next->lists.tokens, next->sentences, options_.vocabulary};
    const auto tokens_of_rows = columns.tokens.index_select(0, columns.sentences);
    const auto listed =
        all_logits.gather(1, tokens_of_rows).masked_fill(tokens_of_rows.eq(kPadId), -kInfinity);
    return {listed, weights, std::move(next), columns};
  }

  std::vector<int64_t> rows_of_steps;  ///< how many rows each step of the last search had

 private:
  /// What has been read and written so far.
  struct OneHypothesis {
    Tokens source;  ///< with its end of sentence
    Tokens prefix;  ///< with the begin of sentence
  };

  struct State : StepState {
    std::vector<OneHypothesis> hypotheses;
    int64_t columns = 0;  ///< of the attention
    TokenLists lists;
    torch::Tensor sentences;  ///< of each hypothesis

    std::unique_ptr<StepState> select(const torch::Tensor& rows) const override {
      auto selected = std::make_unique<State>();
      for (const int64_t row : tokens_of(rows))
        selected->hypotheses.push_back(hypotheses.at(static_cast<std::size_t>(row)));
      selected->columns = columns;
      selected->lists = lists;
      selected->sentences = sentences.index_select(0, rows);
      return selected;
    }
  };

  static constexpr float kInfinity = std::numeric_limits<float>::infinity();

  /// SplitMix64, seeded with a whole key: a search asks for a generator at every token, and the
  /// standard library's take most of a test's time to be seeded.
  class Generator {
   public:
    explicit Generator(const std::vector<int64_t>& key) {
      for (const int64_t value : key) {
        state_ ^= static_cast<uint64_t>(value);
        state_ = (*this)();
      }
    }
    uint64_t operator()() {
      uint64_t mixed = state_ += 0x9E3779B97F4A7C15U;
      mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9U;
      mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBU;
      return mixed ^ (mixed >> 31);
    }
    double uniform() { return static_cast<double>((*this)() >> 11) * 0x1p-53; }
    /// Nearly: the sum of four numbers, which needs no logarithms.
    double normal() {
      return (uniform() + uniform() + uniform() + uniform() - 2) * std::numbers::sqrt3;
    }

   private:
    uint64_t state_ = 0;
  };

  static void make_odd(std::vector<float>& logits, Generator& random) {
    const auto some = random() % logits.size();
    switch (random() % 4) {
      case 0:
        return std::fill(logits.begin(), logits.end(), 0.5F);
      case 1:
        logits[some] = std::numeric_limits<float>::quiet_NaN();
        return;
      case 2:
        logits[some] = kInfinity;
        return;
      default:
        for (std::size_t v = 0; v < logits.size(); ++v) {
          if (v != some) logits[v] = -kInfinity;
        }
    }
  }

  static Tokens tokens_of(const torch::Tensor& ids) {
    const auto contiguous = ids.contiguous();
    const auto* data = contiguous.data_ptr<int64_t>();
    return {data, data + contiguous.numel()};
  }

  static Generator generator(const Tokens& source, const Tokens& prefix) {
    std::vector<int64_t> key{static_cast<int64_t>(source.size())};
    key.insert(key.end(), source.begin(), source.end());
    key.insert(key.end(), prefix.begin(), prefix.end());
    return Generator(key);
  }

  TableOptions options_;
  std::mutex mutex_;  // of rows_of_steps
};

/// Sources of a batch.
inline const std::vector<Tokens> kSources{{4, 5, 6}, {7}, {5, 5, 4, 9, 8, 6}, {}, {6, 4}};

/// Beam size, length normalisation and the longest translation for a source token.
inline DecodingOptions decoding(int64_t beam_size, double alpha = 1, double max_length_factor = 1) {
  DecodingOptions options;
  options.beam_size = beam_size;
  options.length_normalization = alpha;
  options.max_length_factor = max_length_factor;
  return options;
}

/// Sources of ids without their end of sentence.
inline SourceBatch source_batch(const std::vector<Tokens>& sources) {
  std::size_t width = 0;
  for (const auto& source : sources) width = std::max(width, source.size() + 1);
  Source batch;
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
  return {batch};
}

}  // namespace weft
