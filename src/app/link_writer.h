#pragma once
// Word links of a pair of lines in the form that was asked for.

#include <cstddef>
#include <ostream>
#include <vector>

#include "align/links.h"
#include "aligner/aligner_text.h"
#include "aligner/pair_posteriors.h"
#include "app/aligner_files.h"
#include "app/pair_lines.h"

namespace weft {

class LinkWriter {
 public:
  LinkWriter(std::ostream& out, const AlignerTask& task) : out_(out), task_(task) {}

  /// Pair `k` of `text`. `lines`: of the pair; needed by json and text.
  void write(const AlignerText& text, std::size_t k, const PairPosteriors& posteriors,
             const std::vector<Link>& links, const LinePair* lines);

 private:
  std::ostream& out_;
  const AlignerTask& task_;
  std::size_t id_ = 0;  // of the pair, from 0
};

}  // namespace weft
