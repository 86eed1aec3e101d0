#pragma once
// Translations and alignments in the form that was asked for, a line or a block each.

#include <cstddef>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "align/renderer.h"
#include "search/forced_aligner.h"
#include "search/translator.h"

namespace weft {

struct AnswerFormat {
  bool n_best = false;                       ///< Moses' n-best lists; otherwise the best alone
  std::optional<AlignmentFormat> alignment;  ///< none: the text alone
  RenderOptions rendering;
  AlignmentFrom from = AlignmentFrom::kAttention;  ///< what the alignments were made from
};

/// Writes one line for one line, whatever characters a text holds:
/// - without a format the translation, each line break in it a space (one_line());
/// - hard, soft: "TRANSLATION ||| ALIGNMENT", or of a given pair the alignment alone;
/// - n-best: Moses' "ID ||| TRANSLATION [||| ALIGNMENT] ||| F0= LOG_PROB ||| SCORE";
/// - matrix, json: what render() gives, which has the texts in it;
/// - text: the translation, and the picture below it;
/// - html: one page, which start() begins and finish() ends.
/// Where " ||| " separates fields, "|||" in a text is escaped as in Moses (field()).
class AnswerWriter {
 public:
  AnswerWriter(std::ostream& out, AnswerFormat format) : out_(out), format_(std::move(format)) {}

  /// Before the first answer.
  void start();
  /// After the last.
  void finish();
  /// All translations of line number `id`, counted from 0, best first. `tagged`: their texts with
  /// the source's tags in them, which are shown instead; or none.
  void write(std::size_t id, const TranslatedLine& line,
             const std::vector<std::string>& tagged = {});
  /// The alignment of pair number `id`. Needs an alignment format.
  void write(std::size_t id, const AlignedPair& pair, const std::string& target);

 private:
  void write(std::size_t id, const std::string& source, const Translation& translation,
             const std::string* tagged);
  std::string text_of(const std::string& translation) const;

  std::ostream& out_;
  AnswerFormat format_;
};

/// `value` with at most six significant digits.
std::string short_number(double value);

}  // namespace weft
