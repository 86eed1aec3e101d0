#include "app/alignment_choice.h"

#include <filesystem>

#include "aligner/aligner_directory.h"
#include "base/error.h"
#include "config/enum_names.h"
#include "model/model_directory.h"

namespace weft {

std::vector<std::string> AlignmentChoice::files() const {
  return uses_aligner() ? aligner_model_files(aligner) : std::vector<std::string>{};
}

AlignmentChoice choose_alignment(const AskedAlignment& asked, const std::string& model,
                                 AlignmentFrom stored) {
  AlignmentChoice choice;
  choice.from = asked.from               ? *asked.from
                : !asked.aligner.empty() ? AlignmentFrom::kAligner
                                         : stored;
  const bool needs_aligner =
      choice.from == AlignmentFrom::kAligner || choice.from == AlignmentFrom::kCombined;
  if (!needs_aligner) {
    if (asked.aligner.empty()) return choice;
    throw UserError("--aligner is given, but alignments are from the " +
                    std::string(to_name(choice.from)) +
                    "; expected --alignment-from aligner or combined");
  }
  choice.aligner = asked.aligner.empty() ? aligner_directory(model) : asked.aligner;
  std::error_code error;
  if (asked.aligner.empty() && !std::filesystem::exists(choice.aligner, error)) {
    throw UserError({model}, "has no word aligner, which alignments from " +
                                 std::string(to_name(choice.from)) +
                                 " need (training keeps one where it teaches alignments); expected "
                                 "--aligner with a directory that weft aligner --save made");
  }
  return choice;
}

bool has_plain_words(const SourceVocabulary& source) {
  return source.is_text() && source.factors.format().count == 0;
}

void require_aligner_fits(const AlignmentChoice& choice, const AlignmentNeeds& needs) {
  if (!choice.uses_aligner()) return;
  if (needs.options.unit != AlignmentUnit::kWord ||
      needs.options.end_of_sentence == EndOfSentence::kKeep)
    throw UserError(
        "alignments are from the word aligner, and --alignment-unit piece or --alignment-eos is "
        "given; it knows neither pieces nor the end of sentence");
  if (needs.source != 0 || !needs.has_plain_words)
    throw UserError(
        "alignments are from the word aligner, which aligns plain words of the first source "
        "alone: neither another source, nor words with factors, nor what is not text");
}

}  // namespace weft
