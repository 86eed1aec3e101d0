#include "app/learnt_alignments.h"

#include "aligner/aligner_directory.h"
#include "aligner/aligner_text.h"

namespace weft {
namespace {

std::vector<AlignedToken> words_of(const std::string& line) {
  std::vector<AlignedToken> words;
  for (const Span span : split_words(line))
    words.push_back({line.substr(span.begin, span.end - span.begin), span});
  return words;
}

}  // namespace

LearntAlignments::LearntAlignments(const std::string& directory)
    : aligner_(load_aligner_model(directory)) {}

AlignmentMatrix LearntAlignments::matrix(const std::string& source, const std::string& target) {
  AlignerText text;
  text.add(source, target, {});
  const auto posteriors = aligner_.align(text.source_tokens(0), text.target_tokens(0));
  return {words_of(source), words_of(target), text.strengths_of_words(0, posteriors)};
}

void LearntAlignments::align(TranslatedLine& line) {
  for (auto& translation : line.n_best)
    translation.alignment = matrix(line.source, translation.text);
}

}  // namespace weft
