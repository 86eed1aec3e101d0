#include "train/guidance.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <utility>

#include "base/log.h"
#include "base/stopwatch.h"
#include "train/heartbeat.h"
#include "train/link_files.h"
#include "train/link_teacher.h"

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
    guidance[i] = {
        std::move(links[i]),
        {encode_tagged(*vocabularies.sources.front().vocabulary, pairs[i].tag, pairs[i].source)
             .spans,
         std::move(target)}};
  });
  return guidance;
}

void log_guidance(const std::string& teacher, int64_t pairs, int64_t links, double seconds) {
  char text[100];
  std::snprintf(text, sizeof text, "%ld pairs, %.1f links a pair, in %.1f s", pairs,
                static_cast<double>(links) / static_cast<double>(pairs), seconds);
  log_info("guided alignment: " + teacher + ": " + text);
}

}  // namespace

std::optional<AlignerModel> guide(ParallelCorpus& corpus, const Config& config,
                                  const Vocabularies& vocabularies, const std::string& directory) {
  const Stopwatch watch;
  const Heartbeat heartbeat("aligning the training text");
  const auto& file = config.training.guided_alignment.links;
  WorkerPool pool(at::get_num_threads());
  const auto teacher = file.empty() ? teach_by_aligner(training_text(corpus, config), pool)
                                    : teach_by_file(file, source_splitting(config));
  GuidanceStore store(directory);
  auto text = training_text(corpus, config);
  int64_t links = 0;
  for (auto block = text.take(kPairBlock); !block.empty(); block = text.take(kPairBlock)) {
    const auto guidance = guidance_of(block, *teacher, vocabularies, pool);
    for (const auto& pair : guidance) links += static_cast<int64_t>(pair.words.links.size());
    store.add(guidance);
  }
  log_guidance(file.empty() ? "Weft's word aligner" : file, corpus.size(), links, watch.seconds());
  // The aligner's links follow from the text; those of a file are data of their own.
  const std::string mark = file.empty() ? std::string() : store.fingerprint();
  corpus.guide(std::move(store), mark);
  return teacher->model();
}

}  // namespace weft
