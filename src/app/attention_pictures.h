#pragma once
// Pictures of what each word of an answer looked at, as files.

#include <cstddef>
#include <optional>
#include <string>

#include "align/alignment_matrix.h"
#include "align/renderer.h"
#include "text/source_factors.h"

namespace weft {

/// Writes, for line number n from 1, DIRECTORY/n.svg and n.html with five digits, and of a picture
/// or sound n.png; or the one that is asked for alone. Over a picture, tiles whose white says where
/// a word looked; of sound, words against time (media/attention_files.h); of text, the matrix
/// (align/matrix_svg.h).
class AttentionPictures {
 public:
  /// Makes the directory. `source` is the one that is aligned; `only`: svg, png or html. Throws
  /// UserError.
  AttentionPictures(std::string directory, SourceVocabulary source,
                    std::optional<AlignmentFormat> only);
  /// `matrix` of the line; one without rows or columns has no picture. Throws UserError.
  void write(std::size_t line, const AlignmentMatrix& matrix) const;

 private:
  void write_matrix(std::size_t line, const AlignmentMatrix& matrix) const;
  bool writes(AlignmentFormat format) const { return !only_ || *only_ == format; }

  std::string directory_;
  SourceVocabulary source_;
  std::optional<AlignmentFormat> only_;
};

}  // namespace weft
