#include "search/forced_aligner.h"

#include <torch/torch.h>

#include <algorithm>
#include <utility>

#include "data/make_batch.h"

namespace weft {

struct ForcedAligner::Job {
  const LineWithWords *source_line = nullptr, *target_line = nullptr;
  EncodedLine source, target;
  AlignedPair* answer = nullptr;
};

ForcedAligner::ForcedAligner(StoredModel model, ForcedAlignerOptions options)
    : model_(std::move(model)), options_(options) {
  require_attention(model_.model->has_attention());
}

std::vector<AlignedPair> ForcedAligner::align(const std::vector<LineWithWords>& sources,
                                              const std::vector<LineWithWords>& targets) {
  TORCH_CHECK(sources.size() == targets.size(), "got ", sources.size(), " sources and ",
              targets.size(), " targets");
  std::vector<AlignedPair> answers(sources.size());
  std::vector<Job> jobs;
  for (std::size_t i = 0; i < sources.size(); ++i) {
    Job job{&sources[i], &targets[i], model_.vocabularies.source->encode(sources[i].line),
            model_.vocabularies.target->encode(targets[i].line), &answers[i]};
    if (!job.source.ids.empty() && !job.target.ids.empty()) jobs.push_back(std::move(job));
  }
  std::vector<Job*> order;
  for (auto& job : jobs) order.push_back(&job);
  std::stable_sort(order.begin(), order.end(), [](const Job* a, const Job* b) {
    return a->target.ids.size() > b->target.ids.size();
  });
  const auto size = static_cast<std::size_t>(options_.batch_sentences);
  for (std::size_t begin = 0; begin < order.size(); begin += size) {
    const auto end = std::min(order.size(), begin + size);
    align_batch({order.begin() + static_cast<std::ptrdiff_t>(begin),
                 order.begin() + static_cast<std::ptrdiff_t>(end)});
  }
  return answers;
}

void ForcedAligner::align_batch(const std::vector<Job*>& batch) {
  torch::NoGradGuard no_grad;
  std::vector<TokenPair> pairs;
  for (const auto* job : batch) pairs.push_back({job->source.ids, job->target.ids});
  const auto scores = model_.model->score(make_batch(pairs));
  const auto totals = scores.log_probs.sum(1);
  for (std::size_t i = 0; i < batch.size(); ++i) {
    const auto& job = *batch[i];
    const auto row = static_cast<int64_t>(i);
    const auto attention = scores.attention[row]
                               .narrow(0, 0, static_cast<int64_t>(job.target.ids.size()) + 1)
                               .narrow(1, 0, static_cast<int64_t>(job.source.ids.size()) + 1);
    job.answer->log_prob = totals[row].item<double>();
    job.answer->alignment = make_alignment(
        attention.to(torch::kCPU),
        {job.source_line->line, job.source.pieces, job.source.spans, job.source_line->words},
        {job.target_line->line, job.target.pieces, job.target.spans, job.target_line->words},
        options_.alignment);
  }
}

}  // namespace weft
