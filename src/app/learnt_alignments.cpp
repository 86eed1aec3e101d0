#include "app/learnt_alignments.h"

#include <cmath>
#include <stdexcept>
#include <utility>

#include "aligner/aligner_directory.h"
#include "aligner/aligner_text.h"

namespace weft {
namespace {

std::vector<AlignedToken> tokens_of(const LineWithWords& line) {
  std::vector<AlignedToken> words;
  for (const Span span : line.words)
    words.push_back({line.line.substr(span.begin, span.end - span.begin), span});
  return words;
}

LineWithWords with_words(const std::string& line) { return {line, split_words(line)}; }

}  // namespace

std::string spaced(const LineWithWords& line) {
  std::string text;
  for (const Span span : line.words) {
    if (!text.empty()) text += ' ';
    text.append(line.line, span.begin, span.end - span.begin);
  }
  return text;
}

LearntAlignments::LearntAlignments(const AlignmentChoice& choice) : combines_(choice.uses_model()) {
  if (choice.uses_aligner()) aligner_.emplace(load_aligner_model(choice.aligner));
}

AlignmentMatrix LearntAlignments::matrix(const LineWithWords& source, const LineWithWords& target) {
  AlignerText text;
  text.add(spaced(source), spaced(target), {.words = WordSplitting::kWhitespace});
  const auto posteriors = aligner_->align(text.source_tokens(0), text.target_tokens(0));
  return {tokens_of(source), tokens_of(target), text.strengths_of_words(0, posteriors)};
}

AlignmentMatrix LearntAlignments::shown(AlignmentMatrix of_model, const LineWithWords& source,
                                        const LineWithWords& target) {
  if (!aligner_ || source.words.empty() || target.words.empty()) return of_model;
  auto learnt = matrix(source, target);
  if (!combines_) return learnt;
  if (of_model.weights.size() != learnt.weights.size())
    throw std::invalid_argument("LearntAlignments: matrices over other words");
  for (std::size_t i = 0; i < learnt.weights.size(); ++i)
    learnt.weights[i] = std::sqrt(learnt.weights[i] * of_model.weights[i]);
  return learnt;
}

void LearntAlignments::show(TranslatedLine& line) {
  if (!aligner_) return;
  const auto source = with_words(line.source);
  for (auto& translation : line.n_best) {
    translation.alignment =
        shown(std::move(translation.alignment), source, with_words(translation.text));
  }
}

}  // namespace weft
