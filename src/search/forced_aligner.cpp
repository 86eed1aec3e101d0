#include "search/forced_aligner.h"

#include <torch/torch.h>

#include <algorithm>
#include <utility>

#include "data/make_batch.h"

namespace weft {

struct ForcedAligner::Job {
  const LineWithWords* target_line = nullptr;
  std::vector<EncodedSource> sources;
  std::vector<std::vector<int32_t>> further;  // ids of the sources besides the first
  EncodedLine target;
  AlignedPair* answer = nullptr;
};

ForcedAligner::ForcedAligner(StoredModel model, ForcedAlignerOptions options)
    : model_(std::move(model)), options_(options) {
  require_attention(model_.model->has_attention());
}

std::vector<AlignedPair> ForcedAligner::align(
    const std::vector<LineWithWords>& sources, const std::vector<LineWithWords>& targets,
    const std::vector<std::vector<LineWithWords>>& further) {
  const auto& vocabularies = model_.vocabularies;
  TORCH_CHECK(sources.size() == targets.size(), "got ", sources.size(), " sources and ",
              targets.size(), " targets");
  TORCH_CHECK(further.size() == vocabularies.further.size(), "got ", further.size() + 1,
              " sources of ", vocabularies.further.size() + 1);
  std::vector<AlignedPair> answers(sources.size());
  std::vector<Job> jobs;
  for (std::size_t i = 0; i < sources.size(); ++i) {
    Job job{&targets[i], {}, {}, vocabularies.target->encode(targets[i].line), &answers[i]};
    job.sources.push_back(
        encode_source(*vocabularies.source, vocabularies.factors, sources[i].line));
    for (std::size_t k = 0; k < further.size(); ++k) {
      job.sources.push_back(encode_source(*vocabularies.further[k], {}, further[k][i].line));
      job.further.push_back(job.sources.back().tokens.ids);
    }
    const auto& given = options_.source == 0 ? sources[i] : further[options_.source - 1][i];
    const auto& aligned = job.sources[options_.source];
    answers[i].source = {aligned.text, aligned.factors.empty() ? given.words : aligned.words};
    if (!job.sources.front().tokens.ids.empty() && !job.target.ids.empty())
      jobs.push_back(std::move(job));
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
  for (const auto* job : batch) {
    const auto& first = job->sources.front();
    pairs.push_back({first.tokens.ids, job->target.ids, first.factors, job->further});
  }
  const auto made = make_batch(pairs);
  const auto scores = model_.model->score(made);
  const auto totals = scores.log_probs.sum(1);
  const auto columns = columns_of(made.source, options_.source);
  for (std::size_t i = 0; i < batch.size(); ++i) {
    const auto& job = *batch[i];
    const auto& [text, words, tokens, factors] = job.sources[options_.source];
    const auto row = static_cast<int64_t>(i);
    job.answer->log_prob = totals[row].item<double>();
    if (tokens.ids.empty()) continue;
    const auto attention =
        scores.attention[row]
            .narrow(0, 0, static_cast<int64_t>(job.target.ids.size()) + 1)
            .narrow(1, columns.begin, static_cast<int64_t>(tokens.ids.size()) + 1);
    job.answer->alignment = make_alignment(
        attention.to(torch::kCPU), {text, tokens.pieces, tokens.spans, job.answer->source.words},
        {job.target_line->line, job.target.pieces, job.target.spans, job.target_line->words},
        options_.alignment);
  }
}

}  // namespace weft
