#include "search/translator.h"

#include <torch/types.h>
#include <torch/utils.h>

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "base/words.h"
#include "base/worker_pool.h"
#include "data/to_device.h"
#include "kernels/parallel.h"
#include "nn/device.h"
#include "search/alignment.h"
#include "search/beam_search.h"
#include "search/excluded_tokens.h"
#include "search/explain.h"
#include "search/forced_beginnings.h"
#include "search/source_lines.h"
#include "search/suppressed_words.h"

namespace weft {
namespace {

/// A line that has words, on its way.
struct TranslationJob {
  SourceLine line;
  std::vector<int32_t> prefix;
  TranslatedLine* answer = nullptr;
};
using TranslationJobs = std::vector<TranslationJob*>;

/// A hypothesis takes a step for each of its tokens; up to the first that the model chose, one step
/// is for all of them.
int64_t decoder_steps(const std::vector<Hypothesis>& hypotheses, std::size_t given) {
  const auto shared = static_cast<int64_t>(given) + 1;
  auto steps = shared;
  for (const auto& hypothesis : hypotheses)
    steps += static_cast<int64_t>(hypothesis.token_log_probs.size()) - shared;
  return steps;
}

}  // namespace

class Translator::Impl {
 public:
  Impl(std::shared_ptr<StepModel> model, Vocabularies vocabularies, TranslatorOptions options);

  std::vector<TranslatedLine> translate(const std::vector<std::vector<std::string>>& sources,
                                        const std::vector<std::string>& prefixes,
                                        const SourcePlace& place);
  std::optional<LineMistake> first_prefix_mistake(const std::vector<std::string>& prefixes) const;
  const Vocabularies& vocabularies() const { return vocabularies_; }
  Translator with(TranslatorOptions options) const {
    options.name = options_.name;
    return {model_, vocabularies_, std::move(options)};
  }

 private:
  void translate_batches(const std::vector<TranslationJobs>& batches, const ItemSources& items);
  void translate_batch(const TranslationJobs& batch, const ItemSources& items);
  /// Alignments of the hypotheses to be shown, by the alignment head.
  void explain_best(const std::vector<std::vector<SourceTokens>>& sources,
                    std::vector<std::vector<Hypothesis>>& results) const;
  void answer(const TranslationJob& job, const std::vector<Hypothesis>& hypotheses) const;
  Translation finish(const TranslationJob& job, const Hypothesis& hypothesis) const;

  std::shared_ptr<StepModel> model_;
  Vocabularies vocabularies_;
  TranslatorOptions options_;
  ModelWeights weights_ = ModelWeights::kNone;
  ExcludedTokens unprintable_;                   // one line stays one line
  std::unique_ptr<SuppressedWords> suppressed_;  // none if there are none
  std::unique_ptr<WorkerPool> workers_;          // none if options_.workers is 1
};

Translator::Translator(std::shared_ptr<StepModel> model, Vocabularies vocabularies,
                       TranslatorOptions options)
    : impl_(std::make_unique<Impl>(std::move(model), std::move(vocabularies), std::move(options))) {
}
Translator::Translator(Translator&&) noexcept = default;
Translator::~Translator() = default;

std::vector<TranslatedLine> Translator::translate_sources(
    const std::vector<std::vector<std::string>>& sources, const std::vector<std::string>& prefixes,
    const SourcePlace& place) {
  return impl_->translate(sources, prefixes, place);
}

std::vector<TranslatedLine> Translator::translate(const std::vector<std::string>& lines,
                                                  const std::vector<std::string>& prefixes) {
  return impl_->translate({lines}, prefixes, {});
}

std::optional<LineMistake> Translator::first_prefix_mistake(
    const std::vector<std::string>& prefixes) const {
  return impl_->first_prefix_mistake(prefixes);
}

const Vocabularies& Translator::vocabularies() const { return impl_->vocabularies(); }

Translator Translator::with(TranslatorOptions options) const {
  return impl_->with(std::move(options));
}

Translator::Impl::Impl(std::shared_ptr<StepModel> model, Vocabularies vocabularies,
                       TranslatorOptions options)
    : model_(std::move(model)),
      vocabularies_(std::move(vocabularies)),
      options_(std::move(options)),
      unprintable_(vocabularies_.target->unprintable_ids()) {
  const auto beam_size = options_.decoding.beam_size;
  if (options_.n_best < 1 || options_.n_best > beam_size) {
    throw UserError("n-best (--n-best) is " + std::to_string(options_.n_best) +
                    "; expected 1 to the beam size (--beam-size, decoding.beam_size), which is " +
                    std::to_string(beam_size));
  }
  if (options_.with_alignment) {
    weights_ = weights_for(options_.decoding.alignment_from, model_->has_attention(),
                           model_->has_alignment_head());
  }
  if (weights_ == ModelWeights::kAttention)
    options_.alignment.shift = static_cast<int>(options_.decoding.alignment_shift);
  if (!options_.suppressed.empty()) {
    suppressed_ = std::make_unique<SuppressedWords>(*vocabularies_.target, options_.suppressed);
  }
  constexpr int kMostOfAGpu = 4;
  const auto device = model_->device();
  const int workers = device.is_cpu() ? options_.workers : std::min(options_.workers, kMostOfAGpu);
  if (workers > 1) {
    workers_ = std::make_unique<WorkerPool>(workers, [device] {
      kernels::compute_alone();
      compute_beside_others(device);
    });
  }
}

std::vector<TranslatedLine> Translator::Impl::translate(
    const std::vector<std::vector<std::string>>& sources, const std::vector<std::string>& prefixes,
    const SourcePlace& place) {
  TORCH_CHECK(sources.size() == vocabularies_.sources.size(), "got ", sources.size(),
              " sources of ", vocabularies_.sources.size());
  const auto& lines = sources.front();
  TORCH_CHECK(prefixes.empty() || prefixes.size() == lines.size(), "got ", prefixes.size(),
              " prefixes of ", lines.size(), " lines");
  if (const auto mistake = first_prefix_mistake(prefixes)) throw UserError(mistake->message);
  std::vector<TranslatedLine> answers(lines.size());
  const SourceLines read(vocabularies_, sources, place);
  std::vector<TranslationJob> jobs;
  std::vector<int64_t> lengths;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    TranslationJob job{read.line(i), {}, &answers[i]};
    answers[i].cut_tokens = cut(job.line, options_.decoding.max_source_length);
    answers[i].source = job.line.sources.at(options_.alignment_source).text;
    answers[i].item = job.line.sources[options_.alignment_source].name;
    if (job.line.is_blank()) {
      answers[i].n_best.emplace_back();
      continue;
    }
    if (!prefixes.empty()) job.prefix = vocabularies_.target->encode(prefixes[i]).ids;
    lengths.push_back(job.line.length());
    jobs.push_back(std::move(job));
  }
  std::vector<TranslationJobs> batches;
  for (const auto& indices : batches_by_length(lengths, options_.decoding)) {
    auto& batch = batches.emplace_back();
    for (const std::size_t index : indices) batch.push_back(&jobs[index]);
  }
  translate_batches(batches, read.items());
  return answers;
}

std::optional<LineMistake> Translator::Impl::first_prefix_mistake(
    const std::vector<std::string>& prefixes) const {
  for (std::size_t i = 0; suppressed_ && i < prefixes.size(); ++i) {
    if (suppressed_->excludes(vocabularies_.target->encode(prefixes[i]).ids)) {
      return LineMistake{i, "the prefix '" + prefixes[i] +
                                "' holds a suppressed word; expected a beginning without one"};
    }
  }
  return std::nullopt;
}

void Translator::Impl::translate_batches(const std::vector<TranslationJobs>& batches,
                                         const ItemSources& items) {
  if (!workers_ || batches.size() <= 1) {
    for (const auto& batch : batches) translate_batch(batch, items);
    return;
  }
  workers_->run(batches.size(), [&](std::size_t i) { translate_batch(batches[i], items); });
}

void Translator::Impl::translate_batch(const TranslationJobs& batch, const ItemSources& items) {
  throw_if(options_.is_cancelled);
  torch::NoGradGuard no_grad;
  std::vector<std::vector<SourceTokens>> sources;
  std::vector<std::vector<int32_t>> prefixes;
  for (const auto* job : batch) {
    sources.push_back(job->line.tokens());
    prefixes.push_back(job->prefix);
  }
  SearchRequest request{{&unprintable_}};
  ForcedBeginnings beginnings(std::move(prefixes));
  request.policies.push_back(&beginnings);
  std::optional<SuppressionPolicy> suppression;
  if (suppressed_) request.policies.push_back(&suppression.emplace(*suppressed_));
  if (weights_ == ModelWeights::kAttention) request.attention_source = options_.alignment_source;
  const auto padded = to_device(pad_sources(sources, items), model_->device());
  auto results = beam_search(*model_, padded, options_.decoding, request);
  if (weights_ == ModelWeights::kHead) explain_best(sources, results);
  for (std::size_t i = 0; i < batch.size(); ++i) answer(*batch[i], results[i]);
}

void Translator::Impl::explain_best(const std::vector<std::vector<SourceTokens>>& sources,
                                    std::vector<std::vector<Hypothesis>>& results) const {
  std::vector<ExplainedSource> explained;
  for (std::size_t i = 0; i < sources.size(); ++i)
    explained.push_back({sources[i], &results[i], static_cast<std::size_t>(options_.n_best)});
  explain(*model_, explained, options_.alignment_source,
          static_cast<std::size_t>(options_.decoding.batch_sentences));
}

void Translator::Impl::answer(const TranslationJob& job,
                              const std::vector<Hypothesis>& hypotheses) const {
  if (hypotheses.empty()) {
    throw UserError(
        {options_.name},
        "gives the next token no probability: its weights are not numbers, or too large");
  }
  auto& line = *job.answer;
  line.source_tokens = job.line.sources.front().length();
  line.decoder_steps = decoder_steps(hypotheses, job.prefix.size());
  const auto count = std::min(hypotheses.size(), static_cast<std::size_t>(options_.n_best));
  for (std::size_t k = 0; k < count; ++k) line.n_best.push_back(finish(job, hypotheses[k]));
}

Translation Translator::Impl::finish(const TranslationJob& job,
                                     const Hypothesis& hypothesis) const {
  auto decoded = vocabularies_.target->decode(hypothesis.tokens);
  Translation translation;
  translation.log_prob = hypothesis.log_prob;
  translation.score = hypothesis.score;
  translation.tokens = static_cast<int64_t>(hypothesis.token_log_probs.size());
  translation.finished = hypothesis.finished;
  const auto& aligned = job.line.sources[options_.alignment_source];
  if (weights_ != ModelWeights::kNone && !aligned.tokens.ids.empty()) {
    const auto source = tokenized(aligned, split_words(aligned.text));
    const TokenizedLine target{decoded.text, decoded.pieces, decoded.spans,
                               split_words(decoded.text)};
    translation.alignment =
        make_alignment(hypothesis.attention, source, target, options_.alignment);
    describe_item(aligned, translation.alignment);
  }
  translation.text = std::move(decoded.text);
  return translation;
}

}  // namespace weft
