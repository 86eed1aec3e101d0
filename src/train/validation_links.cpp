#include "train/validation_links.h"

#include <ATen/Parallel.h>

#include <utility>

#include "align/pharaoh.h"
#include "aligner/aligner_text.h"
#include "aligner/pair_aligner.h"
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
  const auto text = validation_text(config);
  std::vector<std::vector<Link>> links;
  for (std::size_t k = 0; k < text.pairs(); ++k) {
    const auto posteriors = aligner.align(text.source_tokens(k), text.target_tokens(k));
    links.push_back(text.links_of_words(k, posterior_links(posteriors)));
  }
  return links;
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

}  // namespace weft
