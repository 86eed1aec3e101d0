// What processes add up and tell each other, over the loopback device.

#include "train/process_reducer.h"

#include <gmock/gmock.h>
#include <torch/types.h>
#include <torch/utils.h>

#include <array>
#include <atomic>
#include <csignal>
#include <future>
#include <mutex>

#include "data/make_batch.h"
#include "kernels/weight_gradients.h"
#include "model/model_directory.h"
#include "model/tiny_model.h"
#include "train/processes.h"
#include "train/sharing.h"
#include "train/worker.h"

namespace weft {
namespace {

using testing::AllOf;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

/// Runs `work` in `world` connected processes; returns what each threw.
std::vector<std::string> connected(int64_t world, const std::function<void(ProcessReducer&)>& work,
                                   std::chrono::milliseconds patience = kPatience) {
  return in_threads(launches(world), [&](const Launch& launch) {
    ProcessReducer reducer(launch, patience);
    work(reducer);
  });
}

/// The message of who has missed processes from which there is no sign of life.
auto lost_but_for(const std::string& processes) {
  return AllOf(StartsWith("another process of this run, or the way to it, is lost ("),
               HasSubstr("; no sign of life from " + processes +
                         "); the same command goes on from the last checkpoint"));
}

/// The message of who has missed nobody.
auto all_answer_but(const std::string& what) {
  return AllOf(
      StartsWith("all processes of this run have answered, but an exchange between them failed (" +
                 what),
      Not(HasSubstr("sign of life")));
}

EncodedPair pair_of(const std::vector<int32_t>& source, const std::vector<int32_t>& target) {
  return {{{source}}, target};
}

Batch batch_of_rank(int64_t rank) {
  std::vector<EncodedPair> pairs =
      rank == 0 ? std::vector{pair_of({4, 5, 6}, {4, 5}), pair_of({7}, {7, 7, 6, 5, 4})}
                : std::vector{pair_of({8, 8, 8, 8, 8}, {6}), pair_of({5, 4}, {4, 4, 5, 6, 7})};
  const auto count = pairs.size();
  auto batch = make_batch(std::move(pairs));
  batch.pairs.resize(count);
  return batch;
}

/// A model in single precision without dropout, the same in every process.
TranslationModel model_of(CellType cell) {
  auto model = tiny_model({.encoder_cell = cell,
                           .decoder_cell = cell,
                           .variant = "without dropout",
                           .change = [](auto& o) {
                             o.dropout = {0, 0, 0, 0, 0};
                           }});
  model->to(torch::kFloat32);
  model->train();
  return model;
}

std::vector<torch::Tensor> gradients_of(const TranslationModel& model) {
  std::vector<torch::Tensor> gradients;
  for (const auto& parameter : model->parameters()) gradients.push_back(parameter.grad().clone());
  return gradients;
}

/// Cells whose kernels collect gradients of weights, and one that is plain LibTorch.
class ProcessGradients : public testing::TestWithParam<CellType> {};

INSTANTIATE_TEST_SUITE_P(Cells, ProcessGradients,
                         testing::Values(CellType::kGru, CellType::kLstm, CellType::kRnn),
                         [](const auto& tested) { return to_name(tested.param); });

TEST_P(ProcessGradients, AreThoseOfAllBatches) {
  TrainingOptions options;
  options.label_smoothing = 0.1;
  options.precision = Precision::kFloat32;
  const std::vector<Batch> batches{batch_of_rank(0), batch_of_rank(1)};
  const int64_t tokens = batches[0].target_tokens + batches[1].target_tokens;
  auto alone = model_of(GetParam());
  Worker(alone, options).run(batches, {.loss_units = tokens});
  const auto expected = gradients_of(alone);

  // Made one after the other: they are drawn from one generator.
  std::array<TranslationModel, 2> models{model_of(GetParam()), model_of(GetParam())};
  std::array<std::vector<torch::Tensor>, 2> found;
  std::array<std::size_t, 2> early{};
  EXPECT_THAT(connected(2,
                        [&](ProcessReducer& reducer) {
                          const auto rank = static_cast<std::size_t>(reducer.rank());
                          auto& model = models[rank];
                          for (int update = 0; update < 2; ++update) {
                            for (auto& parameter : model->parameters())
                              parameter.mutable_grad().reset();
                            Worker(model, options)
                                .run({batches[rank]}, {.loss_units = tokens, .reducer = &reducer});
                            reducer.add_gradients(model->parameters());
                          }
                          found[rank] = gradients_of(model);
                          early[rank] = reducer.buckets()->early();
                        }),
              Each(IsEmpty()));
  for (std::size_t rank = 0; rank < 2; ++rank) {
    ASSERT_EQ(found[rank].size(), expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i)
      EXPECT_LT(distance(found[rank][i], expected[i]), 1e-6) << i;
    EXPECT_EQ(early[rank], 1U) << "hooks have seen all gradients in the backward pass";
  }
}

/// y = sum of w_i over those that are used; each gradient is 1.
TEST(GradientBuckets, SetOutInTheBackwardPassAndLeaveOutWhatNobodyUses) {
  constexpr int64_t kSmall = 100 * 4;  // bytes: one of the tensors below
  EXPECT_THAT(in_threads(launches(3),
                         [&](const Launch& launch) {
                           ProcessGroup group(launch, kPatience);
                           std::vector<torch::Tensor> w;
                           for (int i = 0; i < 4; ++i)
                             w.push_back(torch::zeros({10, 10}).requires_grad_(true));
                           GradientBuckets buckets(group, w, kSmall);
                           ASSERT_EQ(buckets.size(), 4U);
                           kernels::WeightGradients collected;
                           for (int update = 0; update < 2; ++update) {
                             for (auto& one : w) one.mutable_grad().reset();
                             buckets.begin(collected);
                             auto used = w[0].sum() + w[1].sum() * 2;
                             if (launch.rank == 1) used = used + w[2].sum();
                             used.backward();
                             buckets.finish();
                             EXPECT_TRUE(torch::equal(w[0].grad(), torch::full({10, 10}, 3.0)));
                             EXPECT_TRUE(torch::equal(w[1].grad(), torch::full({10, 10}, 6.0)));
                             EXPECT_TRUE(torch::equal(w[2].grad(), torch::full({10, 10}, 1.0)));
                             EXPECT_FALSE(w[3].grad().defined());
                           }
                         }),
              Each(IsEmpty()));
}

TEST(ProcessReducer, AddsWorkAndTellsOfStopsAndOfTheFirstOnesClock) {
  EXPECT_THAT(connected(3,
                        [](ProcessReducer& reducer) {
                          const auto rank = reducer.rank();
                          const auto told =
                              reducer.tell({.work = {.sentences = 1 + rank,
                                                     .source_tokens = 10,
                                                     .target_tokens = 1'000'000'001,
                                                     .loss = 0.5},
                                            .stop = rank == 2,
                                            .wall_seconds = 7.0 + 5.0 * static_cast<double>(rank)});
                          EXPECT_EQ(told.work.sentences, 6);
                          EXPECT_EQ(told.work.target_tokens, 3'000'000'003);
                          EXPECT_EQ(told.work.loss, 1.5);
                          EXPECT_TRUE(told.stop);
                          EXPECT_EQ(told.wall_seconds, 7.0);
                        }),
              Each(IsEmpty()));
}

TEST(ProcessReducer, WaitsForWorkThatTakesLongerThanItsPatience) {
  std::atomic<int> done = 0;
  EXPECT_THAT(connected(
                  2,
                  [&](ProcessReducer& reducer) {
                    reducer.together(
                        [&] {
                          if (reducer.rank() == 0)
                            std::this_thread::sleep_for(std::chrono::milliseconds(2500));
                          ++done;
                        },
                        {});
                    EXPECT_EQ(done, 2);
                  },
                  std::chrono::seconds(1)),
              Each(IsEmpty()));
}

TEST(ProcessReducer, LetsOneProcessStopTheWorkOfAnother) {
  EXPECT_THAT(connected(2,
                        [](ProcessReducer& reducer) {
                          const bool first = reducer.rank() == 0;
                          reducer.together(
                              [&] {
                                while (first && !reducer.stop_seen())
                                  std::this_thread::sleep_for(std::chrono::milliseconds(1));
                              },
                              [&] { return !first; });
                        }),
              Each(IsEmpty()));
}

TEST(ProcessReducer, TellsAllWhatOneCouldNotDo) {
  EXPECT_THAT(connected(2,
                        [](ProcessReducer& reducer) {
                          reducer.together(
                              [&] {
                                if (reducer.rank() == 1) throw UserError("no such file");
                              },
                              {});
                        }),
              ElementsAre("process 1: no such file", "no such file"));
}

TEST(ProcessReducer, TellsWhetherSomethingIsSoInAnyProcess) {
  EXPECT_THAT(connected(3,
                        [](ProcessReducer& reducer) {
                          EXPECT_TRUE(reducer.any(reducer.rank() == 2));
                          EXPECT_FALSE(reducer.any(false));
                        }),
              Each(IsEmpty()));
}

TEST(ProcessReducer, HandsOutWhatTheFirstHas) {
  const TensorFile file{{{"a", torch::arange(6, torch::kFloat32).view({2, 3})},
                         {"b", torch::tensor({int64_t{7}})},
                         {"nothing", torch::zeros({0}, torch::kUInt8)}},
                        {{"key", "value"}}};
  EXPECT_THAT(connected(2,
                        [&](ProcessReducer& reducer) {
                          const bool first = reducer.rank() == 0;
                          const auto got = reducer.from_first(first ? file : TensorFile());
                          EXPECT_EQ(got.metadata, file.metadata);
                          ASSERT_EQ(got.tensors.size(), 3U);
                          for (const auto& [name, tensor] : file.tensors)
                            EXPECT_TRUE(torch::equal(got.tensors.at(name), tensor)) << name;
                          const std::string bytes("\xff\0z", 3);
                          EXPECT_EQ(reducer.from_first(first ? bytes : std::string()), bytes);
                          EXPECT_EQ(reducer.from_first(std::string()), "");
                        }),
              Each(IsEmpty()));
}

TEST(ProcessReducer, MissesAProcessThatIsGone) {
  std::signal(SIGPIPE, SIG_DFL);  // as a shell starts a program
  const auto thrown = connected(3, [](ProcessReducer& reducer) {
    reducer.tell({});
    if (reducer.rank() == 1) return;  // and its connections close
    reducer.tell({});
    reducer.tell({});
  });
  const auto lost = lost_but_for("process 1 at 127.0.0.1");
  EXPECT_THAT(thrown, ElementsAre(lost, "", lost));
}

TEST(ProcessReducer, MissesTheFirstWithWhomTheMeetingPlaceIsGone) {
  const auto thrown = connected(3, [](ProcessReducer& reducer) {
    reducer.tell({});
    if (reducer.rank() == 0) return;
    reducer.tell({});
    reducer.tell({});
  });
  const auto lost = lost_but_for("process 0 at 127.0.0.1");
  EXPECT_THAT(thrown, ElementsAre("", lost, lost));
}

TEST(ProcessReducer, MissesSeveral) {
  const auto thrown = connected(4, [](ProcessReducer& reducer) {
    reducer.tell({});
    if (reducer.rank() % 2 == 1) return;
    reducer.tell({});
    reducer.tell({});
  });
  const auto lost = lost_but_for("process 1 at 127.0.0.1, 3 at 127.0.0.1");
  EXPECT_THAT(thrown, ElementsAre(lost, "", lost, ""));
}

TEST(ProcessReducer, MissesOneOfTwo) {
  for (const int64_t gone : {0, 1}) {
    const auto thrown = connected(2, [&](ProcessReducer& reducer) {
      reducer.tell({});
      if (reducer.rank() != gone) reducer.tell({});
    });
    EXPECT_THAT(thrown[static_cast<std::size_t>(1 - gone)],
                lost_but_for("process " + std::to_string(gone) + " at 127.0.0.1"));
  }
}

/// Its thread still answers: it is late, and who waits for it no longer does not call it lost.
TEST(ProcessReducer, DoesNotNameAProcessThatIsOnlyLate) {
  const auto thrown = connected(
      2,
      [](ProcessReducer& reducer) {
        if (reducer.rank() == 1) std::this_thread::sleep_for(std::chrono::seconds(3));
        reducer.tell({});
      },
      std::chrono::seconds(1));
  EXPECT_THAT(thrown[0], all_answer_but("Timed out"));
}

TEST(ProcessGroup, NamesNobodyForAnErrorOfOnesOwn) {
  for (const int64_t failing : {0, 1}) {
    std::string message;
    std::promise<void> end;
    const auto ended = end.get_future().share();
    const auto work = [&](const Launch& launch) {
      ProcessGroup group(launch, kPatience);
      if (launch.rank != failing) return ended.wait();
      try {
        group.take_greatest(torch::zeros({1}, torch::kBool));  // Gloo has none of such
      } catch (const std::exception& error) {
        message = error.what();
      }
      end.set_value();
    };
    EXPECT_THAT(in_threads(launches(2), work), Each(IsEmpty()));
    EXPECT_THAT(message, all_answer_but("Invalid scalar type"));
  }
}

TEST(ProcessGroup, RefusesTwoOfOneRank) {
  auto all = launches(3);
  all[2].rank = 1;
  const auto thrown =
      in_threads(all, [](const Launch& launch) { ProcessGroup(launch, kPatience); });
  EXPECT_THAT(thrown, Each(HasSubstr("two processes have RANK 1; expected each number once")));
}

TEST(ProcessGroup, RefusesOtherCounts) {
  auto all = launches(2);
  all[1].world = 3;
  const auto thrown =
      in_threads(all, [](const Launch& launch) { ProcessGroup(launch, kPatience); });
  EXPECT_THAT(thrown, Each(HasSubstr("process 1 has WORLD_SIZE 3, process 0 has 2")));
}

TEST(ProcessGroup, RefusesOtherVersions) {
  auto all = launches(2);
  all[1].version = "0.0.9";
  const auto thrown =
      in_threads(all, [](const Launch& launch) { ProcessGroup(launch, kPatience); });
  EXPECT_THAT(thrown, Each("process 1 is Weft 0.0.9, process 0 is Weft " + version() +
                           "; expected the same"));
}

TEST(ProcessGroup, RefusesWhatIsNoAddressOfTheFirst) {
  auto first = launches(2)[0];
  const auto refused = [](const Launch& launch) { ProcessGroup(launch, std::chrono::seconds(1)); };
  first.address = "255.255.255.255";
  EXPECT_THAT(in_threads({first}, refused),
              Each(StartsWith("process 0 does not reach itself at 255.255.255.255:")));
  auto second = first;
  second.rank = 1;
  first.address = second.address = "no..host";
  EXPECT_THAT(in_threads({first, second}, refused),
              Each("MASTER_ADDR is no..host, a host that is not known here"));
}

/// Something else may listen there, or process 0 has been stopped.
TEST(ProcessGroup, GivesUpWhereSomebodyListensAndSaysNothing) {
  // Never closed: LibTorch's own thread ends the program when that resets its connection.
  static const auto* const listener = new SilentListener;
  auto second = launches(2)[1];
  second.port = listener->port();
  EXPECT_THAT(
      in_threads({second},
                 [](const Launch& launch) { ProcessGroup(launch, std::chrono::seconds(1)); }),
      Each(AllOf(HasSubstr("process 0 does not answer at 127.0.0.1:"),
                 HasSubstr("(MASTER_ADDR, MASTER_PORT) within 1 s"))));
}

TEST(ProcessGroup, TellsWhoDidNotCome) {
  auto all = launches(3);
  all.pop_back();
  const auto thrown =
      in_threads(all, [](const Launch& launch) { ProcessGroup(launch, std::chrono::seconds(1)); });
  EXPECT_THAT(thrown[0],
              HasSubstr("of 3 processes (WORLD_SIZE), process 2 did not come within 1 s"));
  auto second = launches(2)[1];
  EXPECT_THAT(
      in_threads({second},
                 [](const Launch& launch) { ProcessGroup(launch, std::chrono::seconds(1)); }),
      Each(AllOf(HasSubstr("process 0 does not answer at 127.0.0.1:"), HasSubstr("within 1 s"))));
}

TEST(ProcessGroup, RefusesAPortInUse) {
  auto all = launches(2);
  all[1].rank = 0;
  const auto thrown =
      in_threads(all, [](const Launch& launch) { ProcessGroup(launch, std::chrono::seconds(2)); });
  EXPECT_THAT(thrown, testing::Contains(HasSubstr("which is in use on this host")));
}

TEST(CheckShares, RefusesWhatDoesNotDivide) {
  TrainingOptions options;
  options.accumulate = 4;
  EXPECT_NO_THROW(check_shares(options, {.world = 2}));
  EXPECT_NO_THROW(check_shares(options, {.world = 4}));
  EXPECT_THROW(check_shares(options, {.world = 3}), UserError);
  EXPECT_THROW(check_shares(options, {.world = 8}), UserError);
}

TEST(ThreadsOf, AreTheCoresOfAShare) {
  TrainingOptions options;
  options.threads = 5;
  EXPECT_EQ(threads_of(options, {.world = 2, .local_world = 2}), 5);
  options.threads = 0;
  EXPECT_EQ(threads_of(options, {}), 0) << "all";
  EXPECT_EQ(threads_of(options, {.world = 1 << 16, .local_world = 1 << 16}), 1);
}

}  // namespace
}  // namespace weft
