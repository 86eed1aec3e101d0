#include "train/process_group.h"

#ifdef WEFT_DISTRIBUTED

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <functional>
#include <torch/csrc/distributed/c10d/ProcessGroupGloo.hpp>
#include <utility>
#include <vector>
#ifdef WEFT_NCCL
#include <torch/csrc/distributed/c10d/PrefixStore.hpp>
#include <torch/csrc/distributed/c10d/ProcessGroupNCCL.hpp>
#endif

#include "train/network.h"
#include "train/rendezvous.h"

namespace weft {
namespace {

/// The last part of what Gloo says: "[FILE:LINE] Connection closed by peer [127.0.0.1]:4242".
std::string told_by(const std::exception& error) {
  std::string what = error.what();
  what = what.substr(0, what.find('\n'));
  if (what.starts_with('[')) what = what.substr(std::min(what.size(), what.find("] ") + 2));
  while (what.ends_with('.') || what.ends_with(' ')) what.pop_back();
  return what;
}

/// Does a step of a collective, whose errors are all of one kind.
template <class Step>
auto connected(const Roll& roll, Step step) {
  try {
    return step();
  } catch (const std::exception& error) {
    const auto missing = roll.missing();
    throw ProcessLost(
        (missing.empty()
             ? "all processes of this run have answered, but an exchange between them failed"
             : "another process of this run, or the way to it, is lost") +
        (" (" + told_by(error) + missing) + "); the same command goes on from the last checkpoint");
  }
}

class StartedSum : public ProcessGroup::Sum {
 public:
  StartedSum(c10::intrusive_ptr<::c10d::Work> work, std::shared_ptr<const Roll> roll)
      : work_(std::move(work)), roll_(std::move(roll)) {}
  void wait() override {
    connected(*roll_, [&] { work_->wait(); });
  }

 private:
  c10::intrusive_ptr<::c10d::Work> work_;
  std::shared_ptr<const Roll> roll_;
};

/// GLOO_SOCKET_IFNAME names the interface, as it does to other users of LibTorch.
std::string chosen_interface() {
  const char* name = std::getenv("GLOO_SOCKET_IFNAME");
  return name == nullptr ? "" : name;
}

void require_chosen_interface() {
  const auto all = interfaces();
  const auto name = chosen_interface();
  if (name.empty() || std::find(all.begin(), all.end(), name) != all.end()) return;
  std::string names;
  for (const auto& one : all) names += (names.empty() ? "" : ", ") + one;
  throw UserError("GLOO_SOCKET_IFNAME is " + name +
                  ", no interface of this host that has an address; expected one of " + names);
}

std::shared_ptr<::gloo::transport::Device> network_device(const std::string& own_address) {
  const auto interface = chosen_interface();
  if (!interface.empty()) return ::c10d::ProcessGroupGloo::createDeviceForInterface(interface);
  return ::c10d::ProcessGroupGloo::createDeviceForHostname(own_address);
}

}  // namespace

struct ProcessGroup::Connection {
  Launch launch;
  std::chrono::milliseconds timeout;
  c10::intrusive_ptr<::c10d::Store> store;
  c10::intrusive_ptr<::c10d::ProcessGroupGloo> gloo;
  std::shared_ptr<const Roll> roll;
#ifdef WEFT_NCCL
  c10::intrusive_ptr<::c10d::ProcessGroupNCCL> nccl;  // null: nothing was on a GPU yet

  ::c10d::ProcessGroupNCCL& on_gpus() {
    if (!nccl) {
      auto options = ::c10d::ProcessGroupNCCL::Options::create();
      options->timeout = timeout;
      nccl = c10::make_intrusive<::c10d::ProcessGroupNCCL>(
          c10::make_intrusive<::c10d::PrefixStore>("nccl", store), static_cast<int>(launch.rank),
          static_cast<int>(launch.world), std::move(options));
    }
    return *nccl;
  }
#endif

  /// Does a step of a collective, whose errors are all of one kind.
  template <class Step>
  auto connected(Step step) {
    return weft::connected(*roll, step);
  }
};

ProcessGroup::ProcessGroup(const Launch& launch, std::chrono::milliseconds timeout)
    : connection_(std::make_unique<Connection>()) {
  // Gloo writes to the sockets of processes that are gone, which would end this one without a word.
  std::signal(SIGPIPE, SIG_IGN);
  require_chosen_interface();
  const auto met = meet(launch, timeout);
  connection_->launch = launch;
  connection_->timeout = timeout;
  connection_->store = met.store;
  connection_->roll = std::make_shared<const Roll>(launch, met);
  const auto rank = static_cast<int>(launch.rank), world = static_cast<int>(launch.world);
  connection_->connected([&] {
    auto options = ::c10d::ProcessGroupGloo::Options::create(timeout);
    options->devices = {network_device(met.own_address)};
    options->threads = 2;
    connection_->gloo = c10::make_intrusive<::c10d::ProcessGroupGloo>(connection_->store, rank,
                                                                      world, std::move(options));
  });
}

ProcessGroup::~ProcessGroup() = default;
int64_t ProcessGroup::rank() const { return connection_->launch.rank; }
int64_t ProcessGroup::world() const { return connection_->launch.world; }
std::chrono::milliseconds ProcessGroup::timeout() const { return connection_->timeout; }

std::unique_ptr<ProcessGroup::Sum> ProcessGroup::start_sum(const torch::Tensor& tensor) {
  std::vector<torch::Tensor> tensors{tensor};
  return connection_->connected([&]() -> std::unique_ptr<Sum> {
    const auto started = [&](c10::intrusive_ptr<::c10d::Work> work) {
      return std::make_unique<StartedSum>(std::move(work), connection_->roll);
    };
#ifdef WEFT_NCCL
    if (!tensor.is_cpu()) return started(connection_->on_gpus().allreduce(tensors));
#endif
    return started(connection_->gloo->allreduce(tensors));
  });
}

void ProcessGroup::take_greatest(const torch::Tensor& tensor) {
  std::vector<torch::Tensor> tensors{tensor};
  ::c10d::AllreduceOptions options;
  options.reduceOp = ::c10d::ReduceOp::MAX;
  connection_->connected([&] { connection_->gloo->allreduce(tensors, options)->wait(); });
}

void ProcessGroup::take_from(int64_t root, const torch::Tensor& tensor) {
  std::vector<torch::Tensor> tensors{tensor};
  ::c10d::BroadcastOptions options;
  options.rootRank = static_cast<int>(root);
  connection_->connected([&] { connection_->gloo->broadcast(tensors, options)->wait(); });
}

std::string ProcessGroup::text_from(int64_t root, const std::string& text) {
  const auto size = torch::tensor(static_cast<int64_t>(text.size()));
  take_from(root, size);
  std::string received = rank() == root ? text : std::string();
  received.resize(static_cast<std::size_t>(size.item<int64_t>()));
  if (!received.empty()) {
    take_from(root, torch::from_blob(received.data(), {static_cast<int64_t>(received.size())},
                                     torch::kUInt8));
  }
  return received;
}

}  // namespace weft

#else  // a build without c10d

#include <stdexcept>

namespace weft {

struct ProcessGroup::Connection {};

ProcessGroup::ProcessGroup(const Launch& launch, std::chrono::milliseconds /*timeout*/) {
  throw UserError("WORLD_SIZE is " + std::to_string(launch.world) +
                  "; this program was built without what connects processes: LibTorch with "
                  "USE_DISTRIBUTED and Gloo, and Gloo's headers (libgloo-dev)");
}

ProcessGroup::~ProcessGroup() = default;

namespace {
[[noreturn]] void not_connected() { throw std::logic_error("ProcessGroup: there is none"); }
}  // namespace

int64_t ProcessGroup::rank() const { not_connected(); }
int64_t ProcessGroup::world() const { not_connected(); }
std::chrono::milliseconds ProcessGroup::timeout() const { not_connected(); }
std::unique_ptr<ProcessGroup::Sum> ProcessGroup::start_sum(const torch::Tensor&) {
  not_connected();
}
void ProcessGroup::take_greatest(const torch::Tensor&) { not_connected(); }
void ProcessGroup::take_from(int64_t, const torch::Tensor&) { not_connected(); }
std::string ProcessGroup::text_from(int64_t, const std::string&) { not_connected(); }

}  // namespace weft

#endif
