#include "aligner/word_aligner.h"

#include <algorithm>
#include <utility>

#include "aligner/spelling.h"

namespace weft {
namespace {

/// Splits pairs into tasks of about as many cells each.
std::vector<std::size_t> even_chunks(const Bitext& bitext) {
  constexpr std::size_t kCells = 1 << 16;
  std::vector<std::size_t> chunks{0};
  std::size_t cells = 0;
  for (std::size_t k = 0; k < bitext.pairs(); ++k) {
    cells += bitext.cells(k) + 1;
    if (cells < kCells) continue;
    chunks.push_back(k + 1);
    cells = 0;
  }
  if (chunks.back() != bitext.pairs()) chunks.push_back(bitext.pairs());
  return chunks;
}

std::vector<float> spelling_of(const Bitext& bitext, const PairIndex& pairs,
                               const AlignerOptions& options, WorkerPool& pool) {
  if (options.lexicon.spelling <= 0.0) return std::vector<float>(pairs.size(), 0.0f);
  return spelling_likeness(bitext, pairs, options.romanize, pool);
}

/// What of a link is counted.
float counted(float p, float r, const AlignerOptions& options) {
  switch (options.direction) {
    case AlignerDirection::kForward:
      return p;
    case AlignerDirection::kBackward:
      return r;
    case AlignerDirection::kBoth:
      break;
  }
  return options.agreement == Agreement::kProduct ? p * r : agreement(p, r);
}

}  // namespace

WordAligner::WordAligner(const Bitext& bitext, const AlignerOptions& options, WorkerPool& pool)
    : bitext_(bitext),
      options_(options),
      moves_(options.moves.for_text(bitext.occurrences())),
      pool_(pool),
      pairs_(bitext, pool, options.pruning),
      units_(bitext, pairs_, pool),
      jumps_(bitext.source.frequencies(), bitext.target.frequencies(), options.jump_classes, moves_,
             options.target_classes),
      lexicon_(bitext, pairs_, spelling_of(bitext, pairs_, options, pool), options.lexicon),
      source_fertility_(bitext.source),
      target_fertility_(bitext.target),
      counts_(lexicon_.zero_counts()),
      last_(std::make_unique<FixedProbability[]>(pairs_.begin(bitext.pairs()))),
      source_nothing_last_(bitext.source.begin(bitext.pairs()), 0),
      target_nothing_last_(bitext.target.begin(bitext.pairs()), 0),
      chunks_(even_chunks(bitext)) {}

std::unique_ptr<PairJudge> WordAligner::take_judge() {
  const std::lock_guard lock(mutex_);
  if (idle_.empty()) return std::make_unique<PairJudge>(jumps_);
  auto judge = std::move(idle_.back());
  idle_.pop_back();
  return judge;
}

void WordAligner::put_back(std::unique_ptr<PairJudge> judge) {
  const std::lock_guard lock(mutex_);
  idle_.push_back(std::move(judge));
}

void WordAligner::set_dropped(std::size_t k, PairJudge& judge) const {
  const auto source = bitext_.source.sentence(k);
  const auto target = bitext_.target.sentence(k);
  for (std::size_t s = 0; s < source.size(); ++s) {
    const float dropped = lexicon_.forward_dropped(source[s]);
    for (std::size_t t = 0; t < target.size(); ++t)
      judge.forward_emissions.words.row(t)[s] = dropped;
  }
  for (std::size_t t = 0; t < target.size(); ++t) {
    const float dropped = lexicon_.backward_dropped(target[t]);
    for (std::size_t s = 0; s < source.size(); ++s)
      judge.backward_emissions.words.row(s)[t] = dropped;
  }
}

void WordAligner::set_emissions(std::size_t k, PairJudge& judge) const {
  const auto source = bitext_.source.sentence(k);
  const auto target = bitext_.target.sentence(k);
  judge.resize(source.size(), target.size());
  auto& forward = judge.forward_emissions;
  auto& backward = judge.backward_emissions;
  // What was dropped, and then what was kept.
  if (pairs_.begin(k + 1) - pairs_.begin(k) != bitext_.cells(k)) set_dropped(k, judge);
  const float own = options_.variational ? 1.0f : 0.0f;
  pairs_.for_each_cell(k, source.size(), target.size(),
                       [&](std::size_t s, std::size_t t, std::size_t cell, PairIndex::Id pair) {
                         const auto& entry = lexicon_.entry(pair);
                         const float q = own * from_fixed(last_[cell]);
                         forward.words.row(t)[s] = lexicon_.forward(entry, source[s], q);
                         backward.words.row(s)[t] = lexicon_.backward(entry, target[t], q);
                       });
  const FixedProbability* source_last = source_nothing_last_.data() + bitext_.source.begin(k);
  const FixedProbability* target_last = target_nothing_last_.data() + bitext_.target.begin(k);
  for (std::size_t t = 0; t < target.size(); ++t)
    forward.nothing[t] = lexicon_.forward_nothing(target[t], own * from_fixed(target_last[t]));
  for (std::size_t s = 0; s < source.size(); ++s)
    backward.nothing[s] = lexicon_.backward_nothing(source[s], own * from_fixed(source_last[s]));
}

void WordAligner::scale_by_fertility(std::size_t k, PairJudge& judge) const {
  thread_local std::vector<float> source, target;
  source.clear();
  target.clear();
  for (std::size_t n = bitext_.source.begin(k); n < bitext_.source.begin(k + 1); ++n)
    source.push_back(source_fertility_.factor(n));
  for (std::size_t n = bitext_.target.begin(k); n < bitext_.target.begin(k + 1); ++n)
    target.push_back(target_fertility_.factor(n));
  judge.scale_emissions(source, target);
}

void WordAligner::count_fertility(std::size_t k, PairJudge& judge) {
  const auto count = [k](const TextSide& side, std::span<const float> had, Fertility& fertility) {
    const auto words = side.sentence(k);
    for (std::size_t n = 0; n < words.size(); ++n)
      fertility.count(side.begin(k) + n, words[n], had[n]);
  };
  count(bitext_.source, judge.source_fertility(), source_fertility_);
  count(bitext_.target, judge.target_fertility(), target_fertility_);
}

void WordAligner::judge(std::size_t k, PairJudge::Model model, PairJudge& judge) const {
  set_emissions(k, judge);
  if (options_.fertility && model != PairJudge::Model::kModel1) scale_by_fertility(k, judge);
  judge.judge(bitext_.source.sentence(k), bitext_.target.sentence(k), jumps_, model);
}

void WordAligner::count(std::size_t k, const PairJudge& judge) {
  const auto source = bitext_.source.sentence(k);
  const auto target = bitext_.target.sentence(k);
  pairs_.for_each_cell(k, source.size(), target.size(),
                       [&](std::size_t s, std::size_t t, std::size_t cell, PairIndex::Id pair) {
                         const float p = judge.forward.words.row(t)[s];
                         const float r = judge.backward.words.row(s)[t];
                         last_[cell] = to_fixed(counted(p, r, options_));
                         if (last_[cell] > 0) add_atomically(counts_.pairs[pair], last_[cell]);
                       });
  FixedProbability* source_last = source_nothing_last_.data() + bitext_.source.begin(k);
  FixedProbability* target_last = target_nothing_last_.data() + bitext_.target.begin(k);
  for (std::size_t t = 0; t < target.size(); ++t) {
    target_last[t] = to_fixed(judge.forward.nothing[t]);
    add_atomically(counts_.target_nothing[target[t]], target_last[t]);
  }
  for (std::size_t s = 0; s < source.size(); ++s) {
    source_last[s] = to_fixed(judge.backward.nothing[s]);
    add_atomically(counts_.source_nothing[source[s]], source_last[s]);
  }
}

void WordAligner::iterate(bool hmm) {
  const auto model = hmm ? PairJudge::Model::kCountedHmm : PairJudge::Model::kModel1;
  counts_ = lexicon_.zero_counts();
  pool_.run(chunks_.size() - 1, [&](std::size_t chunk) {
    auto judge = take_judge();
    for (std::size_t k = chunks_[chunk]; k < chunks_[chunk + 1]; ++k) {
      if (bitext_.cells(k) == 0) continue;
      this->judge(k, model, *judge);
      count(k, *judge);
      if (hmm && options_.fertility) count_fertility(k, *judge);
    }
    put_back(std::move(judge));
  });
  if (hmm) {
    DirectionCounts forward(jumps_.source_classes.size(), jumps_.target_classes.size());
    DirectionCounts backward(jumps_.target_classes.size(), jumps_.source_classes.size());
    for (const auto& judge : idle_) {
      forward.add(judge->forward_counts);
      backward.add(judge->backward_counts);
      judge->forward_counts.clear();
      judge->backward_counts.clear();
    }
    jumps_.estimate(forward, backward);
    source_fertility_.estimate(pool_);
    target_fertility_.estimate(pool_);
  }
  lexicon_.estimate(counts_, units_);
}

// The last iteration's posteriors are the answer, which nobody learns from any more.
void WordAligner::train(const Report& report) {
  for (int done = 0; done < iterations(); ++done) {
    iterate(done >= options_.model1_iterations);
    if (report) report(done + 1);
  }
}

std::vector<PairPosteriors> WordAligner::posteriors(std::size_t begin, std::size_t end) {
  std::vector<PairPosteriors> answers(end - begin);
  const auto model =
      options_.hmm_iterations > 0 ? PairJudge::Model::kHmm : PairJudge::Model::kModel1;
  pool_.run(answers.size(), [&](std::size_t n) {
    const std::size_t k = begin + n;
    if (bitext_.cells(k) == 0) return;
    auto judge = take_judge();
    this->judge(k, model, *judge);
    answers[n] = judge->posteriors();
    put_back(std::move(judge));
  });
  return answers;
}

AlignerModel WordAligner::model() const {
  constexpr float kWorthKeeping = 0.01f;
  AlignerModel model;
  model.options = lexicon_.options();
  model.moves = moves_;
  model.jump_classes = options_.jump_classes;
  model.romanize = options_.romanize;
  model.hmm = options_.hmm_iterations > 0;
  model.fertility = options_.fertility && options_.hmm_iterations > 1;
  model.forward_jumps = jumps_.forward.weights();
  model.backward_jumps = jumps_.backward.weights();
  model.forward_factors = jumps_.forward_factors.weights();
  model.backward_factors = jumps_.backward_factors.weights();
  model.source = lexicon_.source_side(bitext_.source);
  model.target = lexicon_.target_side(bitext_.target);
  for (WordTypes::Id type = 0; type < model.source.size(); ++type)
    model.source[type].fertility = source_fertility_.mean(type);
  for (WordTypes::Id type = 0; type < model.target.size(); ++type)
    model.target[type].fertility = target_fertility_.mean(type);
  for (WordTypes::Id e = 0; e < pairs_.source_types(); ++e)
    for (std::size_t pair = pairs_.row(e); pair < pairs_.row(e + 1); ++pair)
      if (lexicon_.entry(pair).count > kWorthKeeping)
        model.pairs.push_back({e, pairs_.target(pair), lexicon_.entry(pair).count});
  return model;
}

}  // namespace weft
