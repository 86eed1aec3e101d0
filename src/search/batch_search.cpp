#include "search/batch_search.h"

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "data/to_device.h"
#include "search/batch_policies.h"
#include "search/beam_search.h"
#include "search/explain.h"

namespace weft {
namespace {

/// Lines of which nothing has come.
TranslationJobs without_results(const TranslationJobs& lines,
                                const std::vector<std::vector<Hypothesis>>& results) {
  TranslationJobs without;
  for (std::size_t i = 0; i < lines.size(); ++i)
    if (results[i].empty()) without.push_back(lines[i]);
  return without;
}

}  // namespace

BatchSearch::BatchSearch(StepModel& model, const Vocabularies& vocabularies,
                         const TranslatorOptions& options, ModelWeights weights)
    : model_(model),
      vocabularies_(vocabularies),
      options_(options),
      weights_(weights),
      unprintable_(vocabularies.target->unprintable_ids()) {
  if (!options.suppressed.empty())
    suppressed_ = std::make_unique<SuppressedWords>(*vocabularies.target, options.suppressed);
}

std::optional<LineMistake> BatchSearch::first_prefix_mistake(
    const std::vector<std::string>& prefixes) const {
  for (std::size_t i = 0; suppressed_ && i < prefixes.size(); ++i) {
    if (suppressed_->excludes(vocabularies_.target->encode(prefixes[i]).ids)) {
      return LineMistake{i, "the prefix '" + prefixes[i] +
                                "' holds a suppressed word; expected a beginning without one"};
    }
  }
  return std::nullopt;
}

std::vector<std::vector<Hypothesis>> BatchSearch::run(const TranslationJobs& lines,
                                                      const ItemSources& items,
                                                      const PhraseSpeller* phrases) const {
  const Batch batch{lines, items, phrases};
  const bool limited = !lines.front()->list.empty();
  auto results = search(batch, limited ? Allowed::kListed : Allowed::kAll);
  if (limited) search_again(batch, results);
  require_predictions(batch, results);
  if (weights_ == ModelWeights::kHead) explain_best(lines, results);
  return results;
}

BatchSearch::Results BatchSearch::search(const Batch& batch, Allowed allowed) const {
  std::vector<SearchedLine> lines;
  SearchRequest request;
  for (const auto* job : batch.lines) {
    lines.push_back({job->number, job->first_source_tokens(), job->prefix, job->constraints});
    if (allowed == Allowed::kListed) request.lists.push_back(job->list);
  }
  const BatchPolicies policies({options_, *vocabularies_.target, suppressed_.get(), batch.phrases},
                               std::move(lines));
  if (allowed != Allowed::kAny) request.policies = policies.all();
  auto unprintable = unprintable_;
  request.policies.push_back(&unprintable);
  request.n_best = options_.n_best;
  request.groups = groups_of(options_);
  request.length_ratios = length_ratios(batch.lines);
  if (options_.diverse_groups > 1) request.diversity = options_.diversity;
  if (weights_ == ModelWeights::kAttention || options_.decoding.coverage_penalty > 0)
    request.attention_source = options_.alignment_source;
  return beam_search(model_, sources_of(batch), options_.decoding, request);
}

SourceBatch BatchSearch::sources_of(const Batch& batch) const {
  std::vector<std::vector<SourceTokens>> sources;
  std::vector<const OtherReadings*> readings;
  for (const auto* job : batch.lines) {
    sources.push_back(job->tokens());
    readings.push_back(&job->readings);
  }
  auto all_items = batch.items;
  all_items.resize(sources.front().size());  // further readings are of text
  auto padded = to_device(pad_sources(sources, all_items), model_.device());
  put_onto_first(padded, readings);
  return padded;
}

std::vector<double> BatchSearch::length_ratios(const TranslationJobs& lines) const {
  if (std::none_of(lines.begin(), lines.end(), [](const auto* job) { return job->length_ratio; }))
    return {};
  std::vector<double> ratios;
  for (const auto* job : lines)
    ratios.push_back(job->length_ratio.value_or(options_.decoding.length_ratio));
  return ratios;
}

void BatchSearch::search_again(const Batch& batch, Results& results) const {
  const auto failed = without_results(batch.lines, results);
  if (failed.empty()) return;
  auto found = search({failed, batch.items, batch.phrases}, Allowed::kAll);
  auto next = found.begin();
  for (auto& hypotheses : results)
    if (hypotheses.empty()) hypotheses = std::move(*next++);
}

void BatchSearch::require_predictions(const Batch& batch, const Results& results) const {
  auto failed = without_results(batch.lines, results);
  if (failed.empty()) return;
  if (!options_.whole_prefixes) {
    const auto found = search({failed, batch.items, batch.phrases}, Allowed::kAny);
    failed = without_results(failed, found);
  }
  if (failed.empty()) return;
  throw UserError({options_.name},
                  "gives the next token no probability: its weights are not numbers, or too large");
}

void BatchSearch::explain_best(const TranslationJobs& lines, Results& results) const {
  std::vector<ExplainedSource> explained;
  for (std::size_t i = 0; i < lines.size(); ++i)
    explained.push_back({lines[i]->tokens(), &lines[i]->readings, &results[i],
                         static_cast<std::size_t>(options_.n_best)});
  explain(model_, explained, options_.alignment_source,
          static_cast<std::size_t>(options_.decoding.batch_sentences));
}

}  // namespace weft
