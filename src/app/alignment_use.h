#pragma once
// What becomes of aligned pairs: written, compared with gold links, or used to find out the shift.

#include <memory>

#include "app/align_files.h"
#include "app/output.h"
#include "search/forced_aligner.h"

namespace weft {

class AlignmentUse {
 public:
  virtual ~AlignmentUse() = default;
  /// Before the first pair, when the output may be written to.
  virtual void start(Output& output) = 0;
  /// Throws UserError as GoldComparison::add() does.
  virtual void add(const AlignedPair& pair, const LineWithWords& target) = 0;
  /// After the last pair, while the output may be written to.
  virtual void end_output() {}
  /// Prints on standard output what was found by gold links. Throws UserError if there are more.
  virtual void finish() = 0;
};

/// Reads the gold links, if there are any. The task must outlive it.
std::unique_ptr<AlignmentUse> make_alignment_use(const AlignmentTask& task);

}  // namespace weft
