#include "decoding_options.h"

#include <string>

#include "config/enum_names.h"
#include "config/rules.h"
#include "option_helpers.h"

namespace weft {
namespace {

constexpr const char* kSearch = "Search";
constexpr const char* kLength = "Length and coverage";
constexpr const char* kSampling = "Sampling and diversity";

template <class Value>
CLI::Option* add_override(CLI::App& command, const std::string& names, DecodingOverrides& decoding,
                          Value DecodingOptions::*field, const std::string& help) {
  return command.add_option_function<Value>(
      names,
      [&decoding, field](const Value& value) {
        decoding.changes.push_back([field, value](auto& options) { options.*field = value; });
      },
      help + " [the model's config]");
}

void add_integer(CLI::App& command, const std::string& names, DecodingOverrides& decoding,
                 int64_t DecodingOptions::*field, const Range& range, const std::string& help,
                 const char* group) {
  add_override(command, names, decoding, field, help)->check(integer_in(range))->group(group);
}

void add_number(CLI::App& command, const std::string& names, DecodingOverrides& decoding,
                double DecodingOptions::*field, const Range& range, const std::string& help) {
  add_override(command, names, decoding, field, help)->check(number_in(range))->group(kLength);
}

template <class Enum>
void add_override_enum(CLI::App& command, const std::string& name, DecodingOverrides& decoding,
                       Enum DecodingOptions::*field, const std::string& help) {
  const auto change = [&decoding, field](Enum value) {
    decoding.changes.push_back([field, value](auto& options) { options.*field = value; });
  };
  add_enum_function<Enum>(command, name, change, help + " [the model's config]")->group(kSearch);
}

}  // namespace

void add_search_options(CLI::App& command, DecodingOverrides& decoding) {
  using Options = DecodingOptions;
  add_integer(command, "-b,--beam-size", decoding, &Options::beam_size, hypotheses(),
              "Hypotheses kept", kSearch);
  command
      .add_option("--model-weights", decoding.model_weights,
                  "Weight of each model of an ensemble, as 2,1: of its probabilities in their mean "
                  "[all alike]")
      ->delimiter(',')
      ->check(number_in(above_up_to(0, 1000)))
      ->group(kSearch);
  add_integer(command, "--max-source-length", decoding, &Options::max_source_length, batch_size(),
              "Most source tokens read from a line", kSearch);
  add_integer(command, "--shortlist-first", decoding, &Options::shortlist_first, count_from(0),
              "Most frequent target tokens in every line's shortlist", kSearch);
  add_integer(command, "--shortlist-best", decoding, &Options::shortlist_best, count_from(1),
              "Likeliest translations of each source word and piece in a shortlist", kSearch);
  add_integer(command, "--batch-sentences", decoding, &Options::batch_sentences, batch_size(),
              "Lines decoded together", kSearch);
  add_enum_option(command, "--precision", decoding.precision,
                  "Precision of matrix products [the model's config]")
      ->group(kSearch);
  add_override_enum(command, "--early-stopping", decoding, &Options::early_stopping,
                    "End of a search; never: all hypotheses have ended; exact: none that is open "
                    "can become one of the best, which stay the same; first: as many as are shown "
                    "have ended");
}

void add_length_options(CLI::App& command, DecodingOverrides& decoding) {
  using Options = DecodingOptions;
  add_number(command, "-n,--length-normalization", decoding, &Options::length_normalization,
             length_exponent(), "Exponent a in score = log p / length^a");
  add_number(command, "--length-offset", decoding, &Options::length_offset, within(0, 1000),
             "b in ((b + length) / (b + 1))^a, which takes the place of length^a; 5: as Wu et al. "
             "2016");
  add_number(command, "--word-penalty", decoding, &Options::word_penalty, within(-1000, 1000),
             "Taken off log p for each token; negative: a reward for length");
  add_number(command, "--brevity-penalty", decoding, &Options::brevity_penalty, term_weight(),
             "Weight of min(0, 1 - expected length / length) in the score");
  add_number(command, "--length-ratio", decoding, &Options::length_ratio, above_up_to(0, 100),
             "Expected target tokens for a source token, for --brevity-penalty");
  add_number(command, "--coverage-penalty", decoding, &Options::coverage_penalty, term_weight(),
             "Weight in the score of what attention left uncovered: the sum over source tokens of "
             "log min(1, attention)");
  add_number(command, "--max-length-factor", decoding, &Options::max_length_factor,
             above_up_to(0, 100), "Longest translation: this times the source's tokens, plus 10");
  add_integer(command, "--max-length", decoding, &Options::max_length, within(0, 10000),
              "Longest translation in tokens, whatever the source; 0: as --max-length-factor says",
              kLength);
  add_number(command, "--min-length-factor", decoding, &Options::min_length_factor, within(0, 100),
             "Fewest tokens of a translation for a source token, as far as the longest allows");
  add_integer(command, "--min-length", decoding, &Options::min_length, count_from(0),
              "Fewest tokens of a translation, as far as the longest allows", kLength);
}

void add_sampling_options(CLI::App& command, SamplingOptions& sampling) {
  auto* method =
      add_enum_option(command, "--sampling", sampling.method,
                      "Translations drawn instead of the best, as many as --n-best says; "
                      "ancestral: each by itself; "
                      "gumbel: different ones, drawn without replacement (stochastic beam search)");
  method->group(kSampling)->excludes(command.get_option("--beam-size"));
  const auto add = [&](CLI::Option* option) {
    option->capture_default_str()->needs(method)->group(kSampling);
  };
  add(command
          .add_option("--temperature", sampling.temperature,
                      "What log-probabilities are divided by before drawing")
          ->check(number_in(above_up_to(0, 1000))));
  add(command
          .add_option("--top-k", sampling.top_k,
                      "The most probable tokens, which alone are drawn from; 0: all")
          ->check(integer_in(count_from(0))));
  add(command
          .add_option("--top-p", sampling.top_p,
                      "The probability of the most probable tokens, which alone are drawn from "
                      "(nucleus)")
          ->check(number_in(above_up_to(0, 1))));
  add(command
          .add_option("--min-p", sampling.min_p,
                      "The part of the best token's probability below which none is drawn")
          ->check(number_in(from_below(0, 1))));
  add(command
          .add_option("--seed", sampling.seed,
                      "Random seed; what is drawn for a line depends on it and the line's number")
          ->check(integer_in(random_seed())));
}

void add_diversity_options(CLI::App& command, int64_t& groups, double& diversity) {
  auto* count = command
                    .add_option("--diverse-groups", groups,
                                "Groups of the beam that avoid each other's words (diverse beam "
                                "search), for n-best lists that differ")
                    ->check(integer_in(hypotheses()))
                    ->capture_default_str()
                    ->group(kSampling);
  command
      .add_option("--diversity", diversity,
                  "Taken off log p of a token for each hypothesis of an earlier group that has it")
      ->check(number_in(term_weight()))
      ->capture_default_str()
      ->needs(count)
      ->group(kSampling);
}

}  // namespace weft
