#pragma once
// Which target token a row describes.

#include "align/alignment_matrix.h"

namespace weft {

/// The matrix whose row i + shift is row i of `matrix`: what attention looked at in the step of one
/// token is taken for the token `shift` after it. Where no such step is, the nearest one speaks.
/// Attention whose query has read the last word and not yet the next may describe the last one:
/// Luong et al. 2015 (arXiv:1508.04025), footnote 14; Chen et al. 2020, Accurate Word Alignment
/// Induction from Neural Machine Translation (2020.emnlp-main.42), section 3.
AlignmentMatrix shift_rows(AlignmentMatrix matrix, int shift);

}  // namespace weft
