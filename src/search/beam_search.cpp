#include "search/beam_search.h"

#include <torch/torch.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "text/vocabulary.h"

namespace weft {
namespace {

constexpr float kImpossible = -std::numeric_limits<float>::infinity();

/// One sentence under way.
struct Beam {
  std::size_t sentence = 0;
  int64_t source_length = 0;
  int64_t max_length = 0;
  std::vector<int64_t>
      live;  // nodes of the tree, one per row of the batch; kept at the batch's width
  std::vector<Hypothesis> finished;
};

/// What the next step reads: one entry per row, and the sentences that are still there.
struct NextRows {
  std::vector<int64_t> sentences, parents, tokens;
  std::vector<float> scores;
};

/// The best continuations of each sentence: [B, K] log-probabilities, and which row and token they
/// are.
struct Candidates {
  torch::Tensor log_probs,
      positions;  // float and int64 [B, K] on the CPU; position = row in beam · V + token
};

Candidates best_candidates(const torch::Tensor& log_probs, const std::vector<float>& scores,
                           int64_t sentences, int64_t beam_size) {
  const auto so_far = torch::tensor(scores).to(log_probs.device());
  auto totals = (log_probs + so_far.unsqueeze(1));  // [N, V]
  // Padding and the begin of sentence are no words.
  totals.select(1, kPadId).fill_(kImpossible);
  totals.select(1, kBeginId).fill_(kImpossible);
  totals = totals.view({sentences, -1});  // [B, K·V]
  const auto best = totals.topk(std::min(beam_size, totals.size(1)), 1);
  return {std::get<0>(best).to(torch::kCPU).contiguous(),
          std::get<1>(best).to(torch::kCPU).contiguous()};
}

class Search {
 public:
  Search(StepModel& model, const BeamOptions& options) : model_(model), options_(options) {}

  std::vector<std::vector<Hypothesis>> run(const SourceBatch& source) {
    begin(source);
    auto state = model_.start(source);
    for (int64_t step = 1; !beams_.empty(); ++step) {
      const auto tokens = torch::tensor(rows_.tokens).to(source.mask.device());
      auto result = model_.step(tokens, state);
      tree_.begin_step(options_.keep_attention ? result.attention : torch::Tensor());
      const auto sentences = static_cast<int64_t>(beams_.size());
      advance(best_candidates(result.log_probs, rows_.scores, sentences, options_.beam_size), step,
              result.log_probs.size(1));
      if (!beams_.empty()) state = select(result.state, sentences);
    }
    for (auto& hypotheses : results_) rank(hypotheses);
    return std::move(results_);
  }

 private:
  void begin(const SourceBatch& source) {
    const auto lengths = source.mask.sum(1).to(torch::kCPU);
    for (int64_t i = 0; i < lengths.size(0); ++i) {
      const auto length = lengths[i].item<int64_t>();
      const auto limit =
          static_cast<int64_t>(options_.max_length_factor * static_cast<double>(length)) +
          kExtraLength;
      beams_.push_back({static_cast<std::size_t>(i), length, limit, {HypothesisTree::kRoot}, {}});
    }
    results_.resize(beams_.size());
    rows_.tokens.assign(beams_.size(), kBeginId);
    rows_.scores.assign(beams_.size(), 0);
  }

  /// Moves every sentence one token on and drops the ones that are done.
  void advance(const Candidates& candidates, int64_t step, int64_t vocabulary) {
    rows_ = {};
    std::vector<Beam> remaining;
    const auto width = static_cast<int64_t>(beams_.front().live.size());
    for (std::size_t b = 0; b < beams_.size(); ++b) {
      auto& beam = beams_[b];
      extend(beam, candidates, static_cast<int64_t>(b), width, vocabulary, step);
      if (beam.live.empty()) {
        results_[beam.sentence] = std::move(beam.finished);
      } else {
        rows_.sentences.push_back(static_cast<int64_t>(b));
        remaining.push_back(std::move(beam));
      }
    }
    beams_ = std::move(remaining);
  }

  /// Puts the candidates of beam number `b` on its finished list or into the next rows.
  void extend(Beam& beam, const Candidates& candidates, int64_t b, int64_t width,
              int64_t vocabulary, int64_t step) {
    const auto scores = candidates.log_probs.accessor<float, 2>()[b];
    const auto positions = candidates.positions.accessor<int64_t, 2>()[b];
    const auto free = options_.beam_size - static_cast<int64_t>(beam.finished.size());
    std::vector<int64_t> live;
    const auto first_row = rows_.tokens.size();
    for (int64_t k = 0; k < std::min(free, candidates.log_probs.size(1)); ++k) {
      if (scores[k] == kImpossible) break;
      const int64_t row = positions[k] / vocabulary, token = positions[k] % vocabulary;
      const auto parent = beam.live[static_cast<std::size_t>(row)];
      const auto node =
          tree_.add({parent, static_cast<int32_t>(token), scores[k], b * width + row});
      if (token == kEndId || step >= beam.max_length) {
        finish(beam, node);
      } else {
        live.push_back(node);
        push_row(b * width + row, token, scores[k]);
      }
    }
    beam.live = std::move(live);
    // Rows of ended hypotheses stay, so that the batch is a rectangle, but can win nothing.
    while (!beam.live.empty() && static_cast<int64_t>(beam.live.size()) < options_.beam_size) {
      push_row(rows_.parents[first_row], rows_.tokens[first_row], kImpossible);
      beam.live.push_back(beam.live.front());
    }
  }

  void push_row(int64_t parent, int64_t token, float score) {
    rows_.parents.push_back(parent);
    rows_.tokens.push_back(token);
    rows_.scores.push_back(score);
  }

  void finish(Beam& beam, int64_t node) {
    auto hypothesis = tree_.trace(node, beam.source_length);
    const auto length = static_cast<double>(hypothesis.token_log_probs.size());
    hypothesis.score = hypothesis.log_prob / std::pow(length, options_.length_normalization);
    beam.finished.push_back(std::move(hypothesis));
  }

  SearchState select(const SearchState& state, int64_t sentences_before) const {
    const auto device = state.memories[0].mask.device();
    const auto hypotheses = torch::tensor(rows_.parents).to(device);
    if (static_cast<int64_t>(rows_.sentences.size()) == sentences_before)
      return state.select_hypotheses(hypotheses);
    return state.select(torch::tensor(rows_.sentences).to(device), hypotheses);
  }

  /// Complete translations before those that the length limit cut off, then by score.
  static void rank(std::vector<Hypothesis>& hypotheses) {
    std::stable_sort(hypotheses.begin(), hypotheses.end(),
                     [](const Hypothesis& a, const Hypothesis& b) {
                       return a.finished != b.finished ? a.finished : a.score > b.score;
                     });
  }

  StepModel& model_;
  BeamOptions options_;
  HypothesisTree tree_;
  std::vector<Beam> beams_;
  NextRows rows_;
  std::vector<std::vector<Hypothesis>> results_;
};

}  // namespace

std::vector<std::vector<Hypothesis>> beam_search(StepModel& model, const SourceBatch& source,
                                                 const BeamOptions& options) {
  TORCH_CHECK(options.beam_size >= 1, "beam_size is ", options.beam_size, "; expected at least 1");
  return Search(model, options).run(source);
}

}  // namespace weft
