#include "app/answer_writer.h"

#include <cstdio>

#include "align/escapes.h"

namespace weft {

void AnswerWriter::write(std::size_t id, const TranslatedLine& line) {
  for (const auto& translation : line.n_best) write(id, line.source, translation);
}

void AnswerWriter::write(std::size_t id, const AlignedPair& pair, const std::string& target) {
  const auto format = format_.alignment.value();
  if (format == AlignmentFormat::kText) out_ << shown(target) << '\n';
  out_ << render(pair.alignment, {id, pair.log_prob, pair.source.line, target}, format,
                 format_.rendering)
       << '\n';
}

void AnswerWriter::write(std::size_t id, const std::string& source,
                         const Translation& translation) {
  const auto& format = format_.alignment;
  std::string alignment;
  if (format) {
    alignment = render(translation.alignment, {id, translation.log_prob, source, translation.text},
                       *format, format_.rendering);
  }
  if (format == AlignmentFormat::kJson || format == AlignmentFormat::kMatrix) {
    out_ << alignment << '\n';
    return;
  }
  if (format_.n_best) out_ << id << " ||| ";
  out_ << text_of(translation);
  if (format == AlignmentFormat::kHard || format == AlignmentFormat::kSoft)
    out_ << " ||| " << alignment;
  if (format_.n_best) {
    out_ << " ||| F0= " << short_number(translation.log_prob) << " ||| "
         << short_number(translation.score);
  }
  out_ << '\n';
  if (format == AlignmentFormat::kText) out_ << alignment << '\n';
}

std::string AnswerWriter::text_of(const Translation& translation) const {
  const auto& format = format_.alignment;
  const bool has_fields =
      format_.n_best || format == AlignmentFormat::kHard || format == AlignmentFormat::kSoft;
  const std::string text = has_fields ? field(translation.text) : one_line(translation.text);
  return format == AlignmentFormat::kText ? shown(text) : text;
}

std::string short_number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.6g", value);
  return text;
}

}  // namespace weft
