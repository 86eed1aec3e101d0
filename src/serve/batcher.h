#pragma once
// Lines of many requests, translated together.

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "search/translator.h"

namespace weft {

/// A line to be translated, or to be aligned with or scored against its translation.
struct LinePair {
  std::string source;
  std::string target = {};
};

/// How lines are answered; those with the same can be answered together.
struct AnswerOptions {
  int64_t beam_size = 1;
  int64_t n_best = 1;
  bool with_alignment = false;
  bool aligns_given = false;      ///< the targets are given, and aligned
  bool scores_given = false;      ///< the targets are given, and scored
  SamplingOptions sampling = {};  ///< if it draws, of n_best translations
  bool operator==(const AnswerOptions&) const = default;
};

/// A model, as the batcher sees it.
class LineAnswerer {
 public:
  virtual ~LineAnswerer() = default;
  /// One answer per line, in order, which does not depend on the others. On one thread at a time.
  virtual std::vector<TranslatedLine> answer(const AnswerOptions& options,
                                             const std::vector<LinePair>& lines) = 0;
};

/// The lines of one request, and what becomes of them, on the batcher's thread.
class LineJob {
 public:
  LineJob(std::shared_ptr<LineAnswerer> model, AnswerOptions options, std::vector<LinePair> lines)
      : model_(std::move(model)), options_(options), lines_(std::move(lines)) {}
  LineJob(const LineJob&) = delete;
  LineJob& operator=(const LineJob&) = delete;
  virtual ~LineJob() = default;

  const std::shared_ptr<LineAnswerer>& model() const { return model_; }
  const AnswerOptions& options() const { return options_; }
  const std::vector<LinePair>& lines() const { return lines_; }

  /// The answer to a line; after the last of them the job is finished.
  void deliver(std::size_t index, TranslatedLine line);
  /// A line has none: nor has the job.
  void fail(const std::exception& failure);
  /// Whether the lines that are left need no answer.
  bool is_over() const { return failed_ || is_abandoned(); }

 private:
  /// Once for each line, in any order.
  virtual void take(std::size_t index, TranslatedLine line) = 0;
  /// Last, if every line has been taken; otherwise take_failure().
  virtual void finish() = 0;
  virtual void take_failure(const std::exception& failure) = 0;
  virtual bool is_abandoned() const = 0;

  std::shared_ptr<LineAnswerer> model_;
  AnswerOptions options_;
  std::vector<LinePair> lines_;
  std::size_t taken_ = 0;
  bool failed_ = false;
};

struct BatcherOptions {
  double max_delay_seconds = 0.002;  ///< that a line waits for others while nothing is computed
  std::size_t batch_lines = 128;
  std::size_t most_queued_lines = 10000;
  std::function<void()> prepare = {};  ///< first on the batcher's thread
  std::function<void(std::size_t lines, double seconds)> observe = {};  ///< after each batch
};

/// One queue and one thread that answers it. Requests take turns, a line each, so that a long one
/// keeps no short one waiting.
class Batcher {
 public:
  explicit Batcher(BatcherOptions options);
  Batcher(const Batcher&) = delete;
  Batcher& operator=(const Batcher&) = delete;
  /// Answers what is queued first.
  ~Batcher();

  /// False, and nothing is done, if its lines, at least one, do not fit into the queue any more.
  bool submit(std::shared_ptr<LineJob> job);
  std::size_t queued_lines() const;
  /// About how long the lines that are queued now will take, by what the last batches took.
  double seconds_of_queue() const;

 private:
  struct Pending {
    std::shared_ptr<LineJob> job;
    std::chrono::steady_clock::time_point arrival;
    std::size_t next = 0;  // the first line that is in no batch yet
    std::size_t left() const { return job->lines().size() - next; }
  };
  /// A line in a batch.
  struct Turn {
    std::shared_ptr<LineJob> job;
    std::size_t index = 0;
  };
  using Turns = std::vector<Turn>;

  void work();
  /// Of lines that go with the first in the queue. N-best lists of matrices take memory.
  std::size_t most_lines() const;
  bool is_batch_full() const;
  void drop_what_is_over();
  Turns take_batch();
  /// Together, or if that fails each by itself, so that none fails for its neighbours.
  static void answer(const Turns& turns);

  BatcherOptions options_;
  mutable std::mutex mutex_;  // guards the members below
  std::condition_variable changed_;
  std::deque<Pending> pending_;
  std::size_t queued_ = 0;  // lines in pending_
  double seconds_per_line_ = 0;
  bool stopping_ = false;
  std::jthread thread_;  // last: it uses all of the above
};

}  // namespace weft
