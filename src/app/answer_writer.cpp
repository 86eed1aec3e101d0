#include "app/answer_writer.h"

#include <cstdio>

#include "align/alignment_page.h"
#include "align/escapes.h"
#include "config/enum_names.h"

namespace weft {

void AnswerWriter::start() {
  if (format_.alignment == AlignmentFormat::kHtml)
    out_ << page_beginning("Alignments from the " + std::string(to_name(format_.from)));
}

void AnswerWriter::finish() {
  if (format_.alignment == AlignmentFormat::kHtml) out_ << page_end();
}

void AnswerWriter::write(std::size_t id, const TranslatedLine& line,
                         const std::vector<std::string>& tagged) {
  for (std::size_t n = 0; n < line.n_best.size(); ++n)
    write(id, line.source, line.n_best[n], tagged.empty() ? nullptr : &tagged[n]);
}

void AnswerWriter::write(std::size_t id, const AlignedPair& pair, const std::string& target) {
  const auto format = format_.alignment.value();
  if (format == AlignmentFormat::kText) out_ << shown(target) << '\n';
  out_ << render(pair.alignment,
                 {id, pair.log_prob, pair.source.line, target, to_name(format_.from), std::nullopt},
                 format, format_.rendering)
       << '\n';
}

void AnswerWriter::write(std::size_t id, const std::string& source, const Translation& translation,
                         const std::string* tagged) {
  const auto& format = format_.alignment;
  std::string alignment;
  if (format) {
    const std::string from = to_name(format_.from);
    AlignmentContext context{id,   translation.log_prob, source, translation.text,
                             from, std::nullopt};
    if (tagged != nullptr) context.tagged = *tagged;
    alignment = render(translation.alignment, context, *format, format_.rendering);
  }
  if (format == AlignmentFormat::kJson || format == AlignmentFormat::kMatrix ||
      format == AlignmentFormat::kHtml) {
    out_ << alignment << '\n';
    return;
  }
  if (format_.n_best) out_ << id << " ||| ";
  out_ << text_of(tagged != nullptr ? *tagged : translation.text);
  if (format == AlignmentFormat::kHard || format == AlignmentFormat::kSoft)
    out_ << " ||| " << alignment;
  if (format_.n_best) {
    out_ << " ||| F0= " << short_number(translation.log_prob) << " ||| "
         << short_number(translation.score);
  }
  out_ << '\n';
  if (format == AlignmentFormat::kText) out_ << alignment << '\n';
}

std::string AnswerWriter::text_of(const std::string& translation) const {
  const auto& format = format_.alignment;
  const bool has_fields =
      format_.n_best || format == AlignmentFormat::kHard || format == AlignmentFormat::kSoft;
  const std::string text = has_fields ? field(translation) : one_line(translation);
  return format == AlignmentFormat::kText ? shown(text) : text;
}

std::string short_number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.6g", value);
  return text;
}

}  // namespace weft
