#include "serve/batcher.h"

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <utility>

#include "base/stopwatch.h"

namespace weft {
namespace {

bool go_together(const LineJob& a, const LineJob& b) {
  return a.model() == b.model() && a.options() == b.options();
}

}  // namespace

void LineJob::deliver(std::size_t index, TranslatedLine line) {
  if (failed_) return;
  try {
    take(index, std::move(line));
    if (++taken_ == lines_.size()) finish();
  } catch (const std::exception& failure) {
    fail(failure);
  }
}

void LineJob::fail(const std::exception& failure) {
  if (failed_) return;
  failed_ = true;
  take_failure(failure);
}

Batcher::Batcher(BatcherOptions options)
    : options_(std::move(options)), thread_([this] { work(); }) {}

Batcher::~Batcher() {
  const std::lock_guard lock(mutex_);
  stopping_ = true;
  changed_.notify_all();
}

bool Batcher::submit(std::shared_ptr<LineJob> job) {
  const std::lock_guard lock(mutex_);
  const std::size_t lines = job->lines().size();
  if (queued_ + lines > options_.most_queued_lines) return false;
  queued_ += lines;
  pending_.push_back({std::move(job), std::chrono::steady_clock::now()});
  changed_.notify_all();
  return true;
}

std::size_t Batcher::queued_lines() const {
  const std::lock_guard lock(mutex_);
  return queued_;
}

double Batcher::seconds_of_queue() const {
  const std::lock_guard lock(mutex_);
  return seconds_per_line_ * static_cast<double>(queued_);
}

void Batcher::work() {
  if (options_.prepare) options_.prepare();
  const auto delay = std::chrono::duration_cast<std::chrono::steady_clock::duration>(
      std::chrono::duration<double>(options_.max_delay_seconds));
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [&] { return stopping_ || !pending_.empty(); });
    if (pending_.empty()) return;
    const auto due = pending_.front().arrival + delay;
    changed_.wait_until(lock, due, [&] { return stopping_ || is_batch_full(); });
    drop_what_is_over();
    const auto turns = take_batch();
    lock.unlock();
    const Stopwatch watch;
    answer(turns);
    const double seconds = watch.seconds();
    if (options_.observe && !turns.empty()) options_.observe(turns.size(), seconds);
    lock.lock();
    if (turns.empty()) continue;
    constexpr double kNew = 0.2;  // of a mean that forgets
    const double per_line = seconds / static_cast<double>(turns.size());
    seconds_per_line_ += (seconds_per_line_ > 0 ? kNew : 1) * (per_line - seconds_per_line_);
  }
}

std::size_t Batcher::most_lines() const {
  const auto& options = pending_.front().job->options();
  const auto matrices = static_cast<std::size_t>(options.with_alignment ? options.n_best : 1);
  return std::max<std::size_t>(options_.batch_lines / matrices, 1);
}

bool Batcher::is_batch_full() const {
  std::size_t lines = 0;
  for (const auto& pending : pending_)
    if (go_together(*pending.job, *pending_.front().job)) lines += pending.left();
  return lines >= most_lines();
}

void Batcher::drop_what_is_over() {
  std::erase_if(pending_, [&](const Pending& pending) {
    if (!pending.job->is_over()) return false;
    queued_ -= pending.left();
    return true;
  });
}

/// A line of each request that goes with the first, again and again. Those that are not done after
/// it go behind the others.
Batcher::Turns Batcher::take_batch() {
  Turns turns;
  if (pending_.empty()) return turns;
  const auto most = most_lines();
  std::deque<Pending> served, others;
  const auto first = pending_.front().job;
  for (auto& pending : pending_)
    (go_together(*pending.job, *first) ? served : others).push_back(std::move(pending));
  for (bool any = true; any && turns.size() < most;) {
    any = false;
    for (auto& pending : served) {
      if (pending.left() == 0 || turns.size() == most) continue;
      turns.push_back({pending.job, pending.next++});
      any = true;
    }
  }
  queued_ -= turns.size();
  for (auto& pending : served)
    if (pending.left() > 0) others.push_back(std::move(pending));
  pending_ = std::move(others);
  return turns;
}

void Batcher::answer(const Turns& turns) {
  if (turns.empty()) return;
  const auto& first = *turns.front().job;
  std::vector<LinePair> lines;
  for (const auto& turn : turns) lines.push_back(turn.job->lines()[turn.index]);
  std::vector<TranslatedLine> answers;
  try {
    answers = first.model()->answer(first.options(), lines);
    if (answers.size() != turns.size()) throw std::logic_error("a model left lines unanswered");
  } catch (const std::exception& failure) {
    if (turns.size() == 1) turns.front().job->fail(failure);
    if (turns.size() > 1)
      for (const auto& turn : turns) answer({turn});
    return;
  }
  for (std::size_t i = 0; i < turns.size(); ++i)
    turns[i].job->deliver(turns[i].index, std::move(answers[i]));
}

}  // namespace weft
