#include "nn/attention_score.h"

#include <torch/types.h>

#include "nn/additive_score.h"
#include "nn/dot_score.h"
#include "nn/feed_forward_score.h"
#include "nn/location_score.h"

namespace weft {

AttentionScore make_attention_score(const AttentionOptions& options,
                                    const AttentionWidths& widths) {
  switch (options.score) {
    case ScoreType::kNone:
      return nullptr;
    case ScoreType::kAdditive:
      return std::make_shared<AdditiveScoreImpl>(widths, options.width, options.heads);
    case ScoreType::kDot:
      return std::make_shared<DotScoreImpl>(widths, options.heads);
    case ScoreType::kScaledDot:
      return std::make_shared<ScaledDotScoreImpl>(widths, options.width, options.heads);
    case ScoreType::kGeneral:
      return std::make_shared<GeneralScoreImpl>(widths, options.heads);
    case ScoreType::kLocation:
      return std::make_shared<LocationScoreImpl>(widths, options.positions, options.heads);
    case ScoreType::kFeedForward:
      return std::make_shared<FeedForwardScoreImpl>(widths, options.heads);
  }
  TORCH_CHECK(false, "unknown attention score");
}

}  // namespace weft
