#include "search/constraint_speller.h"

#include "base/error.h"
#include "search/scoring.h"

namespace weft {
namespace {

bool holds(const std::string& text, const std::string& word) {
  const WordMatcher matcher({word});
  WordMatcher::State state;
  return matcher.read(text, state) || matcher.completes_at_end(state);
}

void require_no_contradiction(const LineConstraints& constraints,
                              const std::vector<std::string>& suppressed) {
  for (const auto& phrase : constraints.required) {
    for (const auto& word : constraints.avoided) {
      if (holds(phrase, word))
        throw UserError("the phrase '" + phrase + "' is required, but '" + word +
                        "' is to be avoided; expected one of the two");
    }
    for (const auto& word : suppressed) {
      if (holds(phrase, word))
        throw UserError("the phrase '" + phrase + "' is required, but '" + word +
                        "' is suppressed (--suppress); expected one of the two");
    }
  }
}

}  // namespace

ConstraintSpeller::ConstraintSpeller(const Vocabulary& vocabulary, const DecodingOptions& options,
                                     const std::vector<std::string>& suppressed)
    : vocabulary_(vocabulary), options_(options), suppressed_(suppressed), phrases_(vocabulary) {}

SpelledConstraints ConstraintSpeller::spell(const LineConstraints& constraints,
                                            int64_t source_tokens,
                                            const std::vector<int32_t>& prefix) {
  require_no_contradiction(constraints, suppressed_);
  SpelledConstraints spelled;
  for (const auto& text : constraints.required) spelled.required.push_back(phrases_.spell(text));
  const auto given = static_cast<int64_t>(prefix.size());
  const auto tokens = tokens_of(spelled.required) + 1;
  const auto limit = Scoring(options_).length_limit(source_tokens, given) - given;
  if (tokens > limit)
    throw UserError("the phrases and the end of the translation have " + std::to_string(tokens) +
                    " tokens; expected at most the length limit (decoding.max_length_factor, "
                    "decoding.max_length)" +
                    (given > 0 ? " less the prefix, " : ", ") + std::to_string(limit));
  if (constraints.avoided.empty()) return spelled;
  spelled.avoided = avoided(constraints.avoided);
  if (!prefix.empty() && spelled.avoided->excludes(prefix))
    throw UserError("the prefix holds what is to be avoided; expected a beginning without it");
  return spelled;
}

SuppressedWords* ConstraintSpeller::avoided(const std::vector<std::string>& words) {
  auto& known = avoided_[words];
  if (!known) known = std::make_unique<SuppressedWords>(vocabulary_, words);
  return known.get();
}

}  // namespace weft
