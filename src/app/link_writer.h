#pragma once
// Word links of a pair of lines in the form that was asked for.

#include <cstddef>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "align/links.h"
#include "aligner/pair_posteriors.h"
#include "app/aligner_files.h"

namespace weft {

/// What is written besides links and posteriors.
struct LinkContext {
  std::size_t id = 0;                                          ///< number of the pair, from 0
  std::vector<std::size_t> source_words, target_words;         ///< the word of each token
  const std::pair<std::string, std::string>* lines = nullptr;  ///< source and target, where shown
};

class LinkWriter {
 public:
  LinkWriter(std::ostream& out, const AlignerTask& task) : out_(out), task_(task) {}

  /// `pair`: between tokens; `links`: between words. json and text need the context's lines.
  void write(const LinkContext& context, const PairPosteriors& pair,
             const std::vector<Link>& links);

 private:
  std::ostream& out_;
  const AlignerTask& task_;
};

}  // namespace weft
