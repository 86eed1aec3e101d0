#pragma once
// Who knows which words of a training text translate each other.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "aligner/aligner_model.h"
#include "base/words.h"
#include "base/worker_pool.h"
#include "data/corpus.h"
#include "data/parallel_files.h"
#include "data/soft_links.h"
#include "text/source_factors.h"

namespace weft {

/// Pairs of a corpus as text.
struct TextPair {
  int64_t line = 0;    ///< in the files, from 1
  std::string source;  ///< without factors and tag
  std::string target;
  std::string tag = {};  ///< its corpus's
};

/// The pairs of `corpus`, in its order, read from `files` once more.
class CorpusText {
 public:
  CorpusText(const ParallelFiles& files, const FactorFormat& factors, const ParallelCorpus& corpus);
  /// At most `count` of the pairs that come next; none at the end.
  std::vector<TextPair> take(std::size_t count);

 private:
  ParallelReader reader_;
  FactorFormat factors_;
  const ParallelCorpus& corpus_;
  int64_t next_ = 0;
};

class LinkTeacher {
 public:
  virtual ~LinkTeacher() = default;
  /// The links of the pairs that come next; all are asked for, in the order of the corpus.
  virtual std::vector<PairLinks> links(const std::vector<TextPair>& pairs) = 0;
  /// What it has learnt from the text, if it has.
  virtual std::optional<AlignerModel> model() const { return std::nullopt; }
};

/// The training text of `corpus`.
CorpusText training_text(const ParallelCorpus& corpus, const Config& config);

/// Weft's word aligner (aligner/word_aligner.h), trained on all of `text`. A link's strength is the
/// mean of the two directions' posteriors; those below 0.1 are left out. `pool` must outlive it.
std::unique_ptr<LinkTeacher> teach_by_aligner(CorpusText text, WorkerPool& pool);

/// Pharaoh links between the words of the lines, source lines cut as `splitting` says.
std::unique_ptr<LinkTeacher> teach_by_file(const std::string& path, WordSplitting splitting);

}  // namespace weft
