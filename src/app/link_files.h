#pragma once
// Files of word links that some program made: joined, and measured.

#include <string>
#include <vector>

#include "align/pharaoh.h"
#include "align/symmetrize.h"
#include "app/gold_comparison.h"

namespace weft {

struct SymmetrizeTask {
  std::string forward;             ///< Pharaoh links of a model of the target given the source
  std::string backward;            ///< those of the other direction
  bool backward_reversed = false;  ///< they are written target-source
  FirstPosition first = FirstPosition::kZero;
  Symmetrization method = Symmetrization::kGrowDiagFinalAnd;
  std::string output = "-";
};

/// Writes one line of links for each line of the files. Throws UserError, before the output is
/// touched, if they cannot be read, are no links, or have different numbers of lines.
void symmetrize_files(const SymmetrizeTask& task);

struct LinkEvaluationTask {
  std::vector<std::string> links;  ///< files of Pharaoh links, each of the same sentence pairs
  bool links_reversed = false;
  FirstPosition links_first = FirstPosition::kZero;
  GoldLinks gold;
  bool json = false;
};

/// Prints for each file the alignment error rate with its 95 % bootstrap interval, precision,
/// recall and F1; for all but the first also how far it is from the first, with that interval.
/// Throws UserError as symmetrize_files() does.
void evaluate_links(const LinkEvaluationTask& task);

}  // namespace weft
