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
  std::vector<EncodedSource> sources;
  std::vector<std::vector<int32_t>> further;  // ids of the sources besides the first
  TranslatedLine* answer = nullptr;
  std::size_t length() const {
    std::size_t longest = 0;
    for (const auto& source : sources) longest = std::max(longest, source.tokens.ids.size());
    return longest;
  }
  bool is_blank() const { return sources.front().tokens.ids.empty(); }
};

namespace {

/// Cuts off the tokens beyond the limit; returns how many there were.
int64_t cut(EncodedSource& source, std::size_t limit) {
  auto& tokens = source.tokens;
  if (tokens.ids.size() <= limit) return 0;
  const auto cut_tokens = static_cast<int64_t>(tokens.ids.size() - limit);
  tokens.ids.resize(limit);
  tokens.pieces.resize(limit);
  tokens.spans.resize(limit);
  for (auto& factor : source.factors) factor.resize(limit);
  return cut_tokens;
}

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

Translator::Job Translator::read(const std::vector<std::string>& lines,
                                 const std::vector<std::vector<std::string>>& further,
                                 std::size_t i, TranslatedLine& answer) const {
  Job job;
  job.answer = &answer;
  job.sources.push_back(encode_source(*vocabularies_.source, vocabularies_.factors, lines[i]));
  for (std::size_t k = 0; k < further.size(); ++k)
    job.sources.push_back(encode_source(*vocabularies_.further[k], {}, further[k][i]));
  for (auto& source : job.sources)
    answer.cut_tokens += cut(source, static_cast<std::size_t>(options_.decoding.max_source_length));
  for (std::size_t k = 1; k < job.sources.size(); ++k)
    job.further.push_back(job.sources[k].tokens.ids);
  answer.source = job.sources[options_.alignment_source].text;
  return job;
}

std::vector<TranslatedLine> Translator::translate(
    const std::vector<std::string>& lines, const std::vector<std::vector<std::string>>& further) {
  TORCH_CHECK(further.size() == vocabularies_.further.size(), "got ", further.size() + 1,
              " sources of ", vocabularies_.further.size() + 1);
  std::vector<TranslatedLine> answers(lines.size());
  std::vector<Job> jobs;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    Job job = read(lines, further, i, answers[i]);
    if (job.is_blank()) {
      answers[i].n_best.push_back(blank_translation());
    } else {
      jobs.push_back(std::move(job));
    }
  }
  Jobs order;
  for (auto& job : jobs) order.push_back(&job);
  std::stable_sort(order.begin(), order.end(),
                   [](const Job* a, const Job* b) { return a->length() > b->length(); });
  translate_batches(batches(order));
  return answers;
}

std::vector<Translator::Jobs> Translator::batches(const Jobs& jobs) const {
  std::vector<Jobs> batches;
  Jobs batch;
  for (auto* job : jobs) {
    // Longest first: the first of a batch decides its width.
    const auto width = batch.empty() ? 0 : static_cast<int64_t>(batch.front()->length() + 1);
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
  std::vector<std::future<void>> results;
  for (std::size_t i = 0; i < workers; ++i) {
    // Shared, because a worker still holds its task for a moment after the result is there.
    const auto task = std::make_shared<std::packaged_task<void()>>([&] {
      for (auto b = next++; b < batches.size(); b = next++) translate_batch(batches[b]);
    });
    results.push_back(task->get_future());
    workers_->run([task] { (*task)(); });
  }
  for (auto& result : results) result.wait();
  for (auto& result : results) result.get();  // throws what a worker threw
}

void Translator::translate_batch(const Jobs& batch) {
  torch::NoGradGuard no_grad;
  std::vector<SourceTokens> sources;
  for (const auto* job : batch) {
    const auto& first = job->sources.front();
    sources.push_back({first.tokens.ids, first.factors, job->further});
  }
  const BeamOptions beam{options_.decoding.beam_size, options_.decoding.length_normalization,
                         options_.decoding.max_length_factor, options_.with_alignment,
                         options_.alignment_source};
  const auto results = beam_search(*model_, pad_sources(sources), beam);
  for (std::size_t i = 0; i < batch.size(); ++i) {
    TORCH_CHECK(!results[i].empty(),
                "the model gives no token any probability (are its weights numbers?)");
    batch[i]->answer->source_tokens =
        static_cast<int64_t>(batch[i]->sources.front().tokens.ids.size()) + 1;
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
  const auto& [text, words, tokens, factors] = job.sources[options_.alignment_source];
  if (options_.with_alignment && !tokens.ids.empty()) {
    const TokenizedLine source{text, tokens.pieces, tokens.spans,
                               factors.empty() ? split_words(text) : words};
    const TokenizedLine target{decoded.text, decoded.pieces, decoded.spans,
                               split_words(decoded.text)};
    translation.alignment =
        make_alignment(hypothesis.attention, source, target, options_.alignment);
  }
  translation.text = std::move(decoded.text);
  return translation;
}

}  // namespace weft
