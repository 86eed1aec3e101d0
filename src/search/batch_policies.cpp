#include "search/batch_policies.h"

#include <string>
#include <utility>

#include "base/error.h"
#include "search/forced_beginnings.h"
#include "search/minimum_length.h"
#include "search/required_phrases.h"
#include "search/sampling.h"
#include "search/scoring.h"
#include "search/soft_beginnings.h"
#include "search/suppressed_words.h"
#include "text/vocabulary.h"

namespace weft {
namespace {

void require_fits_beam(int64_t count, const std::string& name, int64_t beam_size) {
  if (count >= 1 && count <= beam_size) return;
  throw UserError(name + " is " + std::to_string(count) +
                  "; expected 1 to the beam size (--beam-size, decoding.beam_size), which is " +
                  std::to_string(beam_size));
}

bool draws(const TranslatorOptions& options) {
  return options.sampling.method != SamplingMethod::kNone;
}

std::unique_ptr<TokenPolicy> minimum_length(const DecodingOptions& options,
                                            const std::vector<SearchedLine>& lines,
                                            int64_t vocabulary) {
  const Scoring scoring(options);
  std::vector<int64_t> least;
  for (const auto& line : lines) least.push_back(scoring.least_length(line.source_tokens));
  return std::make_unique<MinimumLength>(std::move(least), vocabulary);
}

/// The tokens that translations begin with, or are.
std::vector<std::vector<int32_t>> beginnings(const std::vector<SearchedLine>& lines,
                                             const TranslatorOptions& options) {
  std::vector<std::vector<int32_t>> all;
  for (const auto& line : lines) {
    all.push_back(line.prefix);
    if (options.whole_prefixes) all.back().push_back(static_cast<int32_t>(kEndId));
  }
  return all;
}

}  // namespace

void settle(TranslatorOptions& options, bool has_attention) {
  auto& decoding = options.decoding;
  if (draws(options)) decoding.beam_size = options.n_best;
  require_fits_beam(options.n_best, "n-best (--n-best)", decoding.beam_size);
  if (draws(options) && options.diverse_groups > 1)
    throw UserError(
        "diverse groups (--diverse-groups) are asked for with sampling (--sampling), whose "
        "translations differ by themselves; expected one of the two");
  if (draws(options) && options.prefix_weight)
    throw UserError(
        "a weight of prefixes (--prefix-weight) is given with sampling (--sampling), which follows "
        "the model's probabilities; expected one of the two");
  require_fits_beam(options.diverse_groups, "the number of diverse groups (--diverse-groups)",
                    decoding.beam_size);
  if (decoding.coverage_penalty > 0 && !has_attention)
    throw UserError(
        "a coverage penalty (--coverage-penalty, decoding.coverage_penalty) is asked of a model "
        "without attention (model.attention.score is none)");
  if (decoding.max_length > 0 && decoding.min_length >= decoding.max_length)
    throw UserError("the minimum length (--min-length, decoding.min_length) is " +
                    std::to_string(decoding.min_length) +
                    "; expected less than the maximum (--max-length, decoding.max_length), " +
                    std::to_string(decoding.max_length));
}

int64_t groups_of(const TranslatorOptions& options) {
  if (options.sampling.method == SamplingMethod::kAncestral) return options.decoding.beam_size;
  return options.diverse_groups;
}

BatchPolicies::BatchPolicies(const SharedPolicies& shared, std::vector<SearchedLine> lines) {
  const auto& options = shared.options;
  const auto& decoding = options.decoding;
  if (options.prefix_weight) {
    policies_.push_back(std::make_unique<SoftBeginnings>(
        beginnings(lines, options), *options.prefix_weight, shared.vocabulary.size()));
  } else {
    policies_.push_back(std::make_unique<ForcedBeginnings>(beginnings(lines, options)));
  }
  if (decoding.min_length > 0 || decoding.min_length_factor > 0)
    policies_.push_back(minimum_length(decoding, lines, shared.vocabulary.size()));
  if (shared.suppressed != nullptr)
    policies_.push_back(std::make_unique<SuppressionPolicy>(
        std::vector<SuppressedWords*>(lines.size(), shared.suppressed)));
  add_constraints(shared, lines);
  if (!draws(options)) return;
  std::vector<std::size_t> numbers;
  for (const auto& line : lines) numbers.push_back(line.number);
  policies_.push_back(make_sampler(options.sampling, std::move(numbers)));
}

void BatchPolicies::add_constraints(const SharedPolicies& shared,
                                    std::vector<SearchedLine>& lines) {
  const Scoring scoring(shared.options.decoding);
  bool any_avoided = false, any_required = false;
  std::vector<SuppressedWords*> avoided;
  std::vector<PhraseLine> required;
  for (auto& line : lines) {
    avoided.push_back(line.constraints.avoided);
    any_avoided |= avoided.back() != nullptr;
    any_required |= !line.constraints.required.empty();
    const auto given = shared.options.prefix_weight ? 0 : static_cast<int64_t>(line.prefix.size());
    required.push_back({std::move(line.constraints.required), given,
                        scoring.length_limit(line.source_tokens, given)});
  }
  if (any_avoided) policies_.push_back(std::make_unique<SuppressionPolicy>(std::move(avoided)));
  if (any_required)
    policies_.push_back(std::make_unique<RequiredPhrases>(*shared.phrases, std::move(required)));
}

std::vector<TokenPolicy*> BatchPolicies::all() const {
  std::vector<TokenPolicy*> all;
  for (const auto& policy : policies_) all.push_back(policy.get());
  return all;
}

}  // namespace weft
