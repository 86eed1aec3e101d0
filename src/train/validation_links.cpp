#include "train/validation_links.h"

#include <ATen/Parallel.h>

#include <utility>

#include "align/pharaoh.h"
#include "aligner/aligner_text.h"
#include "aligner/pair_aligner.h"
#include "aligner/word_aligner.h"
#include "base/worker_pool.h"
#include "data/parallel_files.h"
#include "text/source_factors.h"
#include "train/link_files.h"
#include "train/link_teacher.h"

namespace weft {
namespace {

/// The pairs of the validation text, blank ones too.
AlignerText validation_text(const Config& config) {
  AlignerText text;
  ParallelReader reader(validation_files(config.data).first_pair());
  std::string source, target;
  while (reader.next(source, target)) {
    text.add(split_factors(source, factor_format(config)).text, target,
             {source_splitting(config), true});
  }
  return text;
}

std::vector<std::vector<Link>> links_by_aligner(const Config& config, AlignerModel model) {
  PairAligner aligner(std::move(model));
  return word_links(validation_text(config), aligner);
}

}  // namespace

std::vector<std::vector<Link>> validation_links(const Config& config, const ParallelCorpus& corpus,
                                                std::optional<AlignerModel> learnt) {
  const auto& gold = config.training.validation.gold;
  if (!gold.empty()) return read_pharaoh(gold);
  if (!learns_links(config)) return {};
  if (!learnt) {
    WorkerPool pool(at::get_num_threads());
    learnt = teach_by_aligner(training_text(corpus, config), pool)->model();
  }
  return links_by_aligner(config, std::move(*learnt));
}

std::vector<std::vector<Link>> links_for_shift(const Config& config, const ParallelCorpus& corpus) {
  constexpr std::size_t kLearntFrom = 20000, kFewest = 100;
  const auto& kinds = config.data.source_kind;
  if (config.model.attention.score == ScoreType::kNone || kinds != std::vector{SourceKind::kText})
    return {};
  const auto text = validation_text(config);
  if (text.pairs() < kFewest) return {};
  Bitext bitext;
  for (const auto& pair : training_text(corpus, config).take(kLearntFrom))
    add_pair(bitext, pair.source, aligner_line(pair.source), pair.target,
             aligner_line(pair.target));
  WorkerPool pool(at::get_num_threads());
  WordAligner learner(bitext, {}, pool);
  learner.train();
  PairAligner aligner(learner.model());
  return word_links(text, aligner);
}

}  // namespace weft
