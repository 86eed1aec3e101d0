#pragma once
// Line i of the source beside line i of the target.

#include <optional>
#include <string>
#include <vector>

#include "config/data_options.h"
#include "data/line_stream.h"
#include "data/pair_weights.h"

namespace weft {

/// Files of all sides; all files of a side count as one text.
struct ParallelFiles {
  std::vector<std::vector<TextColumn>> sources;  ///< of each source, at least one
  std::vector<TextColumn> target;
  std::vector<std::string> sentence_weights = {};  ///< see WeightReader; none, or for each corpus
  std::vector<std::string> word_weights = {};
  bool file_by_file = false;  ///< file i of each side has as many lines as file i of the others

  bool has_weights() const { return !sentence_weights.empty() || !word_weights.empty(); }
  /// The first source and the target alone, without weights.
  ParallelFiles first_pair() const { return {{sources.front()}, target}; }
};

ParallelFiles training_files(const DataOptions& data);
ParallelFiles validation_files(const DataOptions& data);

/// Reads all sides in step.
class ParallelReader {
 public:
  explicit ParallelReader(const ParallelFiles& files);

  /// Puts the next lines into `sources`, one of each source, and `target`; false at the end. Throws
  /// UserError as LineReader does, and if one side ends before another: the message names both
  /// totals.
  bool next(std::vector<std::string>& sources, std::string& target);
  /// The same where there is one source.
  bool next(std::string& source, std::string& target);
  /// Those of the last pair.
  const PairWeights& weights() const { return pair_weights_; }
  /// Number of the first source's file that the last line is from, from 0.
  std::size_t file() const { return sources_.front().file(); }
  /// Lines of each side read so far.
  int64_t count() const { return target_.count(); }
  /// Where the lines of pair number `pair` stand, from 1, if it has been read.
  const LinePlaces& source_places(std::size_t source = 0) const {
    return sources_[source].places();
  }
  const LinePlaces& target_places() const { return target_.places(); }

 private:
  bool require_equal(bool read, LineStream& other, bool other_read);

  std::vector<LineStream> sources_;
  LineStream target_;
  std::optional<WeightReader> weights_;
  PairWeights pair_weights_;
};

/// Files that are one side each.
std::vector<TextColumn> whole_files(const std::vector<std::string>& paths);

}  // namespace weft
