#include "search/forced_aligner.h"

#include <torch/types.h>
#include <torch/utils.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/error.h"
#include "data/make_batch.h"
#include "data/to_device.h"
#include "model/model_directory.h"
#include "nn/device.h"
#include "ops/precision.h"
#include "search/alignment.h"
#include "search/source_lines.h"

namespace weft {
namespace {

/// A pair that has words on both sides, on its way.
struct AlignmentJob {
  SourceLine source;
  EncodedLine target;
  const LineWithWords* target_line = nullptr;
  AlignedPair* answer = nullptr;
};

}  // namespace

class ForcedAligner::Impl {
 public:
  Impl(StoredModel model, ForcedAlignerOptions options)
      : model_(std::move(model)), options_(std::move(options)) {
    weights_ = weights_for(options_.decoding.alignment_from, model_.model->has_attention(),
                           model_.model->has_alignment_head());
    options_.alignment.shift = weights_ == ModelWeights::kAttention
                                   ? static_cast<int>(options_.decoding.alignment_shift)
                                   : 0;
  }

  std::vector<AlignedPair> align(const std::vector<std::vector<LineWithWords>>& sources,
                                 const std::vector<LineWithWords>& targets);
  const Vocabularies& vocabularies() const { return model_.vocabularies; }

 private:
  void align_batch(const std::vector<AlignmentJob*>& batch, const ItemSources& items);
  /// `weights` [T, S] may be undefined: no matrix is made.
  void answer(const AlignmentJob& job, const torch::Tensor& weights, double log_prob) const;

  StoredModel model_;
  ForcedAlignerOptions options_;
  ModelWeights weights_{};
  kernels::FrozenWeights frozen_;  // nothing changes the weights while they align
};

ForcedAligner::ForcedAligner(StoredModel model, ForcedAlignerOptions options)
    : impl_(std::make_unique<Impl>(std::move(model), std::move(options))) {}
ForcedAligner::ForcedAligner(ForcedAligner&&) noexcept = default;
ForcedAligner::~ForcedAligner() = default;

std::vector<AlignedPair> ForcedAligner::align_sources(
    const std::vector<std::vector<LineWithWords>>& sources,
    const std::vector<LineWithWords>& targets) {
  return impl_->align(sources, targets);
}

std::vector<AlignedPair> ForcedAligner::align(const std::vector<LineWithWords>& sources,
                                              const std::vector<LineWithWords>& targets) {
  return impl_->align({sources}, targets);
}

std::optional<LineMistake> ForcedAligner::first_too_large(
    const std::vector<std::vector<std::string>>& files) const {
  const auto tokens = [](const Vocabulary& vocabulary, const std::string& line) {
    return static_cast<int64_t>(vocabulary.encode(line).ids.size()) + 1;
  };
  for (std::size_t i = 0; i < files.front().size(); ++i) {
    std::size_t bytes = 0;  // of all sources; no token is without one, but the end of sentence
    for (std::size_t k = 0; k + 1 < files.size(); ++k) bytes += files[k][i].size() + 2;
    if (bytes * (files.back()[i].size() + 2) <= static_cast<std::size_t>(kMostWeights)) continue;
    int64_t columns = 0;
    for (std::size_t k = 0; k + 1 < files.size(); ++k) {
      const auto& source = vocabularies().sources[k];
      if (source.is_text()) columns += tokens(*source.vocabulary, files[k][i]);
    }
    const int64_t rows = tokens(*vocabularies().target, files.back()[i]);
    if (rows * columns <= kMostWeights) continue;
    return LineMistake{i, "the pair has " + std::to_string(columns) + " source and " +
                              std::to_string(rows) + " target tokens; expected at most " +
                              std::to_string(kMostWeights) + " weights in its matrix"};
  }
  return std::nullopt;
}

const Vocabularies& ForcedAligner::vocabularies() const { return impl_->vocabularies(); }

ForcedAligner load_aligner(const std::string& directory, ForcedAlignerOptions options) {
  return load_aligner(directory, read_model_config(directory), std::move(options));
}

ForcedAligner load_aligner(const std::string& directory, const Config& config,
                           ForcedAlignerOptions options) {
  options.name = directory;
  const auto device = resolved(options.device);
  options.decoding.precision =
      usable_precision(options.decoding.precision, "decoding.precision of " + directory, device);
  auto stored = load_model(directory, config);
  place_items(directory, options.source_root, stored.vocabularies);
  if (options.copies_weights) copy_weights(*stored.model);
  stored.model->to(device);
  return {std::move(stored), std::move(options)};
}

std::vector<AlignedPair> ForcedAligner::Impl::align(
    const std::vector<std::vector<LineWithWords>>& sources,
    const std::vector<LineWithWords>& targets) {
  TORCH_CHECK(sources.size() == vocabularies().sources.size(), "got ", sources.size(),
              " sources of ", vocabularies().sources.size());
  TORCH_CHECK(sources.front().size() == targets.size(), "got ", sources.front().size(),
              " sources and ", targets.size(), " targets");
  std::vector<AlignedPair> answers(targets.size());
  std::vector<AlignmentJob> jobs;
  std::vector<int64_t> lengths;
  std::vector<std::vector<std::string>> lines(sources.size());
  for (std::size_t k = 0; k < sources.size(); ++k)
    for (const auto& line : sources[k]) lines[k].push_back(line.line);
  const SourceLines read(vocabularies(), lines);
  for (std::size_t i = 0; i < targets.size(); ++i) {
    AlignmentJob job{read.line(i), vocabularies().target->encode(targets[i].line), &targets[i],
                     &answers[i]};
    const auto& given = sources[options_.source][i];
    const auto& aligned = job.source.sources[options_.source];
    answers[i].source = {aligned.text, tokenized(aligned, given.words).words};
    if (job.source.is_blank() || job.target.ids.empty()) continue;
    const auto target_length = static_cast<int64_t>(job.target.ids.size()) + 1;
    lengths.push_back(std::max(job.source.length(), target_length));
    jobs.push_back(std::move(job));
  }
  for (const auto& indices : batches_by_length(lengths, options_.decoding)) {
    std::vector<AlignmentJob*> batch;
    for (const std::size_t index : indices) batch.push_back(&jobs[index]);
    align_batch(batch, read.items());
  }
  return answers;
}

void ForcedAligner::Impl::align_batch(const std::vector<AlignmentJob*>& batch,
                                      const ItemSources& items) {
  torch::NoGradGuard no_grad;
  const ComputeContext compute(resolved(options_.decoding.precision), &frozen_);
  std::vector<EncodedPair> pairs;
  for (const auto* job : batch) {
    pairs.push_back({job->source.tokens(), job->target.ids});
    auto& target = pairs.back().target;
    if (vocabularies().right_to_left) std::reverse(target.begin(), target.end());
  }
  const auto made = to_device(make_batch(std::move(pairs), items), model_.model->device());
  const auto scores = model_.model->score(compute, made);
  const auto totals = scores.log_probs.sum(1).to(torch::kCPU);
  const auto columns = columns_of(made.sources, options_.source);
  const auto& of_model = weights_ == ModelWeights::kHead ? scores.head : scores.attention;
  torch::Tensor weights;
  if (weights_ != ModelWeights::kNone)
    weights = of_model.narrow(2, columns.begin, columns.count).to(torch::kCPU);
  for (std::size_t i = 0; i < batch.size(); ++i) {
    const auto row = static_cast<int64_t>(i);
    answer(*batch[i], weights.defined() ? weights[row] : weights, totals[row].item<double>());
  }
}

void ForcedAligner::Impl::answer(const AlignmentJob& job, const torch::Tensor& weights,
                                 double log_prob) const {
  if (!std::isfinite(log_prob)) {
    throw UserError(
        {options_.name},
        "gives a sentence pair no probability: its weights are not numbers, or too large");
  }
  job.answer->log_prob = log_prob;
  const auto& aligned = job.source.sources[options_.source];
  const auto& tokens = aligned.tokens;
  if (tokens.ids.empty() || !weights.defined()) return;
  auto of_pair = weights.narrow(0, 0, static_cast<int64_t>(job.target.ids.size()) + 1)
                     .narrow(1, 0, aligned.length());
  if (vocabularies().right_to_left) of_pair = with_tokens_reversed(of_pair);
  job.answer->alignment = make_alignment(
      of_pair, tokenized(aligned, job.answer->source.words),
      {job.target_line->line, job.target.pieces, job.target.spans, job.target_line->words},
      options_.alignment);
  describe_item(aligned, job.answer->alignment);
}

}  // namespace weft
