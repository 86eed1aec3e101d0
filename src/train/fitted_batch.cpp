#include "train/fitted_batch.h"

#include <malloc.h>
#include <torch/types.h>
#include <torch/utils.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <string>
#include <utility>

#include "base/error.h"
#include "base/number_text.h"
#include "data/make_batch.h"
#include "train/worker.h"

namespace weft {
namespace {

/// A line of /proc/self/status, in megabytes; 0 if there is none.
double memory_of_status(const std::string& name) {
  std::ifstream file("/proc/self/status");
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with(name + ":")) return std::stod(line.substr(name.size() + 1)) * 1024 / 1e6;
  }
  return 0;
}

/// Makes the peak what is in use now. False if the system does not let us.
bool forget_peak() {
  std::ofstream file("/proc/self/clear_refs");
  file << "5" << std::flush;
  return file.good();
}

/// The pair that is padded to most, and that which is padded to least.
struct Extremes {
  int64_t longest = 0, shortest = 0;           // indices
  int64_t most_tokens = 0, fewest_tokens = 0;  // of the longer side, end of sentence included
};

Extremes extremes_of(const ParallelCorpus& corpus) {
  Extremes found;
  for (int64_t i = 0; i < corpus.size(); ++i) {
    const auto lengths = corpus.lengths(i);
    const int64_t tokens = std::max(lengths.source, lengths.target) + 1;
    if (tokens > found.most_tokens) found.longest = i, found.most_tokens = tokens;
    if (found.fewest_tokens == 0 || tokens < found.fewest_tokens)
      found.shortest = i, found.fewest_tokens = tokens;
  }
  return found;
}

class BatchTrial {
 public:
  BatchTrial(TranslationModel model, const ParallelCorpus& corpus, const TrainingOptions& options,
             const RiskCandidates* risk)
      : model_(std::move(model)),
        corpus_(corpus),
        options_(options),
        worker_(model_, options, TranslationModel{nullptr}, risk) {}

  /// Megabytes that a step takes on as many copies of `pair` as `tokens` holds, at least one.
  double megabytes(int64_t pair, int64_t tokens_of_pair, int64_t tokens) {
    auto rows = std::max<int64_t>(1, tokens / tokens_of_pair);
    if (options_.batch_sentences > 0) rows = std::min(rows, options_.batch_sentences);
    const auto batch =
        make_batch(corpus_, std::vector<int64_t>(static_cast<std::size_t>(rows), pair));
    ::malloc_trim(0);
    if (!forget_peak())
      throw UserError(
          "training.batch_memory: this system does not tell how much memory was in use; expected "
          "0, and training.batch_tokens instead");
    const double before = memory_of_status("VmRSS");
    UpdateSettings settings;
    settings.loss_units = batch.target_tokens;
    settings.guided_weight = options_.guided_alignment.weight;
    worker_.run({batch}, settings);
    return std::max(0.0, memory_of_status("VmHWM") - before);
  }

 private:
  TranslationModel model_;
  const ParallelCorpus& corpus_;
  TrainingOptions options_;
  Worker worker_;
};

/// The most of both extremes.
double step_megabytes(BatchTrial& trial, const Extremes& pairs, int64_t tokens) {
  return std::max(trial.megabytes(pairs.longest, pairs.most_tokens, tokens),
                  trial.megabytes(pairs.shortest, pairs.fewest_tokens, tokens));
}

}  // namespace

int64_t fitted_batch_tokens(TranslationModel model, const ParallelCorpus& corpus,
                            const TrainingOptions& options, double megabytes,
                            const RiskCandidates* risk) {
  auto generator = at::globalContext().defaultGenerator(torch::kCPU);
  const auto state = generator.get_state();
  model->train();
  const auto pairs = extremes_of(corpus);
  BatchTrial trial(model, corpus, options, risk);
  trial.megabytes(pairs.shortest, pairs.fewest_tokens, 1);  // gradients and buffers, which stay
  constexpr int64_t kFirstTokens = 500;
  constexpr double kMargin = 0.95, kWorthAnotherRun = 1.1, kMostGrowth = 2;
  int64_t tokens = std::min(options.batch_tokens, std::max(pairs.most_tokens, kFirstTokens));
  int64_t fits = 0;
  double taken = 0;
  for (;;) {
    taken = step_megabytes(trial, pairs, tokens);
    if (taken <= megabytes) fits = std::max(fits, tokens);
    if (taken > megabytes && (fits > 0 || tokens <= pairs.most_tokens)) break;
    const double part = kMargin * megabytes / std::max(taken, 1.0);
    if (taken <= megabytes && (part < kWorthAnotherRun || tokens >= options.batch_tokens)) break;
    const auto next =
        static_cast<int64_t>(static_cast<double>(tokens) * std::min(part, kMostGrowth));
    tokens =
        std::max(std::min(next, options.batch_tokens), std::min(pairs.most_tokens, tokens - 1));
  }
  for (auto& parameter : model->parameters()) parameter.mutable_grad().reset();
  generator.set_state(state);
  if (fits > 0) return fits;
  throw UserError("training.batch_memory is " + shortest_number(megabytes) +
                  " MB, but the longest training pair alone takes " +
                  shortest_number(std::ceil(taken)) +
                  " MB; expected more, or a lower data.max_length");
}

}  // namespace weft
