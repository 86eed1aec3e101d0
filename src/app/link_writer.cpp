#include "app/link_writer.h"

#include <algorithm>

#include "align/alignment_matrix.h"
#include "align/json_renderer.h"
#include "align/pharaoh.h"
#include "align/weight_text.h"
#include "base/words.h"

namespace weft {
namespace {

constexpr float kWorthTelling = 0.01f;

std::size_t count(const std::vector<std::size_t>& word_of) {
  return word_of.empty() ? 0 : word_of.back() + 1;
}

/// The strengths of the links between words: of two words the greatest that tokens of theirs have.
/// [T, S], target words first, as matrices are.
AlignmentMatrix strengths(const LinkContext& context, const PairPosteriors& pair) {
  AlignmentMatrix matrix;
  matrix.source.resize(count(context.source_words));
  matrix.target.resize(count(context.target_words));
  matrix.weights.assign(matrix.rows() * matrix.columns(), 0.0f);
  for (std::size_t s = 0; s < pair.source_length && !pair.forward.empty(); ++s) {
    for (std::size_t t = 0; t < pair.target_length; ++t) {
      auto& weight =
          matrix.weights[context.target_words[t] * matrix.columns() + context.source_words[s]];
      weight = std::max(weight, link_strength(pair.p(s, t), pair.r(s, t)));
    }
  }
  return matrix;
}

/// Names the words of one side.
void set_texts(const std::string& line, WordSplitting splitting,
               std::vector<AlignedToken>& tokens) {
  const auto words = split_words(line, splitting);
  tokens.resize(words.size());
  for (std::size_t n = 0; n < tokens.size(); ++n) {
    tokens[n].span = words[n];
    tokens[n].text = line.substr(words[n].begin, words[n].end - words[n].begin);
  }
}

std::string posteriors_text(const AlignmentMatrix& matrix) {
  std::string text;
  for (std::size_t s = 0; s < matrix.columns(); ++s) {
    for (std::size_t t = 0; t < matrix.rows(); ++t) {
      if (matrix.at(t, s) < kWorthTelling) continue;
      if (!text.empty()) text += ' ';
      text += std::to_string(s) + '-' + std::to_string(t) + ':' + weight_text(matrix.at(t, s));
    }
  }
  return text;
}

}  // namespace

void LinkWriter::write(const LinkContext& context, const PairPosteriors& pair,
                       const std::vector<Link>& links) {
  if (task_.format == LinkFormat::kHard) {
    out_ << format_pharaoh(links) << '\n';
    return;
  }
  auto matrix = strengths(context, pair);
  if (task_.format == LinkFormat::kPosteriors) {
    out_ << posteriors_text(matrix) << '\n';
    return;
  }
  const auto words = task_.test_source.empty() ? task_.cutting.words : task_.test_words;
  set_texts(context.lines->first, words, matrix.source);
  set_texts(context.lines->second, words, matrix.target);
  if (task_.format == LinkFormat::kText) {
    out_ << render_text(matrix, task_.picture) << '\n';
    return;
  }
  AlignmentContext lines;
  lines.id = context.id;
  lines.source_line = context.lines->first;
  lines.target_line = context.lines->second;
  out_ << render_json(matrix, lines, links) << '\n';
}

}  // namespace weft
