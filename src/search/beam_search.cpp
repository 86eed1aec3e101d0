#include "search/beam_search.h"

#include <torch/types.h>

#include <algorithm>
#include <limits>
#include <tuple>
#include <utility>

#include "search/scoring.h"
#include "text/vocabulary.h"

namespace weft {
namespace {

constexpr float kImpossible = -std::numeric_limits<float>::infinity();

/// One sentence under way. Its hypotheses are rows [first_row, first_row + live.size()) of the
/// batch.
struct Beam {
  std::size_t sentence = 0;
  int64_t source_length = 0;  // of the source whose attention is kept
  int64_t max_length = 0;
  int64_t first_row = 0;
  std::vector<int64_t> live;  // nodes of the tree
  std::vector<Hypothesis> finished;
};

/// What the next step reads: the row each hypothesis goes on from, and its last token.
struct NextRows {
  std::vector<int64_t> parents, tokens;
};

/// A hypothesis, one token longer.
struct Candidate {
  float rank;
  float log_prob;
  int64_t row;  // within the beam
  int64_t token;
};

/// The best continuations of a sentence's hypotheses, best first, at most `count`.
std::vector<Candidate> best_candidates(const StepChoice::Candidates& tokens, const Beam& beam,
                                       const HypothesisTree& tree, int64_t count) {
  const auto ranks = tokens.ranks.accessor<float, 2>();
  const auto log_probs = tokens.log_probs.accessor<float, 2>();
  const auto ids = tokens.tokens.accessor<int64_t, 2>();
  std::vector<Candidate> all;
  for (std::size_t row = 0; row < beam.live.size(); ++row) {
    const auto batch_row = beam.first_row + static_cast<int64_t>(row);
    const auto so_far = static_cast<float>(tree.log_prob(beam.live[row]));
    for (int64_t k = 0; k < std::min(count, ranks.size(1)); ++k) {
      const Candidate candidate{so_far + ranks[batch_row][k], so_far + log_probs[batch_row][k],
                                static_cast<int64_t>(row), ids[batch_row][k]};
      // False also of a NaN.
      if (candidate.rank > kImpossible && candidate.log_prob > kImpossible)
        all.push_back(candidate);
    }
  }
  const auto kept = std::min(static_cast<std::size_t>(count), all.size());
  std::partial_sort(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(kept), all.end(),
                    [](const Candidate& a, const Candidate& b) {
                      return std::tie(b.rank, a.row, a.token) < std::tie(a.rank, b.row, b.token);
                    });
  all.resize(kept);
  return all;
}

class Search {
 public:
  Search(StepModel& model, const DecodingOptions& options, const SearchRequest& request)
      : model_(model), scoring_(options), beam_size_(options.beam_size), request_(request) {
    for (const auto* policy : request_.policies) {
      const auto excluded = policy->excluded();
      excluded_.insert(excluded_.end(), excluded.begin(), excluded.end());
    }
  }

  std::vector<std::vector<Hypothesis>> run(const SourceBatch& sources) {
    begin(sources);
    const auto device = sources.front().mask.device();
    auto state = model_.start(sources);
    for (int64_t step = 1; !beams_.empty(); ++step) {
      auto result = model_.step(torch::tensor(rows_.tokens).to(device), *state);
      tree_.begin_step(kept_attention(result.attention, sources));
      advance(choose(result.logits, step - 1), step);
      if (!beams_.empty()) state = result.state->select(torch::tensor(rows_.parents).to(device));
    }
    for (auto& hypotheses : results_) Scoring::rank(hypotheses);
    return std::move(results_);
  }

 private:
  /// The columns of the source whose attention is kept.
  torch::Tensor kept_attention(const torch::Tensor& attention, const SourceBatch& sources) const {
    if (!request_.attention_source || !attention.defined()) return {};
    if (sources.size() == 1) return attention;
    const auto columns = columns_of(sources, *request_.attention_source);
    return attention.narrow(1, columns.begin, columns.count);
  }

  void begin(const SourceBatch& sources) {
    const auto lengths = sources.front().mask.sum(1).to(torch::kCPU);
    const auto& kept_source = sources.at(request_.attention_source.value_or(0));
    const auto kept = kept_source.mask.sum(1).to(torch::kCPU);
    for (int64_t i = 0; i < lengths.size(0); ++i) {
      const auto sentence = static_cast<std::size_t>(i);
      auto limit = scoring_.length_limit(lengths[i].item<int64_t>());
      for (const auto* policy : request_.policies) limit += policy->given_tokens(sentence);
      beams_.push_back({sentence, kept[i].item<int64_t>(), limit, i, {HypothesisTree::kRoot}, {}});
    }
    results_.resize(beams_.size());
    rows_.tokens.assign(beams_.size(), kBeginId);
  }

  /// The tokens to go on with, after `length` of every hypothesis.
  StepChoice::Candidates choose(const torch::Tensor& logits, int64_t length) const {
    std::vector<OpenHypothesis> open;
    for (const auto& beam : beams_) {
      for (const int64_t node : beam.live)
        open.push_back({beam.sentence, node, length + 1 >= beam.max_length});
    }
    StepChoice choice(tree_, open, length);
    for (auto* policy : request_.policies) policy->apply(choice);
    return choice.best(logits, std::min(beam_size_, logits.size(1)), excluded_);
  }

  /// Moves every sentence one token on and drops the ones that are done.
  void advance(const StepChoice::Candidates& tokens, int64_t step) {
    rows_ = {};
    std::vector<Beam> remaining;
    for (auto& beam : beams_) {
      extend(beam, tokens, step);
      if (beam.live.empty()) {
        results_[beam.sentence] = std::move(beam.finished);
      } else {
        remaining.push_back(std::move(beam));
      }
    }
    beams_ = std::move(remaining);
  }

  /// Puts the best continuations on the beam's finished list or into the next rows.
  void extend(Beam& beam, const StepChoice::Candidates& tokens, int64_t step) {
    const auto free = beam_size_ - static_cast<int64_t>(beam.finished.size());
    const auto candidates = best_candidates(tokens, beam, tree_, free);
    const auto parents = std::exchange(beam.live, {});
    const auto old_first_row =
        std::exchange(beam.first_row, static_cast<int64_t>(rows_.tokens.size()));
    for (const auto& candidate : candidates) {
      const auto row = old_first_row + candidate.row;
      const auto node = tree_.add({parents[static_cast<std::size_t>(candidate.row)],
                                   static_cast<int32_t>(candidate.token), candidate.log_prob, row});
      if (candidate.token == kEndId || step >= beam.max_length) {
        finish(beam, node);
      } else {
        beam.live.push_back(node);
        rows_.parents.push_back(row);
        rows_.tokens.push_back(candidate.token);
      }
    }
  }

  void finish(Beam& beam, int64_t node) {
    auto hypothesis = tree_.trace(node, beam.source_length);
    hypothesis.score = scoring_.score(hypothesis);
    beam.finished.push_back(std::move(hypothesis));
  }

  StepModel& model_;
  Scoring scoring_;
  int64_t beam_size_;
  const SearchRequest& request_;
  std::vector<int64_t> excluded_{kPadId, kBeginId};  // these two are no words
  HypothesisTree tree_;
  std::vector<Beam> beams_;
  NextRows rows_;
  std::vector<std::vector<Hypothesis>> results_;
};

}  // namespace

std::vector<std::vector<Hypothesis>> beam_search(StepModel& model, const SourceBatch& sources,
                                                 const DecodingOptions& options,
                                                 const SearchRequest& request) {
  TORCH_CHECK(options.beam_size >= 1, "beam_size is ", options.beam_size, "; expected at least 1");
  return Search(model, options, request).run(sources);
}

}  // namespace weft
