#include "search/translator.h"

#include <torch/types.h>
#include <torch/utils.h>

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "base/worker_pool.h"
#include "kernels/parallel.h"
#include "nn/device.h"
#include "search/answers.h"
#include "search/batch_policies.h"
#include "search/batch_search.h"
#include "search/line_preparation.h"

namespace weft {

class Translator::Impl {
 public:
  Impl(std::shared_ptr<StepModel> model, Vocabularies vocabularies, TranslatorOptions options);

  std::vector<TranslatedLine> translate(const std::vector<std::vector<std::string>>& sources,
                                        const std::vector<std::string>& prefixes,
                                        const SourcePlace& place,
                                        const std::vector<LineConstraints>& constraints);
  const Vocabularies& vocabularies() const { return vocabularies_; }
  LinePreparation& preparation() { return *preparation_; }
  const BatchSearch& search() const { return *search_; }
  Translator with(TranslatorOptions options) const {
    options.name = options_.name;
    Translator other(model_, vocabularies_, std::move(options));
    other.limit_tokens(preparation_->tokens_of_line());
    return other;
  }

 private:
  void start_workers();
  /// Throws UserError if what needs a model that writes from left to right is `asked` of another.
  void require_left_to_right(bool asked, const std::string& what) const;
  void translate_batches(const std::vector<TranslationJobs>& batches, const ItemSources& items);
  void translate_batch(const TranslationJobs& batch, const ItemSources& items);

  std::shared_ptr<StepModel> model_;
  Vocabularies vocabularies_;
  TranslatorOptions options_;
  ModelWeights weights_ = ModelWeights::kNone;
  std::unique_ptr<LinePreparation> preparation_;
  std::unique_ptr<BatchSearch> search_;
  std::unique_ptr<WorkerPool> workers_;  // none if options_.workers is 1
  std::size_t lines_before_ = 0;         // translated by earlier calls
};

Translator::Translator(std::shared_ptr<StepModel> model, Vocabularies vocabularies,
                       TranslatorOptions options)
    : impl_(std::make_unique<Impl>(std::move(model), std::move(vocabularies), std::move(options))) {
}
Translator::Translator(Translator&&) noexcept = default;
Translator::~Translator() = default;

std::vector<TranslatedLine> Translator::translate_sources(
    const std::vector<std::vector<std::string>>& sources, const std::vector<std::string>& prefixes,
    const SourcePlace& place, const std::vector<LineConstraints>& constraints) {
  return impl_->translate(sources, prefixes, place, constraints);
}

std::vector<TranslatedLine> Translator::translate(const std::vector<std::string>& lines,
                                                  const std::vector<std::string>& prefixes) {
  return impl_->translate({lines}, prefixes, {}, {});
}

std::optional<LineMistake> Translator::first_prefix_mistake(
    const std::vector<std::string>& prefixes) const {
  return impl_->search().first_prefix_mistake(prefixes);
}

std::vector<LineMistake> Translator::long_prefixes(const std::vector<std::string>& prefixes) const {
  return impl_->preparation().long_prefixes(prefixes);
}

std::vector<LineMistake> Translator::constraint_mistakes(
    const std::vector<std::vector<std::string>>& sources, const std::vector<std::string>& prefixes,
    const std::vector<LineConstraints>& constraints) {
  return impl_->preparation().constraint_mistakes(sources, prefixes, constraints);
}

const Vocabularies& Translator::vocabularies() const { return impl_->vocabularies(); }

void Translator::limit_tokens(TokensOfLine tokens) {
  impl_->preparation().limit_tokens(std::move(tokens));
}

Translator Translator::with(TranslatorOptions options) const {
  return impl_->with(std::move(options));
}

Translator::Impl::Impl(std::shared_ptr<StepModel> model, Vocabularies vocabularies,
                       TranslatorOptions options)
    : model_(std::move(model)),
      vocabularies_(std::move(vocabularies)),
      options_(std::move(options)) {
  settle(options_, model_->has_attention());
  if (options_.with_alignment) {
    weights_ = weights_for(options_.decoding.alignment_from, model_->has_attention(),
                           model_->has_alignment_head());
  }
  if (weights_ == ModelWeights::kAttention)
    options_.alignment.shift = static_cast<int>(options_.decoding.alignment_shift);
  require_left_to_right(!options_.suppressed.empty(), "words are suppressed");
  preparation_ = std::make_unique<LinePreparation>(vocabularies_, options_);
  search_ = std::make_unique<BatchSearch>(*model_, vocabularies_, options_, weights_);
  start_workers();
}

void Translator::Impl::start_workers() {
  constexpr int kMostOfAGpu = 4;
  const auto device = model_->device();
  const int workers = device.is_cpu() ? options_.workers : std::min(options_.workers, kMostOfAGpu);
  if (workers <= 1) return;
  workers_ = std::make_unique<WorkerPool>(workers, [device] {
    kernels::compute_alone();
    compute_beside_others(device);
  });
}

std::vector<TranslatedLine> Translator::Impl::translate(
    const std::vector<std::vector<std::string>>& sources, const std::vector<std::string>& prefixes,
    const SourcePlace& place, const std::vector<LineConstraints>& constraints) {
  TORCH_CHECK(sources.size() == vocabularies_.sources.size(), "got ", sources.size(),
              " sources of ", vocabularies_.sources.size());
  const auto count = sources.front().size();
  TORCH_CHECK(prefixes.empty() || prefixes.size() == count, "got ", prefixes.size(),
              " prefixes of ", count, " lines");
  TORCH_CHECK(constraints.empty() || constraints.size() == count, "got constraints of ",
              constraints.size(), " of ", count, " lines");
  require_left_to_right(!prefixes.empty() && !options_.whole_prefixes,
                        "the beginning of a translation is given");
  require_left_to_right(!constraints.empty(), "phrases are required or excluded");
  if (const auto mistake = search_->first_prefix_mistake(prefixes))
    throw UserError(mistake->message);
  preparation_->forget();
  std::vector<TranslatedLine> answers(count);
  const SourceLines read(vocabularies_, sources, place);
  std::vector<TranslationJob> jobs;
  std::vector<int64_t> lengths;
  for (std::size_t i = 0; i < count; ++i) {
    auto job = preparation_->job(read.line(i), prefixes, constraints, i);
    job.number = lines_before_ + i;
    job.answer = &answers[i];
    answers[i].cut_tokens = job.cut_tokens;
    answers[i].source = job.line.sources.at(options_.alignment_source).text;
    answers[i].item = job.line.sources[options_.alignment_source].name;
    if (job.line.is_blank()) {
      answers[i].n_best.emplace_back();
      continue;
    }
    lengths.push_back(job.line.length());
    jobs.push_back(std::move(job));
  }
  std::vector<TranslationJobs> batches;
  for (const auto& indices : batches_by_length(lengths, options_.decoding)) {
    auto& batch = batches.emplace_back();
    for (const std::size_t index : indices) batch.push_back(&jobs[index]);
  }
  translate_batches(batches, read.items());
  lines_before_ += count;
  return answers;
}

void Translator::Impl::require_left_to_right(bool asked, const std::string& what) const {
  if (!asked || !vocabularies_.right_to_left) return;
  throw UserError({options_.name}, "writes from right to left (data.right_to_left), but " + what +
                                       "; expected a model that writes from left to right");
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
  const auto results = search_->run(batch, items, preparation_->phrases());
  for (std::size_t i = 0; i < batch.size(); ++i)
    answer(*batch[i], results[i], vocabularies_, options_, weights_);
  if (options_.on_batch) options_.on_batch(batch.size());
}

}  // namespace weft
