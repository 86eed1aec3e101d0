// weft train in several processes, as torchrun, srun and mpirun start it.

#include <gmock/gmock.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "base/temporary_directory.h"
#include "e2e/program.h"
#include "e2e/tiny_models.h"

namespace weft::e2e {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

/// A port of this host that is listened at; 0: one that was free.
class Listener {
 public:
  explicit Listener(int port = 0) : descriptor_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<uint16_t>(port));
    socklen_t size = sizeof address;
    auto* any = reinterpret_cast<sockaddr*>(&address);
    if (::bind(descriptor_, any, size) != 0 || ::listen(descriptor_, 1) != 0 ||
        ::getsockname(descriptor_, any, &size) != 0)
      throw std::runtime_error("cannot listen");
    port_ = ntohs(address.sin_port);
  }
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;
  ~Listener() { ::close(descriptor_); }
  int port() const { return port_; }

 private:
  int descriptor_;
  int port_ = 0;
};

int free_port() { return Listener().port(); }

/// The float32 tensors of a file.
std::map<std::string, std::vector<float>> tensors_of(const std::string& path) {
  const auto file = file_text(path);
  uint64_t size = 0;
  std::memcpy(&size, file.data(), sizeof size);
  std::map<std::string, std::vector<float>> tensors;
  const auto header = json::parse(file.substr(sizeof size, size));
  for (const auto& [name, entry] : header.items()) {
    if (name == "__metadata__" || entry.at("dtype") != "F32") continue;
    const auto begin = entry.at("data_offsets")[0].get<std::size_t>();
    const auto end = entry.at("data_offsets")[1].get<std::size_t>();
    auto& values = tensors[name];
    values.resize((end - begin) / sizeof(float));
    std::memcpy(values.data(), file.data() + sizeof size + size + begin, end - begin);
  }
  return tensors;
}

class Processes : public testing::Test {
 protected:
  /// `weft train` as process `rank` of `world`. Dropout is in use: what is drawn belongs to a
  /// batch, not to a process.
  Start start(int rank, int world, const std::vector<std::string>& settings = {}) const {
    auto command = weft_command({"train", "-c", task_.config(), "-m", model()});
    for (const char* setting :
         {"training.stop_after=60u", "training.validation.every=20u", "training.log_every=20u",
          "training.accumulate=4", "training.batch_tokens=60", "training.peer_timeout_seconds=20",
          "training.precision=float32", "model.dropout.hidden=0.2", "model.dropout.target_word=0.1",
          "training.exponential_smoothing=0.9"})
      command.arguments.insert(command.arguments.end(), {"--set", setting});
    for (const auto& setting : settings)
      command.arguments.insert(command.arguments.end(), {"--set", setting});
    if (world > 1) {
      command.environment = {{"RANK", std::to_string(rank)},
                             {"WORLD_SIZE", std::to_string(world)},
                             {"MASTER_ADDR", "127.0.0.1"},
                             {"MASTER_PORT", std::to_string(port_)}};
    }
    return command;
  }

  using Running = std::vector<std::unique_ptr<RunningProgram>>;
  Running start_all(int world, const std::vector<std::string>& settings = {}) {
    port_ = free_port();
    Running programs;
    for (int rank = 0; rank < world; ++rank)
      programs.push_back(std::make_unique<RunningProgram>(start(rank, world, settings)));
    return programs;
  }

  void train(int world, const std::vector<std::string>& settings = {}) {
    const auto programs = start_all(world, settings);
    for (int rank = 0; rank < world; ++rank) {
      const auto outcome = programs[static_cast<std::size_t>(rank)]->wait();
      ASSERT_EQ(outcome.status, 0) << rank << outcome;
      EXPECT_EQ(outcome.err.empty(), rank > 0) << "one process tells of the run";
    }
  }

  /// The largest difference between weights of this model and another.
  double distance_to(const std::string& other) const {
    const auto a = tensors_of(model() + "/weights.safetensors");
    const auto b = tensors_of(directory_.path(other) + "/weights.safetensors");
    EXPECT_FALSE(a.empty());
    EXPECT_EQ(a.size(), b.size());
    double most = 0;
    for (const auto& [name, values] : a)
      for (std::size_t i = 0; i < values.size(); ++i)
        most = std::max(most, std::abs(double{values[i]} - double{b.at(name).at(i)}));
    return most;
  }

  std::string metrics() const {
    const auto path = model() + "/metrics.jsonl";
    return fs::exists(path) ? file_text(path) : "";
  }
  int64_t updates_kept() const {
    const auto file = file_text(model() + "/training/checkpoint.safetensors");
    uint64_t size = 0;
    std::memcpy(&size, file.data(), sizeof size);
    const auto header = json::parse(file.substr(sizeof size, size));
    return json::parse(header.at("__metadata__").at("progress").get<std::string>()).at("updates");
  }
  std::string model() const { return directory_.path(model_); }

  TemporaryDirectory directory_;
  Task task_ = write_reversal_task(directory_.path("task"));
  std::string model_ = "model";
  int port_ = 0;
};

// Sums are taken in another order; 60 updates carry that no further than this, of weights near 1.
constexpr double kTolerance = 1e-4;

TEST_F(Processes, TrainTheModelThatOneTrains) {
  model_ = "one";
  train(1);
  const auto history = metrics();
  for (const int world : {2, 4}) {
    model_ = "of" + std::to_string(world);
    train(world);
    EXPECT_LT(distance_to("one"), kTolerance) << world;
    EXPECT_EQ(lines_of(metrics()).size(), lines_of(history).size());
  }
}

TEST_F(Processes, GoOnWhereAnotherNumberOfThemStopped) {
  model_ = "one";
  train(1);
  model_ = "changing";
  train(4, {"training.stop_after=15u"});
  train(1, {"training.stop_after=35u"});
  train(2);
  EXPECT_LT(distance_to("one"), kTolerance);
}

/// Two processes skip what one skips, and go back from where one goes back, to the same.
TEST_F(Processes, GoBackTogetherFromWhatIsNotFinite) {
  // Long sentences, which a curriculum puts last, weigh so much that an update on them leaves
  // weights whose products overflow; at a small rate they do no harm.
  std::string sentences, words;
  for (const auto& line : lines_of(file_text(task_.path("train.src")))) {
    const std::string weight = line.size() > 10 ? "1000000" : "1";
    sentences += weight + '\n';
    for (std::size_t i = 0; i < line.size(); i += 2) words += weight + ' ';
    words += '\n';
  }
  write_text(task_.path("sentences"), sentences);
  write_text(task_.path("words"), words);
  const std::vector<std::string> settings{"data.train_sentence_weights=" + task_.path("sentences"),
                                          "data.train_word_weights=" + task_.path("words"),
                                          "model.decoder.readout_type=maxout",
                                          "training.curriculum_epochs=9",
                                          "training.optimizer.type=sgd",
                                          "training.optimizer.learning_rate=1",
                                          "training.optimizer.clip_norm=0",
                                          "training.schedule.warmup_steps=0",
                                          "training.schedule.minimum_rate=0",
                                          "training.checkpoint_every=7u",
                                          "training.non_finite.limit=3",
                                          "training.non_finite.rate_factor=1e-14",
                                          "training.stop_after=25u"};
  const auto returns = [&] {
    std::vector<std::string> found;
    for (const auto& line : lines_of(metrics()))
      if (json::parse(line).at("event") == "went_back") found.push_back(line);
    return found;
  };
  model_ = "one";
  train(1, settings);
  const auto of_one = returns();
  ASSERT_EQ(of_one.size(), 1U) << metrics();
  EXPECT_EQ(json::parse(of_one[0]).at("updates"), 14);
  model_ = "two";
  train(2, settings);
  EXPECT_EQ(returns(), of_one);
  EXPECT_EQ(updates_kept(), 25);
  EXPECT_LT(distance_to("one"), kTolerance);
}

TEST_F(Processes, EndWhenOneIsKilledAndLoseNothing) {
  for (const std::size_t killed : {1U, 0U}) {
    auto programs = start_all(2, {"training.stop_after=0", "training.checkpoint_every=10u"});
    const auto before = lines_of(metrics()).size();
    ASSERT_TRUE(wait_until([&] { return lines_of(metrics()).size() > before + 2; }));
    programs[killed]->send(SIGKILL);
    EXPECT_EQ(programs[killed]->wait().status, 128 + SIGKILL);
    const auto left = programs[1 - killed]->wait();
    EXPECT_EQ(left.status, 2);
    const auto lines = lines_of(left.err);
    ASSERT_FALSE(lines.empty());
    EXPECT_THAT(lines.back(),
                AllOf(HasSubstr("another process of this run, or the way to it, is lost"),
                      HasSubstr("; no sign of life from process " + std::to_string(killed))));
  }
  const auto kept = updates_kept();
  model_ = "one";
  const auto end = "training.stop_after=" + std::to_string(kept + 10) + "u";
  train(1, {end});
  model_ = "model";
  train(1, {end});
  EXPECT_LT(distance_to("one"), kTolerance * static_cast<double>(kept) / 10);
}

TEST_F(Processes, EndWhenOneIsSilent) {
  auto programs = start_all(2, {"training.stop_after=0", "training.peer_timeout_seconds=2"});
  ASSERT_TRUE(wait_until([&] { return !metrics().empty(); }));
  programs[1]->send(SIGSTOP);
  const auto left = programs[0]->wait();
  EXPECT_EQ(left.status, 2);
  EXPECT_THAT(left.err, AllOf(HasSubstr("is lost (Timed out"),
                              HasSubstr("no sign of life from process 1 at 127.0.0.1")));
  programs[1]->send(SIGKILL);
}

TEST_F(Processes, StopTogetherWhenOneIsAsked) {
  auto programs = start_all(2, {"training.stop_after=0"});
  ASSERT_TRUE(wait_until([&] { return !metrics().empty(); }));
  programs[1]->send(SIGTERM);
  const auto first = programs[0]->wait();
  EXPECT_EQ(first.status, 128 + SIGINT) << "others have had no signal, and are not done";
  EXPECT_THAT(first.err, HasSubstr("interrupted; the same command goes on from here"));
  EXPECT_EQ(programs[1]->wait().status, 128 + SIGTERM);
  EXPECT_GT(updates_kept(), 0);
}

/// Whether its script is asked to stop or is killed: on other hosts nobody else would end them.
TEST_F(Processes, EndWithTheScriptThatHasStartedThem) {
  auto script = weft_command({"2", "-c", task_.config(), "-m", model()});
  script.arguments.front() = WEFT_SOURCE "/recipes/cluster/local.sh";
  for (const char* setting : {"training.accumulate=2", "training.batch_tokens=60",
                              "training.stop_after=0", "training.validation.every=9999e"})
    script.arguments.insert(script.arguments.end(), {"--set", setting});
  script.environment = {{"WEFT", weft_program()}};
  const auto log = model() + "/training/log.txt";
  const auto times = [&](const std::string& what) {
    const auto lines = lines_of(fs::exists(log) ? file_text(log) : "");
    return std::count_if(lines.begin(), lines.end(),
                         [&](const auto& line) { return line.find(what) != std::string::npos; });
  };
  int64_t kept = 0;
  for (const int signal : {SIGTERM, SIGKILL}) {
    const auto before = times("Up. "), ends = times("training ends: interrupted");
    RunningProgram running(script);
    ASSERT_TRUE(wait_until([&] { return times("Up. ") > before; }));
    running.send(signal);
    const auto status = running.wait().status;
    EXPECT_THAT(status - 128, testing::AnyOf(signal, SIGINT)) << "or told by the other";
    ASSERT_TRUE(wait_until([&] { return times("training ends: interrupted") > ends; }));
    EXPECT_GT(updates_kept(), kept);
    kept = updates_kept();
  }
}

TEST_F(Processes, RefuseOtherConfigsAndTexts) {
  port_ = free_port();
  {
    RunningProgram first(start(0, 2)), second(start(1, 2, {"model.decoder.hidden=25"}));
    const std::string mistake =
        "'model.decoder.hidden' has another value than in process 0; give all the same config";
    EXPECT_EQ(second.wait(), refusal({mistake}));
    EXPECT_EQ(first.wait(), refusal({"process 1: " + mistake}));
  }
  write_text(directory_.path("other.src"), "a b c\n");
  write_text(directory_.path("other.trg"), "C B A\n");
  port_ = free_port();
  RunningProgram first(start(0, 2)),
      second(start(1, 2,
                   {"data.train_source=" + directory_.path("other.src"),
                    "data.train_target=" + directory_.path("other.trg")}));
  const std::string mistake =
      "the training data is another than in process 0; give all the same text";
  EXPECT_EQ(second.wait(), refusal({mistake}));
  const auto outcome = first.wait();
  EXPECT_EQ(outcome.status, 2);
  EXPECT_THAT(outcome.err, HasSubstr("process 1: " + mistake));
}

/// Processors differ: what is fast on each of them is used.
TEST_F(Processes, TrainInAPrecisionThatAllHave) {
  port_ = free_port();
  auto settings = std::vector<std::string>{"training.precision=auto", "training.stop_after=2u"};
  auto second = start(1, 2, settings);
  second.environment.emplace_back("ONEDNN_MAX_CPU_ISA", "AVX2");
  RunningProgram zero(start(0, 2, settings)), one(second);
  const auto outcome = zero.wait();
  EXPECT_EQ(one.wait(), (Outcome{0, "", ""}));
  EXPECT_EQ(outcome.status, 0) << outcome;
  const auto config = file_text(model() + "/config.yaml");
  const auto training = config.find("\ntraining:");
  ASSERT_NE(training, std::string::npos) << config;
  const auto place = config.find("\n  precision: ", training) + 1;
  EXPECT_EQ(config.substr(place, config.find('\n', place) - place), "  precision: float32");
  const bool has_bfloat16 = outcome.err.find("auto: bfloat16") != std::string::npos;
  const std::string warning = "a process of this run has no fast bfloat16 products";
  EXPECT_EQ(outcome.err.find(warning) != std::string::npos, has_bfloat16) << outcome.err;
}

TEST_F(Processes, RefuseWhatCannotBeStarted) {
  port_ = free_port();
  EXPECT_EQ(run(start(0, 3)),
            refusal({"training.accumulate is 4; expected a multiple of 3, because 3 processes "
                     "(WORLD_SIZE) share the batches of an update (--set training.accumulate=6)"}));
  auto lonely = start(1, 2);
  std::erase_if(lonely.environment, [](const auto& pair) { return pair.first == "MASTER_ADDR"; });
  EXPECT_EQ(run(lonely),
            refusal({"MASTER_ADDR is not set; processes that train together need RANK, WORLD_SIZE, "
                     "MASTER_ADDR and MASTER_PORT (unset RANK and WORLD_SIZE to train in one "
                     "process)"}));
  auto none = start(0, 2);
  none.environment[1].second = "0";
  EXPECT_THAT(run(none).err, HasSubstr("WORLD_SIZE is '0'; expected an integer in [1, 65536]"));
  auto elsewhere = start(0, 2);
  elsewhere.environment.emplace_back("GLOO_SOCKET_IFNAME", "none0");
  const auto outcome = run(elsewhere);
  EXPECT_EQ(outcome.status, 2);
  EXPECT_THAT(outcome.err, AllOf(HasSubstr("GLOO_SOCKET_IFNAME is none0, no interface of this host "
                                           "that has an address; expected one of "),
                                 HasSubstr("lo")));
  port_ = free_port();
  const Listener listener(port_);
  EXPECT_EQ(run(start(0, 2)), refusal({"MASTER_PORT is " + std::to_string(port_) +
                                       ", which is in use on this host; expected a free port"}));
  EXPECT_FALSE(fs::exists(model())) << "nothing is made for what does not begin";
}

}  // namespace
}  // namespace weft::e2e
