#include "search/answers.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "base/words.h"
#include "search/source_lines.h"

namespace weft {
namespace {

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

AlignmentMatrix alignment_of(const LineOfSource& aligned, const Hypothesis& hypothesis,
                             const DecodedLine& decoded, bool right_to_left,
                             const AlignmentOptions& options) {
  const auto source = tokenized(aligned, split_words(aligned.text));
  const TokenizedLine target{decoded.text, decoded.pieces, decoded.spans,
                             split_words(decoded.text)};
  const auto weights = right_to_left
                           ? with_tokens_reversed(hypothesis.attention, hypothesis.finished)
                           : hypothesis.attention;
  auto alignment = make_alignment(weights, source, target, options);
  describe_item(aligned, alignment);
  return alignment;
}

Translation finish(const TranslationJob& job, const Hypothesis& hypothesis,
                   const Vocabularies& vocabularies, const TranslatorOptions& options,
                   ModelWeights weights) {
  auto tokens = hypothesis.tokens;
  if (vocabularies.right_to_left) std::reverse(tokens.begin(), tokens.end());
  auto decoded = vocabularies.target->decode(tokens);
  Translation translation;
  translation.log_prob = hypothesis.log_prob;
  translation.score = hypothesis.score;
  translation.tokens = static_cast<int64_t>(hypothesis.token_log_probs.size());
  translation.finished = hypothesis.finished;
  if (options.whole_prefixes) {
    auto log_probs = hypothesis.token_log_probs;  // that of the end of sentence stays the last
    if (vocabularies.right_to_left)
      std::reverse(log_probs.begin(), log_probs.begin() + std::ssize(tokens));
    translation.word_log_probs = word_log_probs(decoded, log_probs);
  }
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (tokens[i] == kUnknownId) translation.unknown.push_back(decoded.spans[i]);
  }
  const auto& aligned = job.line.sources[options.alignment_source];
  if (weights != ModelWeights::kNone && !aligned.tokens.ids.empty())
    translation.alignment =
        alignment_of(aligned, hypothesis, decoded, vocabularies.right_to_left, options.alignment);
  translation.text = std::move(decoded.text);
  return translation;
}

}  // namespace

void answer(const TranslationJob& job, const std::vector<Hypothesis>& hypotheses,
            const Vocabularies& vocabularies, const TranslatorOptions& options,
            ModelWeights weights) {
  auto& line = *job.answer;
  line.source_tokens = job.first_source_tokens();
  if (hypotheses.empty()) {
    line.is_impossible = true;
    line.n_best.emplace_back();
    return;
  }
  line.decoder_steps = decoder_steps(hypotheses, options.prefix_weight ? 0 : job.prefix.size());
  const auto count = std::min(hypotheses.size(), static_cast<std::size_t>(options.n_best));
  for (std::size_t k = 0; k < count; ++k)
    line.n_best.push_back(finish(job, hypotheses[k], vocabularies, options, weights));
}

}  // namespace weft
