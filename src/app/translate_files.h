#pragma once
// From files of text to a file of translations.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/alignment_choice.h"
#include "app/answer_writer.h"
#include "app/constraint_input.h"
#include "app/decoding_overrides.h"
#include "app/minimum_bayes_risk.h"
#include "app/split_lines.h"
#include "base/enum_names.h"
#include "config/training_options.h"
#include "search/alignment_options.h"
#include "search/sampling_options.h"

namespace weft {

/// What of a text is not translated.
enum class Tags {
  kNone,   ///< all is text
  kXml,    ///< tags, placeholders, links and entities, as take_out_tags() finds them
  kPlain,  ///< placeholders and links alone
};

constexpr auto enum_names(Tags) {
  return std::array{EnumName{Tags::kNone, "none"}, EnumName{Tags::kXml, "xml"},
                    EnumName{Tags::kPlain, "plain"}};
}

struct TranslationTask {
  std::vector<std::string> models;       ///< directories; several are an ensemble
  std::vector<std::string> inputs{"-"};  ///< one for each of several sources; "-": standard input
  std::string output = "-";              ///< "-": standard output
  std::string prefixes;                  ///< a file: the beginning of each translation; "": none
  std::optional<double> prefix_weight = {};  ///< TranslatorOptions'
  std::string suppressed;   ///< a file: words that no translation has, one a line; "": none
  Tags tags = Tags::kNone;  ///< of the first source
  AskedAlignment alignment_from;
  LineSplitting splitting = LineSplitting::kNone;
  bool replaces_unknown = false;                           ///< unknown words, as UnknownWords does
  std::string table;                                       ///< its table of words, a file; "": none
  std::string shortlist = {};                              ///< find_shortlist()'s `given`
  bool copies_numbers = false;                             ///< as copied_numbers() finds them
  ConstraintFormat constraints = ConstraintFormat::kNone;  ///< of the lines of the first source
  DecodingOverrides decoding;
  SamplingOptions sampling;
  int64_t diverse_groups = 1;
  double diversity = 0.5;            ///< of several groups
  Utility utility = Utility::kNone;  ///< that translations are chosen by among `candidates`
  MetricTokenizer utility_tokenizer = MetricTokenizer::k13a;
  int64_t candidates = 0;                  ///< 0: the beam size
  std::optional<std::string> source_root;  ///< where names of items start; none: the config's
  DeviceChoice device;
  int64_t n_best = 0;  ///< 0: the best one, without the form of a list
  AnswerFormat format;
  AlignmentOptions alignment;
  std::size_t alignment_source = 0;  ///< of several sources, the one that is aligned
  std::string pictures;              ///< a directory for pictures of the alignments; "": none
  std::optional<AlignmentFormat> picture_format;  ///< none: those that AttentionPictures has
};

/// Answers every line, in order, as the lines come. Throws UserError, before the output is touched,
/// if the files, the models and the options do not fit each other; for a mistake in a line, when
/// every line before it has been answered.
void translate_files(const TranslationTask& task);

}  // namespace weft
