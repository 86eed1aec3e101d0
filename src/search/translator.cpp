#include "search/translator.h"

#include <c10/core/thread_pool.h>
#include <torch/torch.h>

#include <algorithm>
#include <atomic>
#include <future>
#include <numeric>
#include <utility>

#include "base/error.h"
#include "base/words.h"
#include "data/make_batch.h"
#include "kernels/parallel.h"

namespace weft {

/// A line that has words, on its way.
struct Translator::Job {
  const std::string* line = nullptr;
  EncodedLine source;
  TranslatedLine* answer = nullptr;
};

namespace {

Translation blank_translation() {
  Translation blank;
  return blank;
}

/// A hypothesis takes a step for each of its tokens; the first step is one for all of them.
int64_t decoder_steps(const std::vector<Hypothesis>& hypotheses) {
  auto steps = 1 - static_cast<int64_t>(hypotheses.size());
  for (const auto& hypothesis : hypotheses)
    steps += static_cast<int64_t>(hypothesis.token_log_probs.size());
  return steps;
}

}  // namespace

Translator::Translator(std::shared_ptr<StepModel> model, Vocabularies vocabularies,
                       TranslatorOptions options)
    : model_(std::move(model)),
      vocabularies_(std::move(vocabularies)),
      options_(std::move(options)) {
  if (options_.n_best < 1 || options_.n_best > options_.decoding.beam_size) {
    throw UserError("n-best is " + std::to_string(options_.n_best) +
                    "; expected 1 to the beam size, " +
                    std::to_string(options_.decoding.beam_size));
  }
  if (options_.with_alignment) require_attention(model_->has_attention());
  if (options_.workers > 1) {
    workers_ = std::make_unique<c10::ThreadPool>(options_.workers, -1, kernels::compute_alone);
  }
}

Translator::~Translator() = default;

std::vector<TranslatedLine> Translator::translate(const std::vector<std::string>& lines) {
  std::vector<TranslatedLine> answers(lines.size());
  std::vector<Job> jobs;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    Job job{&lines[i], vocabularies_.source->encode(lines[i]), &answers[i]};
    const auto limit = static_cast<std::size_t>(options_.decoding.max_source_length);
    if (job.source.ids.size() > limit) {
      answers[i].cut_tokens = static_cast<int64_t>(job.source.ids.size() - limit);
      job.source.ids.resize(limit);
      job.source.pieces.resize(limit);
      job.source.spans.resize(limit);
    }
    if (job.source.ids.empty()) {
      answers[i].n_best.push_back(blank_translation());
    } else {
      jobs.push_back(std::move(job));
    }
  }
  Jobs order;
  for (auto& job : jobs) order.push_back(&job);
  std::stable_sort(order.begin(), order.end(), [](const Job* a, const Job* b) {
    return a->source.ids.size() > b->source.ids.size();
  });
  translate_batches(batches(order));
  return answers;
}

std::vector<Translator::Jobs> Translator::batches(const Jobs& jobs) const {
  std::vector<Jobs> batches;
  Jobs batch;
  for (auto* job : jobs) {
    // Longest first: the first of a batch decides its width.
    const auto width =
        batch.empty() ? 0 : static_cast<int64_t>(batch.front()->source.ids.size() + 1);
    const auto rows = static_cast<int64_t>(batch.size()) + 1;
    if (rows > options_.decoding.batch_sentences ||
        (rows > 1 && rows * width > options_.decoding.batch_tokens)) {
      batches.push_back(std::exchange(batch, {}));
    }
    batch.push_back(job);
  }
  if (!batch.empty()) batches.push_back(std::move(batch));
  return batches;
}

void Translator::translate_batches(const std::vector<Jobs>& batches) {
  const auto workers = std::min(batches.size(), static_cast<std::size_t>(options_.workers));
  if (workers <= 1) {
    for (const auto& batch : batches) translate_batch(batch);
    return;
  }
  std::atomic<std::size_t> next = 0;
  std::vector<std::packaged_task<void()>> tasks;
  for (std::size_t i = 0; i < workers; ++i) {
    tasks.emplace_back([&] {
      for (auto b = next++; b < batches.size(); b = next++) translate_batch(batches[b]);
    });
  }
  std::vector<std::future<void>> results;
  for (auto& task : tasks) {
    results.push_back(task.get_future());
    workers_->run([&task] { task(); });
  }
  for (auto& result : results) result.wait();
  for (auto& result : results) result.get();  // throws what a worker threw
}

void Translator::translate_batch(const Jobs& batch) {
  torch::NoGradGuard no_grad;
  std::vector<std::vector<int32_t>> sources;
  for (const auto* job : batch) sources.push_back(job->source.ids);
  const BeamOptions beam{options_.decoding.beam_size, options_.decoding.length_normalization,
                         options_.decoding.max_length_factor, options_.with_alignment};
  const auto results = beam_search(*model_, make_source_batch(sources), beam);
  for (std::size_t i = 0; i < batch.size(); ++i) {
    TORCH_CHECK(!results[i].empty(),
                "the model gives no token any probability (are its weights numbers?)");
    batch[i]->answer->source_tokens = static_cast<int64_t>(batch[i]->source.ids.size()) + 1;
    batch[i]->answer->decoder_steps = decoder_steps(results[i]);
    const auto count = std::min(results[i].size(), static_cast<std::size_t>(options_.n_best));
    for (std::size_t k = 0; k < count; ++k) {
      batch[i]->answer->n_best.push_back(finish(*batch[i], results[i][k]));
    }
  }
}

Translation Translator::finish(const Job& job, const Hypothesis& hypothesis) const {
  auto decoded = vocabularies_.target->decode(hypothesis.tokens);
  Translation translation;
  translation.log_prob = hypothesis.log_prob;
  translation.score = hypothesis.score;
  translation.tokens = static_cast<int64_t>(hypothesis.token_log_probs.size());
  if (options_.with_alignment) {
    const TokenizedLine source{*job.line, job.source.pieces, job.source.spans,
                               split_words(*job.line)};
    const TokenizedLine target{decoded.text, decoded.pieces, decoded.spans,
                               split_words(decoded.text)};
    translation.alignment =
        make_alignment(hypothesis.attention, source, target, options_.alignment);
  }
  translation.text = std::move(decoded.text);
  return translation;
}

}  // namespace weft
