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
#include "search/batch_policies.h"
#include "search/beam_search.h"
#include "search/excluded_tokens.h"
#include "search/explain.h"
#include "search/readings.h"
#include "search/source_lines.h"
#include "search/suppressed_words.h"

namespace weft {
namespace {

/// A line that has words, on its way.
struct TranslationJob {
  SourceLine line;
  std::size_t number = 0;  // of the line
  int64_t cut_tokens = 0;
  std::vector<int32_t> prefix;
  SpelledConstraints constraints;
  std::optional<double> length_ratio;  // none: that of the options
  std::vector<int64_t> list;           // SearchRequest's
  OtherReadings readings;
  TranslatedLine* answer = nullptr;

  /// What all models read, one behind the other.
  std::vector<SourceTokens> tokens() const {
    auto all = line.tokens();
    all.insert(all.end(), readings.tokens.begin(), readings.tokens.end());
    return all;
  }
  int64_t first_source_tokens() const { return line.sources.front().length(); }
};
using TranslationJobs = std::vector<TranslationJob*>;

/// Which tokens a search may choose.
enum class Allowed {
  kListed,  ///< those of the lines' lists
  kAll,
  kAny,  ///< all, and nothing is asked of translations
};

/// Lines of which nothing has come.
TranslationJobs without_results(const TranslationJobs& batch,
                                const std::vector<std::vector<Hypothesis>>& results) {
  TranslationJobs without;
  for (std::size_t i = 0; i < batch.size(); ++i)
    if (results[i].empty()) without.push_back(batch[i]);
  return without;
}

/// A hypothesis takes a step for each of its tokens; up to the first that the model chose, one step
/// is for all of them.
int64_t decoder_steps(const std::vector<Hypothesis>& hypotheses, std::size_t given) {
  const auto shared = static_cast<int64_t>(given) + 1;
  auto steps = shared;
  for (const auto& hypothesis : hypotheses)
    steps += static_cast<int64_t>(hypothesis.token_log_probs.size()) - shared;
  return steps;
}

/// Sums over the tokens of each word, and of the end of sentence.
std::vector<double> word_log_probs(const DecodedLine& decoded,
                                   const std::vector<double>& token_log_probs) {
  const auto words = split_words(decoded.text);
  std::vector<double> sums(words.size() + 1);
  for (std::size_t i = 0; i < token_log_probs.size(); ++i) {
    std::size_t word = i < decoded.spans.size() ? 0 : words.size();
    // A token may be a blank alone, which belongs to the word that it begins.
    while (word + 1 < words.size() && words[word].end <= decoded.spans[i].begin) ++word;
    sums[word] += token_log_probs[i];
  }
  return sums;
}

}  // namespace

class Translator::Impl {
 public:
  Impl(std::shared_ptr<StepModel> model, Vocabularies vocabularies, TranslatorOptions options);

  std::vector<TranslatedLine> translate(const std::vector<std::vector<std::string>>& sources,
                                        const std::vector<std::string>& prefixes,
                                        const SourcePlace& place,
                                        const std::vector<LineConstraints>& constraints);
  std::optional<LineMistake> first_prefix_mistake(const std::vector<std::string>& prefixes) const;
  std::vector<LineMistake> long_prefixes(const std::vector<std::string>& prefixes) const;
  std::vector<LineMistake> constraint_mistakes(const std::vector<std::vector<std::string>>& sources,
                                               const std::vector<std::string>& prefixes,
                                               const std::vector<LineConstraints>& constraints);
  const Vocabularies& vocabularies() const { return vocabularies_; }
  Translator with(TranslatorOptions options) const {
    options.name = options_.name;
    Translator other(model_, vocabularies_, std::move(options));
    other.limit_tokens(tokens_of_line_);
    return other;
  }
  void limit_tokens(TokensOfLine tokens) { tokens_of_line_ = std::move(tokens); }

 private:
  /// A line on its way, but for its answer. Throws UserError if its constraints cannot be heeded.
  TranslationJob make_job(SourceLine line, const std::vector<std::string>& prefixes,
                          const std::vector<LineConstraints>& constraints, std::size_t i);
  ConstraintSpeller& speller();
  std::vector<int64_t> list_of(const TranslationJob& job) const;
  /// SearchRequest's.
  std::vector<double> length_ratios(const TranslationJobs& batch) const;
  void translate_batches(const std::vector<TranslationJobs>& batches, const ItemSources& items);
  void translate_batch(const TranslationJobs& batch, const ItemSources& items);
  std::vector<std::vector<Hypothesis>> search(const TranslationJobs& batch,
                                              const ItemSources& items, Allowed allowed);
  /// Searches among all tokens for lines of which nothing has come.
  void search_again(const TranslationJobs& batch, const ItemSources& items,
                    std::vector<std::vector<Hypothesis>>& results);
  /// Throws UserError if lines of which nothing has come have no translation at all.
  void require_predictions(const TranslationJobs& batch, const ItemSources& items,
                           const std::vector<std::vector<Hypothesis>>& results);
  /// Alignments of the hypotheses to be shown, by the alignment head.
  void explain_best(const TranslationJobs& batch,
                    std::vector<std::vector<Hypothesis>>& results) const;
  void answer(const TranslationJob& job, const std::vector<Hypothesis>& hypotheses) const;
  Translation finish(const TranslationJob& job, const Hypothesis& hypothesis) const;
  /// Throws UserError if what needs a model that writes from left to right is `asked` of another.
  void require_left_to_right(bool asked, const std::string& what) const;

  std::shared_ptr<StepModel> model_;
  Vocabularies vocabularies_;
  TranslatorOptions options_;
  ModelWeights weights_ = ModelWeights::kNone;
  ExcludedTokens unprintable_;                   // one line stays one line
  std::unique_ptr<SuppressedWords> suppressed_;  // none if there are none
  std::unique_ptr<ConstraintSpeller> speller_;   // none until a line has constraints
  std::unique_ptr<WorkerPool> workers_;          // none if options_.workers is 1
  TokensOfLine tokens_of_line_;                  // none: all tokens
  std::size_t lines_before_ = 0;                 // translated by earlier calls
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
  return impl_->first_prefix_mistake(prefixes);
}

std::vector<LineMistake> Translator::long_prefixes(const std::vector<std::string>& prefixes) const {
  return impl_->long_prefixes(prefixes);
}

std::vector<LineMistake> Translator::constraint_mistakes(
    const std::vector<std::vector<std::string>>& sources, const std::vector<std::string>& prefixes,
    const std::vector<LineConstraints>& constraints) {
  return impl_->constraint_mistakes(sources, prefixes, constraints);
}

const Vocabularies& Translator::vocabularies() const { return impl_->vocabularies(); }

void Translator::limit_tokens(TokensOfLine tokens) { impl_->limit_tokens(std::move(tokens)); }

Translator Translator::with(TranslatorOptions options) const {
  return impl_->with(std::move(options));
}

Translator::Impl::Impl(std::shared_ptr<StepModel> model, Vocabularies vocabularies,
                       TranslatorOptions options)
    : model_(std::move(model)),
      vocabularies_(std::move(vocabularies)),
      options_(std::move(options)),
      unprintable_(vocabularies_.target->unprintable_ids()) {
  settle(options_, model_->has_attention());
  if (options_.with_alignment) {
    weights_ = weights_for(options_.decoding.alignment_from, model_->has_attention(),
                           model_->has_alignment_head());
  }
  if (weights_ == ModelWeights::kAttention)
    options_.alignment.shift = static_cast<int>(options_.decoding.alignment_shift);
  require_left_to_right(!options_.suppressed.empty(), "words are suppressed");
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

ConstraintSpeller& Translator::Impl::speller() {
  if (!speller_)
    speller_ = std::make_unique<ConstraintSpeller>(*vocabularies_.target, options_.decoding,
                                                   options_.suppressed);
  return *speller_;
}

TranslationJob Translator::Impl::make_job(SourceLine line, const std::vector<std::string>& prefixes,
                                          const std::vector<LineConstraints>& constraints,
                                          std::size_t i) {
  TranslationJob job;
  job.line = std::move(line);
  job.number = lines_before_ + i;
  job.cut_tokens = cut(job.line, options_.decoding.max_source_length);
  const bool is_constrained = !constraints.empty() && !constraints[i].empty();
  if (job.line.is_blank()) {
    if (is_constrained && !constraints[i].required.empty())
      throw UserError("the line is blank, but phrases are required of its translation");
    return job;
  }
  if (!vocabularies_.other_readings.empty()) {
    std::vector<const EncodedSource*> first;
    for (const auto& source : job.line.sources) first.push_back(&source);
    job.readings = other_readings(vocabularies_, first, options_.decoding.max_source_length);
  }
  if (!prefixes.empty()) job.prefix = vocabularies_.encode_target(prefixes[i]);
  if (is_constrained) {
    job.constraints = speller().spell(constraints[i], job.first_source_tokens(),
                                      options_.prefix_weight ? std::vector<int32_t>() : job.prefix);
    job.length_ratio = constraints[i].length_ratio;
    if (job.length_ratio && options_.decoding.brevity_penalty == 0)
      throw UserError(
          "a length ratio is given, but nothing heeds it; expected a brevity penalty "
          "(--brevity-penalty, decoding.brevity_penalty) above 0");
  }
  if (tokens_of_line_ && !options_.whole_prefixes) job.list = list_of(job);
  return job;
}

std::vector<int64_t> Translator::Impl::list_of(const TranslationJob& job) const {
  const auto tokens = tokens_of_line_(job.line.sources.front());
  std::vector<int64_t> list(tokens.begin(), tokens.end());
  list.insert(list.end(), job.prefix.begin(), job.prefix.end());
  for (const auto& phrase : job.constraints.required)
    for (const auto& spelling : phrase.spellings)
      list.insert(list.end(), spelling.begin(), spelling.end());
  list.insert(list.end(), {kUnknownId, kEndId});
  std::sort(list.begin(), list.end());
  list.erase(std::unique(list.begin(), list.end()), list.end());
  return list;
}

std::vector<LineMistake> Translator::Impl::constraint_mistakes(
    const std::vector<std::vector<std::string>>& sources, const std::vector<std::string>& prefixes,
    const std::vector<LineConstraints>& constraints) {
  std::vector<LineMistake> mistakes;
  if (std::all_of(constraints.begin(), constraints.end(), [](const auto& c) { return c.empty(); }))
    return mistakes;
  const SourceLines read(vocabularies_, sources);
  for (std::size_t i = 0; i < constraints.size(); ++i) {
    if (constraints[i].empty()) continue;
    try {
      make_job(read.line(i), prefixes, constraints, i);
    } catch (const UserError& error) {
      mistakes.push_back({i, error.what()});
    }
  }
  return mistakes;
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
  if (const auto mistake = first_prefix_mistake(prefixes)) throw UserError(mistake->message);
  if (speller_) speller_->forget();
  std::vector<TranslatedLine> answers(count);
  const SourceLines read(vocabularies_, sources, place);
  std::vector<TranslationJob> jobs;
  std::vector<int64_t> lengths;
  for (std::size_t i = 0; i < count; ++i) {
    auto job = make_job(read.line(i), prefixes, constraints, i);
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

std::vector<LineMistake> Translator::Impl::long_prefixes(
    const std::vector<std::string>& prefixes) const {
  std::vector<LineMistake> mistakes;
  const auto limit = options_.decoding.max_length;
  for (std::size_t i = 0; limit > 0 && i < prefixes.size(); ++i) {
    const auto tokens = vocabularies_.target->encode(prefixes[i]).ids.size();
    if (static_cast<int64_t>(tokens) >= limit)
      mistakes.push_back({i, "the prefix has " + std::to_string(tokens) +
                                 " tokens; expected fewer than the maximum length (--max-length, "
                                 "decoding.max_length), " +
                                 std::to_string(limit)});
  }
  return mistakes;
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
  const bool limited = !batch.front()->list.empty();
  auto results = search(batch, items, limited ? Allowed::kListed : Allowed::kAll);
  if (limited) search_again(batch, items, results);
  require_predictions(batch, items, results);
  if (weights_ == ModelWeights::kHead) explain_best(batch, results);
  for (std::size_t i = 0; i < batch.size(); ++i) answer(*batch[i], results[i]);
  if (options_.on_batch) options_.on_batch(batch.size());
}

std::vector<std::vector<Hypothesis>> Translator::Impl::search(const TranslationJobs& batch,
                                                              const ItemSources& items,
                                                              Allowed allowed) {
  std::vector<std::vector<SourceTokens>> sources;
  std::vector<const OtherReadings*> readings;
  std::vector<SearchedLine> lines;
  std::vector<std::vector<int64_t>> lists;
  for (const auto* job : batch) {
    sources.push_back(job->tokens());
    readings.push_back(&job->readings);
    lines.push_back({job->number, job->first_source_tokens(), job->prefix, job->constraints});
    if (allowed == Allowed::kListed) lists.push_back(job->list);
  }
  const BatchPolicies policies({options_, *vocabularies_.target, suppressed_.get(),
                                speller_ ? &speller_->phrases() : nullptr},
                               std::move(lines));
  SearchRequest request;
  if (allowed != Allowed::kAny) request.policies = policies.all();
  request.policies.push_back(&unprintable_);
  request.n_best = options_.n_best;
  request.groups = groups_of(options_);
  request.lists = std::move(lists);
  request.length_ratios = length_ratios(batch);
  if (options_.diverse_groups > 1) request.diversity = options_.diversity;
  if (weights_ == ModelWeights::kAttention || options_.decoding.coverage_penalty > 0)
    request.attention_source = options_.alignment_source;
  auto all_items = items;
  all_items.resize(sources.front().size());  // further readings are of text
  auto padded = to_device(pad_sources(sources, all_items), model_->device());
  put_onto_first(padded, readings);
  return beam_search(*model_, padded, options_.decoding, request);
}

std::vector<double> Translator::Impl::length_ratios(const TranslationJobs& batch) const {
  if (std::none_of(batch.begin(), batch.end(), [](const auto* job) { return job->length_ratio; }))
    return {};
  std::vector<double> ratios;
  for (const auto* job : batch)
    ratios.push_back(job->length_ratio.value_or(options_.decoding.length_ratio));
  return ratios;
}

void Translator::Impl::search_again(const TranslationJobs& batch, const ItemSources& items,
                                    std::vector<std::vector<Hypothesis>>& results) {
  const auto failed = without_results(batch, results);
  if (failed.empty()) return;
  auto found = search(failed, items, Allowed::kAll);
  auto next = found.begin();
  for (auto& hypotheses : results)
    if (hypotheses.empty()) hypotheses = std::move(*next++);
}

void Translator::Impl::require_predictions(const TranslationJobs& batch, const ItemSources& items,
                                           const std::vector<std::vector<Hypothesis>>& results) {
  auto failed = without_results(batch, results);
  if (failed.empty()) return;
  if (!options_.whole_prefixes)
    failed = without_results(failed, search(failed, items, Allowed::kAny));
  if (failed.empty()) return;
  throw UserError({options_.name},
                  "gives the next token no probability: its weights are not numbers, or too large");
}

void Translator::Impl::explain_best(const TranslationJobs& batch,
                                    std::vector<std::vector<Hypothesis>>& results) const {
  std::vector<ExplainedSource> explained;
  for (std::size_t i = 0; i < batch.size(); ++i)
    explained.push_back({batch[i]->tokens(), &batch[i]->readings, &results[i],
                         static_cast<std::size_t>(options_.n_best)});
  explain(*model_, explained, options_.alignment_source,
          static_cast<std::size_t>(options_.decoding.batch_sentences));
}

void Translator::Impl::answer(const TranslationJob& job,
                              const std::vector<Hypothesis>& hypotheses) const {
  auto& line = *job.answer;
  line.source_tokens = job.first_source_tokens();
  if (hypotheses.empty()) {
    line.is_impossible = true;
    line.n_best.emplace_back();
    return;
  }
  line.decoder_steps = decoder_steps(hypotheses, options_.prefix_weight ? 0 : job.prefix.size());
  const auto count = std::min(hypotheses.size(), static_cast<std::size_t>(options_.n_best));
  for (std::size_t k = 0; k < count; ++k) line.n_best.push_back(finish(job, hypotheses[k]));
}

Translation Translator::Impl::finish(const TranslationJob& job,
                                     const Hypothesis& hypothesis) const {
  auto tokens = hypothesis.tokens;
  if (vocabularies_.right_to_left) std::reverse(tokens.begin(), tokens.end());
  auto decoded = vocabularies_.target->decode(tokens);
  Translation translation;
  translation.log_prob = hypothesis.log_prob;
  translation.score = hypothesis.score;
  translation.tokens = static_cast<int64_t>(hypothesis.token_log_probs.size());
  translation.finished = hypothesis.finished;
  if (options_.whole_prefixes) {
    auto log_probs = hypothesis.token_log_probs;  // that of the end of sentence stays the last
    if (vocabularies_.right_to_left)
      std::reverse(log_probs.begin(), log_probs.begin() + std::ssize(tokens));
    translation.word_log_probs = word_log_probs(decoded, log_probs);
  }
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (tokens[i] == kUnknownId) translation.unknown.push_back(decoded.spans[i]);
  }
  const auto& aligned = job.line.sources[options_.alignment_source];
  if (weights_ != ModelWeights::kNone && !aligned.tokens.ids.empty()) {
    const auto source = tokenized(aligned, split_words(aligned.text));
    const TokenizedLine target{decoded.text, decoded.pieces, decoded.spans,
                               split_words(decoded.text)};
    const auto weights = vocabularies_.right_to_left
                             ? with_tokens_reversed(hypothesis.attention, hypothesis.finished)
                             : hypothesis.attention;
    translation.alignment = make_alignment(weights, source, target, options_.alignment);
    describe_item(aligned, translation.alignment);
  }
  translation.text = std::move(decoded.text);
  return translation;
}

}  // namespace weft
