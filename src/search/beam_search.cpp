#include "search/beam_search.h"

#include <torch/types.h>

#include <algorithm>
#include <functional>
#include <iterator>
#include <limits>
#include <map>
#include <numeric>
#include <utility>

#include "search/candidates.h"
#include "search/scoring.h"
#include "text/vocabulary.h"

namespace weft {
namespace {

/// One sentence under way, or a group of its hypotheses. They are rows
/// [first_row, first_row + live.size()) of the batch.
struct Beam {
  std::size_t sentence = 0;
  std::size_t group = 0;
  int64_t capacity = 0;
  int64_t source_tokens = 0;
  int64_t source_length = 0;  // of the source whose attention is kept
  int64_t max_length = 0;
  int64_t first_row = 0;
  std::vector<int64_t> live;  // nodes of the tree
  std::vector<Hypothesis> finished;
  std::vector<float> finished_ranks;
  bool best_has_ended = false;  // in some step the best candidate was the end
};

/// What the next step reads: the row each hypothesis goes on from, and its last token.
struct NextRows {
  std::vector<int64_t> parents, tokens;
};

/// Leaves `capacity` of the beam's candidates, best first, and of what has ended before: those of
/// the highest ranks.
void drop_overtaken(Beam& beam, std::vector<Candidate>& candidates) {
  auto& ranks = beam.finished_ranks;
  while (static_cast<int64_t>(candidates.size() + ranks.size()) > beam.capacity) {
    const auto last = std::min_element(ranks.begin(), ranks.end());
    if (last == ranks.end() || *last >= candidates.back().rank) {
      candidates.pop_back();
    } else {
      beam.finished.erase(beam.finished.begin() + (last - ranks.begin()));
      ranks.erase(last);
    }
  }
}

/// Hypotheses in the order of their ranks.
void order_by_rank(Beam& beam) {
  std::vector<std::size_t> order(beam.finished.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return beam.finished_ranks[a] > beam.finished_ranks[b];
  });
  std::vector<Hypothesis> ordered;
  for (const std::size_t index : order) ordered.push_back(std::move(beam.finished[index]));
  beam.finished = std::move(ordered);
}

class Search {
 public:
  Search(StepModel& model, const DecodingOptions& options, const SearchRequest& request)
      : model_(model), options_(options), scoring_(options), request_(request) {
    for (auto* policy : request_.policies) {
      const auto excluded = policy->excluded();
      excluded_.insert(excluded_.end(), excluded.begin(), excluded.end());
      if (policy->drawing() != Drawing::kNone) drawer_ = policy;
      if (policy->allocates()) allocator_ = policy;
    }
    for (const double ratio : request_.length_ratios) {
      auto own = options;
      own.length_ratio = ratio;
      of_sentences_.emplace_back(own);
    }
    if (drawer_ != nullptr) drawing_ = drawer_->drawing();
    stops_early_ = options.early_stopping != EarlyStopping::kNever && drawing_ == Drawing::kNone;
    // A group passes over no more tokens than the others hold.
    candidates_ = request_.diversity > 0 ? options_.beam_size : capacity_of(0);
  }

  std::vector<std::vector<Hypothesis>> run(const SourceBatch& sources) {
    begin(sources);
    const auto device = sources.front().mask.device();
    auto state = model_.start(sources, token_lists());
    if (request_.groups > 1) state = state->select(torch::tensor(rows_.parents).to(device));
    for (int64_t step = 1; !beams_.empty(); ++step) {
      auto result = model_.step(torch::tensor(rows_.tokens).to(device), *state);
      tree_.begin_step(kept_attention(result.attention, sources));
      advance(choose(result, step - 1), step);
      if (!beams_.empty()) state = result.state->select(torch::tensor(rows_.parents).to(device));
    }
    return results();
  }

 private:
  /// Those asked for, without what is excluded.
  TokenLists token_lists() const {
    if (request_.lists.empty()) return {};
    auto lists = request_.lists;
    for (auto& list : lists)
      std::erase_if(list, [&](int64_t token) {
        return std::find(excluded_.begin(), excluded_.end(), token) != excluded_.end();
      });
    return pad_lists(lists);
  }

  /// The columns of the source whose attention is kept.
  torch::Tensor kept_attention(const torch::Tensor& attention, const SourceBatch& sources) const {
    if (!request_.attention_source || !attention.defined()) return {};
    if (sources.size() == 1) return attention;
    const auto columns = columns_of(sources, *request_.attention_source);
    return attention.narrow(1, columns.begin, columns.count);
  }

  /// Hypotheses of a group; the first groups have one more where they cannot be equal.
  int64_t capacity_of(int64_t group) const {
    return options_.beam_size / request_.groups +
           (group < options_.beam_size % request_.groups ? 1 : 0);
  }

  void begin(const SourceBatch& sources) {
    const auto lengths = sources.front().mask.sum(1).to(torch::kCPU);
    const auto& kept_source = sources.at(request_.attention_source.value_or(0));
    const auto kept = kept_source.mask.sum(1).to(torch::kCPU);
    for (int64_t i = 0; i < lengths.size(0); ++i) {
      const auto sentence = static_cast<std::size_t>(i);
      const auto length = lengths[i].item<int64_t>();
      int64_t given = 0;
      for (const auto* policy : request_.policies) given += policy->given_tokens(sentence);
      for (int64_t group = 0; group < request_.groups; ++group) {
        beams_.push_back({sentence,
                          static_cast<std::size_t>(group),
                          capacity_of(group),
                          length,
                          kept[i].item<int64_t>(),
                          scoring_.length_limit(length, given),
                          static_cast<int64_t>(beams_.size()),
                          {HypothesisTree::kRoot},
                          {},
                          {}});
        rows_.parents.push_back(i);
      }
    }
    results_.resize(beams_.size());
    rows_.tokens.assign(beams_.size(), kBeginId);
  }

  /// The tokens to go on with, after `length` of every hypothesis.
  StepChoice::Candidates choose(const StepResult& result, int64_t length) const {
    const auto& logits = result.logits;
    std::vector<OpenHypothesis> open;
    for (const auto& beam : beams_) {
      for (std::size_t place = 0; place < beam.live.size(); ++place)
        open.push_back(
            {beam.sentence, beam.live[place], length + 1 >= beam.max_length, beam.group, place});
    }
    StepChoice choice(tree_, open, length);
    choice.set_columns(result.columns);
    for (auto* policy : request_.policies) policy->apply(choice);
    auto count = std::min(candidates_, logits.size(1));
    if (result.columns.are_listed()) count = std::min(count, result.columns.vocabulary);
    return drawer_ == nullptr ? choice.best(logits, count, excluded_)
                              : choice.draw(logits, count, excluded_, *drawer_);
  }

  /// Moves every sentence one token on and drops the ones that are done.
  void advance(const StepChoice::Candidates& tokens, int64_t step) {
    rows_ = {};
    chosen_.clear();
    std::vector<Beam> remaining;
    for (auto& beam : beams_) {
      extend(beam, tokens, step);
      if (beam.live.empty()) {
        end(beam);
      } else {
        remaining.push_back(std::move(beam));
      }
    }
    beams_ = std::move(remaining);
  }

  /// Puts the best continuations on the beam's finished list or into the next rows.
  void extend(Beam& beam, const StepChoice::Candidates& tokens, int64_t step) {
    const bool compete = drawing_ == Drawing::kWithoutReplacement;
    const auto free = beam.capacity - (compete ? 0 : static_cast<int64_t>(beam.finished.size()));
    auto candidates = allocator_ == nullptr ? best_candidates(tokens, beam.first_row, beam.live,
                                                              tree_, free, penalties_of(beam))
                                            : allocated_candidates(tokens, beam, free);
    if (compete) drop_overtaken(beam, candidates);
    if (!candidates.empty()) beam.best_has_ended |= candidates.front().token == kEndId;
    const auto parents = std::exchange(beam.live, {});
    const auto next_row = rows_.tokens.size();
    const auto old_first_row = std::exchange(beam.first_row, static_cast<int64_t>(next_row));
    for (const auto& candidate : candidates) {
      const auto row = old_first_row + candidate.row;
      const auto node = tree_.add({parents[static_cast<std::size_t>(candidate.row)],
                                   static_cast<int32_t>(candidate.token), candidate.log_prob, row});
      double reward = 0;
      for (auto* policy : request_.policies)
        reward += policy->reward(tree_, beam.sentence, node, step);
      tree_.set_reward(node, reward);
      if (request_.diversity > 0) ++chosen_[candidate.token];
      if (candidate.token == kEndId || step >= beam.max_length) {
        finish(beam, node, candidate.rank);
      } else {
        beam.live.push_back(node);
        rows_.parents.push_back(row);
        rows_.tokens.push_back(candidate.token);
      }
    }
    if (!stops_early_ || !is_decided(beam, step)) return;
    beam.live.clear();
    rows_.parents.resize(next_row);
    rows_.tokens.resize(next_row);
  }

  /// The best of every bank.
  std::vector<Candidate> allocated_candidates(const StepChoice::Candidates& tokens,
                                              const Beam& beam, int64_t count) {
    const int64_t banks = allocator_->banks(beam.sentence);
    const auto all = best_candidates(tokens, beam.first_row, beam.live, tree_,
                                     banks == 1 ? count : std::numeric_limits<int64_t>::max(),
                                     penalties_of(beam));
    if (banks == 1) return all;
    std::vector<int64_t> bank_of;
    for (const auto& candidate : all) {
      const auto node = beam.live[static_cast<std::size_t>(candidate.row)];
      bank_of.push_back(allocator_->bank(tree_, beam.sentence, node, candidate.token));
    }
    return share_out(all, bank_of, banks, count);
  }

  /// What groups of the same sentence chose before this one; groups stand side by side.
  const TokenPenalties* penalties_of(const Beam& beam) {
    if (request_.diversity == 0) return nullptr;
    if (beam.sentence != chosen_of_) chosen_.clear();
    chosen_of_ = beam.sentence;
    penalties_.clear();
    for (const auto& [token, times] : chosen_)
      penalties_[token] = static_cast<float>(request_.diversity * static_cast<double>(times));
    return &penalties_;
  }

  const Scoring& scoring_of(const Beam& beam) const {
    return of_sentences_.empty() ? scoring_ : of_sentences_[beam.sentence];
  }

  /// Whether the search of the beam may stop early.
  bool is_decided(const Beam& beam, int64_t step) const {
    const auto wanted =
        static_cast<std::size_t>(std::min(request_.n_best.value_or(beam.capacity), beam.capacity));
    std::vector<double> scores;
    for (const auto& hypothesis : beam.finished)
      if (hypothesis.finished) scores.push_back(hypothesis.score);
    if (scores.size() < wanted) return false;
    if (options_.early_stopping == EarlyStopping::kFirst) return beam.best_has_ended;
    double reward = 0;
    for (const auto* policy : request_.policies) reward += policy->most_reward(beam.sentence);
    const auto worst = scores.begin() + static_cast<std::ptrdiff_t>(wanted) - 1;
    std::nth_element(scores.begin(), worst, scores.end(), std::greater<>());
    return std::all_of(beam.live.begin(), beam.live.end(), [&](int64_t node) {
      return scoring_of(beam).bound(tree_.log_prob(node) + reward, step + 1, beam.max_length,
                                    beam.source_tokens) <= *worst;
    });
  }

  void finish(Beam& beam, int64_t node, float rank) {
    auto hypothesis = tree_.trace(node, beam.source_length);
    hypothesis.score = scoring_of(beam).score(hypothesis, beam.source_tokens);
    beam.finished.push_back(std::move(hypothesis));
    beam.finished_ranks.push_back(rank);
  }

  void end(Beam& beam) {
    if (drawing_ == Drawing::kWithoutReplacement) order_by_rank(beam);
    const auto groups = static_cast<std::size_t>(request_.groups);
    results_[beam.sentence * groups + beam.group] = std::move(beam.finished);
  }

  /// Of each sentence, those of its groups.
  std::vector<std::vector<Hypothesis>> results() {
    const auto groups = static_cast<std::size_t>(request_.groups);
    std::vector<std::vector<Hypothesis>> joined(results_.size() / groups);
    for (std::size_t i = 0; i < results_.size(); ++i) {
      auto& of_sentence = joined[i / groups];
      std::move(results_[i].begin(), results_[i].end(), std::back_inserter(of_sentence));
    }
    if (drawing_ == Drawing::kNone)
      for (auto& hypotheses : joined) Scoring::rank(hypotheses);
    return joined;
  }

  StepModel& model_;
  const DecodingOptions& options_;
  Scoring scoring_;
  std::vector<Scoring> of_sentences_;  // none: all alike
  const SearchRequest& request_;
  TokenPolicy* drawer_ = nullptr;
  TokenPolicy* allocator_ = nullptr;
  Drawing drawing_ = Drawing::kNone;
  bool stops_early_ = false;
  int64_t candidates_ = 0;                           // of a row
  std::vector<int64_t> excluded_{kPadId, kBeginId};  // these two are no words
  HypothesisTree tree_;
  std::vector<Beam> beams_;
  NextRows rows_;
  std::map<int64_t, int64_t> chosen_;  // times by token, in this step, of the sentence chosen_of_
  std::size_t chosen_of_ = 0;
  TokenPenalties penalties_;
  std::vector<std::vector<Hypothesis>> results_;  // of each sentence, group by group
};

}  // namespace

std::vector<std::vector<Hypothesis>> beam_search(StepModel& model, const SourceBatch& sources,
                                                 const DecodingOptions& options,
                                                 const SearchRequest& request) {
  TORCH_CHECK(options.beam_size >= 1, "beam_size is ", options.beam_size, "; expected at least 1");
  TORCH_CHECK(request.groups >= 1 && request.groups <= options.beam_size, request.groups,
              " groups of ", options.beam_size, " hypotheses");
  TORCH_CHECK(options.coverage_penalty == 0 || request.attention_source.has_value(),
              "coverage is asked for without attention");
  return Search(model, options, request).run(sources);
}

}  // namespace weft
