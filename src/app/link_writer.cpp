#include "app/link_writer.h"

#include "align/alignment_matrix.h"
#include "align/json_renderer.h"
#include "align/pharaoh.h"
#include "align/weight_text.h"
#include "base/words.h"

namespace weft {
namespace {

constexpr float kWorthTelling = 0.01f;

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

void LinkWriter::write(const AlignerText& text, std::size_t k, const PairPosteriors& posteriors,
                       const std::vector<Link>& links, const LinePair* lines) {
  const std::size_t id = id_++;
  if (task_.format == LinkFormat::kHard) {
    out_ << format_pharaoh(links) << '\n';
    return;
  }
  const auto words = text.words(k);
  AlignmentMatrix matrix;
  matrix.source.resize(words.source_words);
  matrix.target.resize(words.target_words);
  matrix.weights = text.strengths_of_words(k, posteriors);
  if (task_.format == LinkFormat::kPosteriors) {
    out_ << posteriors_text(matrix) << '\n';
    return;
  }
  const bool is_test = !task_.test_source.empty() || !task_.model.empty();
  const auto splitting = is_test ? task_.test_words : task_.cutting.words;
  set_texts(lines->first, splitting, matrix.source);
  set_texts(lines->second, splitting, matrix.target);
  if (task_.format == LinkFormat::kText) {
    out_ << render_text(matrix, task_.picture) << '\n';
    return;
  }
  AlignmentContext context;
  context.id = id;
  context.from = "aligner";
  context.source_line = lines->first;
  context.target_line = lines->second;
  out_ << render_json(matrix, context, links) << '\n';
}

}  // namespace weft
