#include "serve/batcher.h"

#include <gmock/gmock.h>

#include <atomic>
#include <future>
#include <map>
#include <set>

namespace weft {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

/// "x" becomes "X 1" with a beam of 1; "bad" has no answer.
class FakeModel : public LineAnswerer {
 public:
  std::vector<TranslatedLine> answer(const AnswerOptions& options,
                                     const std::vector<LinePair>& lines) override {
    if (gate.valid()) gate.wait();
    const std::lock_guard lock(mutex);
    std::vector<std::string> batch;
    std::vector<TranslatedLine> answers;
    for (const auto& line : lines) {
      if (line.source == "bad") throw std::runtime_error("no answer");
      batch.push_back(line.source);
      auto& answer = answers.emplace_back();
      answer.n_best.emplace_back().text = line.source + " " + std::to_string(options.beam_size);
    }
    batches.push_back(batch);
    return answers;
  }
  std::shared_future<void> gate;  // answers begin when it opens
  std::mutex mutex;
  std::vector<std::vector<std::string>> batches;
};

std::vector<LinePair> as_pairs(const std::vector<std::string>& lines) {
  std::vector<LinePair> all;
  for (const auto& line : lines) all.push_back({line});
  return all;
}

class Job : public LineJob {
 public:
  Job(std::shared_ptr<LineAnswerer> model, const std::vector<std::string>& lines,
      AnswerOptions options = {})
      : LineJob(std::move(model), options, as_pairs(lines)), texts(lines.size()) {}
  /// What came of it: the texts, or what went wrong.
  std::vector<std::string> wait() {
    ended.get_future().wait();
    return failure.empty() ? texts : std::vector<std::string>{failure};
  }
  std::vector<std::string> texts;
  std::string failure;
  std::atomic<bool> abandoned = false;

 private:
  void take(std::size_t index, TranslatedLine line) override {
    texts[index] = line.n_best.front().text;
  }
  void finish() override { ended.set_value(); }
  void take_failure(const std::exception& error) override {
    failure = error.what();
    ended.set_value();
  }
  bool is_abandoned() const override { return abandoned; }
  std::promise<void> ended;
};

/// A model whose first batch waits until the test opens the gate: what is submitted meanwhile is
/// queued.
struct Queued {
  Queued() {
    model->gate = gate.get_future().share();
    first = std::make_shared<Job>(model, std::vector<std::string>{"first"});
  }
  void hold(Batcher& batcher) {
    ASSERT_TRUE(batcher.submit(first));
    while (batcher.queued_lines() > 0) std::this_thread::yield();
  }
  std::promise<void> gate;
  std::shared_ptr<FakeModel> model = std::make_shared<FakeModel>();
  std::shared_ptr<Job> first;
};

BatcherOptions without_delay(std::size_t batch_lines, std::size_t most_queued_lines = 100) {
  BatcherOptions options;
  options.max_delay_seconds = 0;
  options.batch_lines = batch_lines;
  options.most_queued_lines = most_queued_lines;
  return options;
}

TEST(Batcher, AnswersEachLineOfEachRequestInItsPlace) {
  Queued queued;
  Batcher batcher(without_delay(3));
  queued.hold(batcher);
  auto a = std::make_shared<Job>(queued.model, std::vector<std::string>{"a1", "a2", "a3", "a4"});
  auto b = std::make_shared<Job>(queued.model, std::vector<std::string>{"b1"});
  ASSERT_TRUE(batcher.submit(a));
  ASSERT_TRUE(batcher.submit(b));
  queued.gate.set_value();
  EXPECT_THAT(a->wait(), ElementsAre("a1 1", "a2 1", "a3 1", "a4 1"));
  EXPECT_THAT(b->wait(), ElementsAre("b1 1"));
}

TEST(Batcher, JoinsRequestsAndLetsThemTakeTurns) {
  Queued queued;
  Batcher batcher(without_delay(4));
  queued.hold(batcher);
  auto book = std::make_shared<Job>(queued.model,
                                    std::vector<std::string>{"1", "2", "3", "4", "5", "6", "7"});
  auto note = std::make_shared<Job>(queued.model, std::vector<std::string>{"n"});
  ASSERT_TRUE(batcher.submit(book));
  ASSERT_TRUE(batcher.submit(note));
  queued.gate.set_value();
  book->wait();
  note->wait();
  EXPECT_THAT(queued.model->batches,
              ElementsAre(ElementsAre("first"), ElementsAre("1", "n", "2", "3"),
                          ElementsAre("4", "5", "6", "7")));
}

TEST(Batcher, KeepsWhatIsAskedForDifferentlyApart) {
  Queued queued;
  Batcher batcher(without_delay(10));
  queued.hold(batcher);
  auto narrow = std::make_shared<Job>(queued.model, std::vector<std::string>{"a"});
  auto wide = std::make_shared<Job>(queued.model, std::vector<std::string>{"a"},
                                    AnswerOptions{.beam_size = 4});
  ASSERT_TRUE(batcher.submit(narrow));
  ASSERT_TRUE(batcher.submit(wide));
  queued.gate.set_value();
  EXPECT_THAT(narrow->wait(), ElementsAre("a 1"));
  EXPECT_THAT(wide->wait(), ElementsAre("a 4"));
}

TEST(Batcher, WaitsForOthersAsLongAsItMay) {
  auto model = std::make_shared<FakeModel>();
  auto options = without_delay(2);
  options.max_delay_seconds = 3600;
  Batcher batcher(options);
  auto a = std::make_shared<Job>(model, std::vector<std::string>{"a"});
  auto b = std::make_shared<Job>(model, std::vector<std::string>{"b"});
  ASSERT_TRUE(batcher.submit(a));
  ASSERT_TRUE(batcher.submit(b));  // the batch is full now
  a->wait();
  EXPECT_THAT(model->batches, ElementsAre(ElementsAre("a", "b")));
}

TEST(Batcher, RefusesWhatTheQueueCannotHold) {
  Queued queued;
  Batcher batcher(without_delay(10, 3));
  queued.hold(batcher);
  auto fits = std::make_shared<Job>(queued.model, std::vector<std::string>{"1", "2"});
  auto more = std::make_shared<Job>(queued.model, std::vector<std::string>{"3", "4"});
  auto last = std::make_shared<Job>(queued.model, std::vector<std::string>{"5"});
  EXPECT_TRUE(batcher.submit(fits));
  EXPECT_FALSE(batcher.submit(more));
  EXPECT_TRUE(batcher.submit(last));
  EXPECT_EQ(batcher.queued_lines(), 3);
  queued.gate.set_value();
  EXPECT_THAT(last->wait(), ElementsAre("5 1"));
  EXPECT_EQ(batcher.queued_lines(), 0);
}

TEST(Batcher, FailsTheRequestThatCannotBeAnsweredAndNoNeighbour) {
  Queued queued;
  Batcher batcher(without_delay(10));
  queued.hold(batcher);
  auto good = std::make_shared<Job>(queued.model, std::vector<std::string>{"a", "b"});
  auto bad = std::make_shared<Job>(queued.model, std::vector<std::string>{"c", "bad", "d"});
  ASSERT_TRUE(batcher.submit(good));
  ASSERT_TRUE(batcher.submit(bad));
  queued.gate.set_value();
  EXPECT_THAT(good->wait(), ElementsAre("a 1", "b 1"));
  EXPECT_THAT(bad->wait(), ElementsAre("no answer"));
}

TEST(Batcher, DropsTheLinesThatNobodyWaitsFor) {
  Queued queued;
  Batcher batcher(without_delay(10));
  queued.hold(batcher);
  auto gone = std::make_shared<Job>(queued.model, std::vector<std::string>{"gone"});
  auto here = std::make_shared<Job>(queued.model, std::vector<std::string>{"here"});
  ASSERT_TRUE(batcher.submit(gone));
  ASSERT_TRUE(batcher.submit(here));
  gone->abandoned = true;
  queued.gate.set_value();
  here->wait();
  EXPECT_THAT(queued.model->batches, ElementsAre(ElementsAre("first"), ElementsAre("here")));
  EXPECT_EQ(batcher.queued_lines(), 0);
}

TEST(Batcher, AnswersWhatIsQueuedBeforeItEnds) {
  Queued queued;
  auto job = std::make_shared<Job>(queued.model, std::vector<std::string>{"a", "b", "c"});
  {
    auto options = without_delay(2);
    options.max_delay_seconds = 3600;
    Batcher batcher(options);
    ASSERT_TRUE(batcher.submit(job));
    queued.gate.set_value();
  }
  EXPECT_THAT(job->wait(), ElementsAre("a 1", "b 1", "c 1"));
}

TEST(Batcher, TakesFewerLinesWithMatricesOfManyTranslations) {
  Queued queued;
  Batcher batcher(without_delay(10));
  queued.hold(batcher);
  auto job =
      std::make_shared<Job>(queued.model, std::vector<std::string>{"1", "2", "3", "4", "5"},
                            AnswerOptions{.beam_size = 5, .n_best = 5, .with_alignment = true});
  ASSERT_TRUE(batcher.submit(job));
  queued.gate.set_value();
  job->wait();
  EXPECT_THAT(queued.model->batches, ElementsAre(ElementsAre("first"), ElementsAre("1", "2"),
                                                 ElementsAre("3", "4"), ElementsAre("5")));
}

TEST(Batcher, ServesManyThreadsAtOnce) {
  auto model = std::make_shared<FakeModel>();
  Batcher batcher(without_delay(8, 100000));
  std::vector<std::jthread> clients;
  std::atomic<int> right = 0;
  for (int client = 0; client < 8; ++client) {
    clients.emplace_back([&, client] {
      for (int i = 0; i < 50; ++i) {
        const auto name = std::to_string(client) + "." + std::to_string(i);
        auto job = std::make_shared<Job>(model, std::vector<std::string>{name, name + "+"});
        if (!batcher.submit(job)) return;
        if (job->wait() == std::vector<std::string>{name + " 1", name + "+ 1"}) ++right;
      }
    });
  }
  clients.clear();
  EXPECT_EQ(right, 400);
}

}  // namespace
}  // namespace weft
