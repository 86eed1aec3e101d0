#include "aligner/word_aligner.h"

#include <algorithm>
#include <mutex>
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

std::vector<std::size_t> classes_of(const JumpClasses& classes,
                                    std::span<const WordTypes::Id> words) {
  std::vector<std::size_t> result;
  for (const auto word : words) result.push_back(classes.of(word));
  return result;
}

}  // namespace

struct WordAligner::Workspace {
  Workspace(std::size_t source_classes, std::size_t target_classes)
      : forward_counts(source_classes), backward_counts(target_classes) {}

  Emissions forward_emissions, backward_emissions;
  Posteriors forward, backward;
  JumpCounts forward_counts, backward_counts;
  Hmm hmm;
};

/// Workspaces that nobody uses at the moment.
struct WordAligner::Stock {
  std::mutex mutex;
  std::vector<std::unique_ptr<Workspace>> idle;
};

WordAligner::WordAligner(const Bitext& bitext, const AlignerOptions& options, WorkerPool& pool)
    : bitext_(bitext),
      options_(options),
      pool_(pool),
      pairs_(bitext, pool),
      units_(bitext, pairs_, pool),
      source_classes_(bitext.source, options.jump_classes),
      target_classes_(bitext.target, options.jump_classes),
      forward_jumps_(source_classes_.size()),
      backward_jumps_(target_classes_.size()),
      lexicon_(bitext, pairs_, spelling_of(bitext, pairs_, options, pool), options.lexicon),
      counts_(lexicon_.zero_counts()),
      last_(std::make_unique<FixedProbability[]>(pairs_.begin(bitext.pairs()))),
      source_nothing_last_(bitext.source.begin(bitext.pairs()), 0),
      target_nothing_last_(bitext.target.begin(bitext.pairs()), 0),
      chunks_(even_chunks(bitext)),
      stock_(std::make_unique<Stock>()) {}

WordAligner::~WordAligner() = default;

std::unique_ptr<WordAligner::Workspace> WordAligner::take_workspace() {
  const std::lock_guard lock(stock_->mutex);
  if (stock_->idle.empty())
    return std::make_unique<Workspace>(source_classes_.size(), target_classes_.size());
  auto work = std::move(stock_->idle.back());
  stock_->idle.pop_back();
  return work;
}

void WordAligner::put_back(std::unique_ptr<Workspace> work) {
  const std::lock_guard lock(stock_->mutex);
  stock_->idle.push_back(std::move(work));
}

void WordAligner::set_emissions(std::size_t k, Workspace& work) const {
  const auto source = bitext_.source.sentence(k);
  const auto target = bitext_.target.sentence(k);
  auto& forward = work.forward_emissions;
  auto& backward = work.backward_emissions;
  forward.source_length = backward.target_length = source.size();
  forward.target_length = backward.source_length = target.size();
  forward.words.resize(target.size(), source.size());
  backward.words.resize(source.size(), target.size());
  forward.nothing.resize(target.size());
  backward.nothing.resize(source.size());
  const auto pairs = pairs_.cells(k);
  const FixedProbability* last = last_.get() + pairs_.begin(k);
  for (std::size_t s = 0, cell = 0; s < source.size(); ++s) {
    float* row = backward.words.row(s);
    for (std::size_t t = 0; t < target.size(); ++t, ++cell) {
      const auto& entry = lexicon_.entry(pairs[cell]);
      const float q = from_fixed(last[cell]);
      forward.words.row(t)[s] = lexicon_.forward(entry, source[s], q);
      row[t] = lexicon_.backward(entry, target[t], q);
    }
  }
  const FixedProbability* source_last = source_nothing_last_.data() + bitext_.source.begin(k);
  const FixedProbability* target_last = target_nothing_last_.data() + bitext_.target.begin(k);
  for (std::size_t t = 0; t < target.size(); ++t)
    forward.nothing[t] = lexicon_.forward_nothing(target[t], from_fixed(target_last[t]));
  for (std::size_t s = 0; s < source.size(); ++s)
    backward.nothing[s] = lexicon_.backward_nothing(source[s], from_fixed(source_last[s]));
}

void WordAligner::judge(std::size_t k, bool hmm, Workspace& work) const {
  set_emissions(k, work);
  const auto source = bitext_.source.sentence(k);
  const auto target = bitext_.target.sentence(k);
  if (!hmm || std::max(source.size(), target.size()) > kLongestHmm) {
    model1_posteriors(work.forward_emissions, work.forward);
    model1_posteriors(work.backward_emissions, work.backward);
    return;
  }
  work.hmm.posteriors(work.forward_emissions, classes_of(source_classes_, source),
                      source_classes_.start(), forward_jumps_, work.forward, work.forward_counts);
  work.hmm.posteriors(work.backward_emissions, classes_of(target_classes_, target),
                      target_classes_.start(), backward_jumps_, work.backward,
                      work.backward_counts);
}

void WordAligner::count(std::size_t k, Workspace& work) {
  const auto source = bitext_.source.sentence(k);
  const auto target = bitext_.target.sentence(k);
  const auto pairs = pairs_.cells(k);
  FixedProbability* last = last_.get() + pairs_.begin(k);
  for (std::size_t s = 0, cell = 0; s < source.size(); ++s) {
    for (std::size_t t = 0; t < target.size(); ++t, ++cell) {
      const float p = work.forward.words.row(t)[s];
      const float r = work.backward.words.row(s)[t];
      const float a = options_.direction == AlignerDirection::kBoth      ? agreement(p, r)
                      : options_.direction == AlignerDirection::kForward ? p
                                                                         : r;
      last[cell] = to_fixed(a);
      if (last[cell] > 0) add_atomically(counts_.pairs[pairs[cell]], last[cell]);
    }
  }
  FixedProbability* source_last = source_nothing_last_.data() + bitext_.source.begin(k);
  FixedProbability* target_last = target_nothing_last_.data() + bitext_.target.begin(k);
  for (std::size_t t = 0; t < target.size(); ++t) {
    target_last[t] = to_fixed(work.forward.nothing[t]);
    add_atomically(counts_.target_nothing[target[t]], target_last[t]);
  }
  for (std::size_t s = 0; s < source.size(); ++s) {
    source_last[s] = to_fixed(work.backward.nothing[s]);
    add_atomically(counts_.source_nothing[source[s]], source_last[s]);
  }
}

void WordAligner::iterate(bool hmm) {
  counts_ = lexicon_.zero_counts();
  pool_.run(chunks_.size() - 1, [&](std::size_t chunk) {
    auto work = take_workspace();
    for (std::size_t k = chunks_[chunk]; k < chunks_[chunk + 1]; ++k) {
      if (bitext_.cells(k) == 0) continue;
      judge(k, hmm, *work);
      count(k, *work);
    }
    put_back(std::move(work));
  });
  if (hmm) {
    JumpCounts forward(source_classes_.size()), backward(target_classes_.size());
    for (const auto& work : stock_->idle) {
      forward.add(work->forward_counts);
      backward.add(work->backward_counts);
      work->forward_counts.clear();
      work->backward_counts.clear();
    }
    forward_jumps_.estimate(forward);
    backward_jumps_.estimate(backward);
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
  const bool hmm = options_.hmm_iterations > 0;
  pool_.run(answers.size(), [&](std::size_t n) {
    const std::size_t k = begin + n;
    auto& answer = answers[n];
    if (bitext_.cells(k) == 0) return;
    answer.source_length = bitext_.source.length(k);
    answer.target_length = bitext_.target.length(k);
    auto work = take_workspace();
    judge(k, hmm, *work);
    answer.forward_nothing = work->forward.nothing;
    answer.backward_nothing = work->backward.nothing;
    answer.forward.reserve(bitext_.cells(k));
    answer.backward.reserve(bitext_.cells(k));
    for (std::size_t s = 0; s < answer.source_length; ++s) {
      for (std::size_t t = 0; t < answer.target_length; ++t) {
        answer.forward.push_back(work->forward.words.row(t)[s]);
        answer.backward.push_back(work->backward.words.row(s)[t]);
      }
    }
    put_back(std::move(work));
  });
  return answers;
}

}  // namespace weft
