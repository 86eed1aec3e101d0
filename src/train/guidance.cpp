#include "train/guidance.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <utility>

#include "base/error.h"
#include "base/log.h"
#include "base/stopwatch.h"
#include "train/heartbeat.h"
#include "train/link_files.h"
#include "train/link_teacher.h"
#include "train/region_teacher.h"

namespace weft {
namespace {

constexpr std::size_t kPairBlock = 1000;

/// What the teacher says of some pairs, beside their pieces.
std::vector<PairGuidance> guidance_of(const std::vector<TextPair>& pairs, LinkTeacher& teacher,
                                      const Vocabularies& vocabularies, WorkerPool& pool) {
  auto links = teacher.links(pairs);
  std::vector<PairGuidance> guidance(pairs.size());
  pool.run(pairs.size(), [&](std::size_t i) {
    auto target = vocabularies.target->encode(pairs[i].target).spans;
    if (vocabularies.right_to_left) std::reverse(target.begin(), target.end());
    const auto& source = vocabularies.sources.front();
    if (source.is_text())
      guidance[i].pieces.source =
          encode_tagged(*source.vocabulary, pairs[i].tag, pairs[i].source).spans;
    guidance[i].pieces.target = std::move(target);
    guidance[i].words = std::move(links[i]);
  });
  return guidance;
}

bool has_regions(const Config& config) { return !config.training.guided_alignment.regions.empty(); }

std::unique_ptr<LinkTeacher> teacher_of(const ParallelCorpus& corpus, const Config& config,
                                        WorkerPool& pool) {
  const auto& guided = config.training.guided_alignment;
  if (has_regions(config)) return teach_by_regions(guided.regions, corpus);
  if (!guided.links.empty()) return teach_by_file(guided.links, source_splitting(config));
  return teach_by_aligner(training_text(corpus, config), pool);
}

/// The teacher's file, if it has one.
std::string file_of(const Config& config) {
  const auto& guided = config.training.guided_alignment;
  return has_regions(config) ? guided.regions : guided.links;
}

/// What was taught, of `pairs` pairs.
struct Taught {
  int64_t pairs = 0, guided = 0, links = 0;

  void add(const std::vector<PairGuidance>& block) {
    pairs += static_cast<int64_t>(block.size());
    for (const auto& pair : block) {
      guided += pair.words.links.empty() ? 0 : 1;
      links += static_cast<int64_t>(pair.words.links.size());
    }
  }
};

void log_guidance(const Taught& taught, const Config& config, double seconds) {
  const auto file = file_of(config);
  char text[100];
  if (has_regions(config)) {
    std::snprintf(text, sizeof text, "%ld of %ld pairs have regions, in %.1f s", taught.guided,
                  taught.pairs, seconds);
  } else {
    std::snprintf(text, sizeof text, "%ld pairs, %.1f links a pair, in %.1f s", taught.pairs,
                  static_cast<double>(taught.links) / static_cast<double>(taught.pairs), seconds);
  }
  log_info("guided alignment: " + (file.empty() ? "Weft's word aligner" : file) + ": " + text);
}

}  // namespace

std::optional<AlignerModel> guide(ParallelCorpus& corpus, const Config& config,
                                  const Vocabularies& vocabularies, const std::string& directory) {
  const Stopwatch watch;
  const Heartbeat heartbeat("guided alignment");
  WorkerPool pool(at::get_num_threads());
  const auto teacher = teacher_of(corpus, config, pool);
  GuidanceStore store(directory);
  auto text = training_text(corpus, config);
  Taught taught;
  for (auto block = text.take(kPairBlock); !block.empty(); block = text.take(kPairBlock)) {
    const auto guidance = guidance_of(block, *teacher, vocabularies, pool);
    taught.add(guidance);
    store.add(guidance);
  }
  const auto file = file_of(config);
  if (has_regions(config) && taught.guided == 0) {
    throw UserError({file},
                    "has regions for no pair of the training text; expected some of its items, "
                    "with its targets as their sentences (training.guided_alignment.regions)");
  }
  log_guidance(taught, config, watch.seconds());
  // The aligner's links follow from the text; what a file says is data of its own.
  const std::string mark = file.empty() ? std::string() : store.fingerprint();
  corpus.guide(std::move(store), mark);
  return teacher->model();
}

}  // namespace weft
