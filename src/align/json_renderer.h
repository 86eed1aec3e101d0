#pragma once
// An alignment for programs: JSON Lines.

#include <string>
#include <vector>

#include "align/renderer.h"

namespace weft {

/// One object on one line:
///   {"id": 0, "score": -1.25,
///    "source": {"text": line, "tokens": [{"text": "Hund", "begin": 4, "end": 8}, ...]},
///    "target": {...}, "matrix": [[0.9, 0.1], ...], "links": [[source, target], ...]}
/// If the source is an item, such as a picture, "source" is {"text": name}, and "grid": [rows,
/// columns] says how the columns of the matrix stand, row by row; of a sequence, in one row.
/// Besides, "from": "attention" or "aligner"; of attention, "confidence": {"coverage": 0.9,
/// "entropy": 0.2, "unaligned": [3], "hallucination": false} (confidence_of()); of a translation
/// around tags, "tagged": the line with them. `begin` and `end` count characters (code points) of
/// the line, [begin, end), and the token's text is that slice of it; they are equal where a token
/// stands for no text. Where the vocabulary calls the token something else ("▁Hund", a normalised
/// letter, a byte "<0xE4>"), that is "piece". An end of sentence has "end_of_sentence": true. The
/// matrix has one row per target token. The score is left out where there is none. Throws
/// std::out_of_range if a token's span leaves the context's line.
std::string render_json(const AlignmentMatrix& matrix, const AlignmentContext& context,
                        const std::vector<Link>& links);

}  // namespace weft
