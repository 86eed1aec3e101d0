#pragma once
// From a parallel text to word links, without a model.

#include <array>
#include <optional>
#include <string>

#include "align/symmetrize.h"
#include "align/text_renderer.h"
#include "aligner/line_aligner.h"
#include "aligner/pair_posteriors.h"
#include "aligner/word_aligner.h"
#include "app/gold_comparison.h"
#include "app/pair_lines.h"
#include "base/enum_names.h"

namespace weft {

constexpr auto enum_names(Agreement) {
  return std::array{EnumName{Agreement::kOdds, "odds"}, EnumName{Agreement::kProduct, "product"}};
}

constexpr auto enum_names(AlignerDirection) {
  return std::array{EnumName{AlignerDirection::kBoth, "both"},
                    EnumName{AlignerDirection::kForward, "forward"},
                    EnumName{AlignerDirection::kBackward, "backward"}};
}

/// How links are shown.
enum class LinkFormat {
  kHard,        ///< Pharaoh links: "0-0 1-2"
  kPosteriors,  ///< each with its strength, also of weaker ones: "0-0:0.98 1-1:0.2"
  kJson,        ///< one object a line: the words, the strengths as a matrix, the links
  kText,        ///< a picture of the strengths
};

constexpr auto enum_names(LinkFormat) {
  return std::array{EnumName{LinkFormat::kHard, "hard"},
                    EnumName{LinkFormat::kPosteriors, "posteriors"},
                    EnumName{LinkFormat::kJson, "json"}, EnumName{LinkFormat::kText, "text"}};
}

struct AlignerTask {
  PairFiles text;                        ///< what is learnt from; with `model`, what is aligned
  std::string test_source, test_target;  ///< further pairs; if given, links are of these alone
  std::string save;                      ///< directory for what was learnt; "": none
  std::string model;                     ///< directory of what was learnt before; "": learn
  std::string output = "-";
  bool writes_links = true;
  LinkFormat format = LinkFormat::kHard;
  std::optional<Symmetrization> symmetrization;  ///< none: posterior_links()
  float threshold = kLinkThreshold;
  TextOptions picture;
  GoldLinks gold;                                   ///< of the pairs whose links are written
  AlignerCutting cutting;                           ///< of the text
  WordSplitting test_words = WordSplitting::kAuto;  ///< of the further pairs
  AlignerOptions aligner;
  int threads = 0;  ///< 0: as many as there are cores
};

/// Learns from a text and writes the links of each pair, a line (of pictures, a block) each, in the
/// order of the input; then prints the error rate on standard output if there are gold links. What
/// was too long or one-sided is told in the log. Throws UserError, before the output is touched, if
/// the files cannot be read, have different numbers of lines or a line is not what it should be.
void align_text(const AlignerTask& task);

/// Writes the links of pairs, as they come, by a model that was learnt before.
void align_new_pairs(const AlignerTask& task);

}  // namespace weft
