#include "search/explain.h"

#include <torch/types.h>

#include <algorithm>
#include <utility>

#include "data/to_device.h"

namespace weft {
namespace {

struct ExplainedPair {
  const ExplainedSource* source;
  Hypothesis* hypothesis;
};

void explain_pairs(StepModel& model, const std::vector<ExplainedPair>& pairs, std::size_t aligned) {
  std::vector<EncodedPair> tokens;
  std::vector<const OtherReadings*> readings;
  for (const auto& [source, hypothesis] : pairs) {
    tokens.push_back({source->sources, hypothesis->tokens});
    readings.push_back(source->readings);
  }
  auto batch = to_device(make_batch(std::move(tokens)), model.device());
  put_onto_first(batch.sources, readings);
  const auto columns = columns_of(batch.sources, aligned);
  const auto weights =
      model.explain(batch).narrow(2, columns.begin, columns.count).to(torch::kCPU);  // [B, T, S]
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    const auto& ids = pairs[i].source->sources.at(aligned).ids;
    const auto rows = static_cast<int64_t>(pairs[i].hypothesis->token_log_probs.size());
    pairs[i].hypothesis->attention = weights[static_cast<int64_t>(i)]
                                         .narrow(0, 0, rows)
                                         .narrow(1, 0, static_cast<int64_t>(ids.size()) + 1);
  }
}

}  // namespace

void explain(StepModel& model, const std::vector<ExplainedSource>& sources, std::size_t aligned,
             std::size_t together) {
  std::vector<ExplainedPair> pairs;
  for (const auto& source : sources) {
    for (std::size_t k = 0; k < std::min(source.count, source.hypotheses->size()); ++k) {
      pairs.push_back({&source, &(*source.hypotheses)[k]});
      if (pairs.size() < together) continue;
      explain_pairs(model, pairs, aligned);
      pairs.clear();
    }
  }
  if (!pairs.empty()) explain_pairs(model, pairs, aligned);
}

}  // namespace weft
