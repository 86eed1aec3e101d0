#include "aligner/line_aligner.h"

#include "aligner/tokens.h"

namespace weft {
namespace {

std::vector<std::string_view> texts(std::string_view line, const std::vector<Span>& spans) {
  std::vector<std::string_view> result;
  result.reserve(spans.size());
  for (const Span span : spans) result.push_back(line.substr(span.begin, span.end - span.begin));
  return result;
}

}  // namespace

AlignerLine aligner_line(std::string_view line, AlignerCutting cutting) {
  AlignerLine result;
  result.words = split_words(line, cutting.words);
  result.tokens = cutting.tokens ? tokens_of(line, result.words) : result.words;
  result.word_of = containing(result.tokens, result.words);
  return result;
}

void add_pair(Bitext& bitext, std::string_view source, const AlignerLine& source_tokens,
              std::string_view target, const AlignerLine& target_tokens) {
  bitext.source.add(texts(source, source_tokens.tokens));
  bitext.target.add(texts(target, target_tokens.tokens));
}

}  // namespace weft
