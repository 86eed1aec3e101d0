#include "train/process_reducer.h"

#include <torch/types.h>
#include <torch/utils.h>

#include <algorithm>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <nlohmann/json.hpp>
#include <thread>
#include <utility>

namespace weft {
namespace {

using nlohmann::json;

/// While work is done, processes tell each other again and again that they are there: nobody can
/// say how long a validation takes, but a process that is gone is missed at once.
class WorkWatch {
 public:
  WorkWatch(ProcessGroup& group, const std::function<bool()>& stop, std::atomic<bool>& stop_seen)
      : group_(group), stop_(stop), stop_seen_(stop_seen) {
    thread_ = std::thread([this] { run(); });
  }
  WorkWatch(const WorkWatch&) = delete;
  WorkWatch& operator=(const WorkWatch&) = delete;
  ~WorkWatch() { thread_.join(); }

  /// Waits for all processes. Returns one whose work has failed; -1: there is none.
  int64_t finish(bool failed) {
    {
      const std::lock_guard lock(mutex_);
      is_done_ = true;
      has_failed_ = failed;
    }
    changed_.notify_all();
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return all_done_; });
    return failed_rank_;
  }
  /// Why the watch has ended too early; null: it has not.
  std::exception_ptr lost() const { return lost_; }

 private:
  void run() {
    try {
      while (!tell_once()) continue;
    } catch (...) {
      lost_ = std::current_exception();
      stop_seen_ = true;
    }
    const std::lock_guard lock(mutex_);
    all_done_ = true;
    changed_.notify_all();
  }

  /// True if all are done.
  bool tell_once() {
    const auto pause = std::min(group_.timeout() / 4, std::chrono::milliseconds(500));
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, pause, [this] { return is_done_; });
    const auto told = torch::tensor({int64_t{!is_done_}, int64_t{stop_ && stop_()},
                                     has_failed_ ? group_.rank() + 1 : int64_t{0}});
    lock.unlock();
    group_.take_greatest(told);
    const auto* values = told.data_ptr<int64_t>();
    if (values[1] != 0) stop_seen_ = true;
    lock.lock();
    failed_rank_ = values[2] - 1;
    return values[0] == 0;
  }

  ProcessGroup& group_;
  const std::function<bool()>& stop_;
  std::atomic<bool>& stop_seen_;
  std::mutex mutex_;  // guards what follows
  std::condition_variable changed_;
  bool is_done_ = false, has_failed_ = false, all_done_ = false;
  int64_t failed_rank_ = -1;
  std::exception_ptr lost_;
  std::thread thread_;  // last: it uses all of the above
};

json description_of(const TensorFile& file) {
  json tensors = json::object();
  for (const auto& [name, tensor] : file.tensors) {
    tensors[name] = {{"type", static_cast<int>(tensor.scalar_type())},
                     {"shape", tensor.sizes().vec()}};
  }
  return {{"metadata", file.metadata}, {"tensors", tensors}};
}

}  // namespace

void ProcessReducer::last_backward_begins(const std::vector<torch::Tensor>& parameters,
                                          kernels::WeightGradients& collected) {
  if (!buckets_) buckets_ = std::make_unique<GradientBuckets>(group_, parameters);
  buckets_->begin(collected);
}

void ProcessReducer::add_gradients(const std::vector<torch::Tensor>& /*parameters*/) {
  buckets_->finish();
}

UpdateNews ProcessReducer::tell(const UpdateNews& own) {
  const auto& work = own.work;
  const auto told =
      torch::tensor({static_cast<double>(work.sentences), static_cast<double>(work.source_tokens),
                     static_cast<double>(work.target_tokens), work.loss, work.guided, work.head,
                     work.risk, own.stop ? 1.0 : 0.0, rank() == 0 ? own.wall_seconds : 0.0},
                    torch::kFloat64);
  group_.sum(told);
  const auto* sum = told.data_ptr<double>();
  return {.work = {.sentences = static_cast<int64_t>(sum[0]),
                   .source_tokens = static_cast<int64_t>(sum[1]),
                   .target_tokens = static_cast<int64_t>(sum[2]),
                   .loss = sum[3],
                   .guided = sum[4],
                   .head = sum[5],
                   .risk = sum[6]},
          .stop = sum[7] > 0,
          .wall_seconds = sum[8]};
}

void ProcessReducer::together(const std::function<void()>& work,
                              const std::function<bool()>& stop) {
  stop_seen_ = false;
  std::exception_ptr failure;
  std::string message;
  WorkWatch watch(group_, stop, stop_seen_);
  try {
    work();
  } catch (const std::exception& error) {
    failure = std::current_exception();
    message = error.what();
  }
  const int64_t failed = watch.finish(failure != nullptr);
  if (watch.lost()) std::rethrow_exception(failure ? failure : watch.lost());
  if (failed < 0) return;
  message = group_.text_from(failed, message);
  if (failure) std::rethrow_exception(failure);
  throw UserError("process " + std::to_string(failed) + ": " +
                  message.substr(0, message.find('\n')));
}

bool ProcessReducer::any(bool own) {
  const auto told = torch::tensor(int64_t{own});
  group_.take_greatest(told);
  return told.item<int64_t>() != 0;
}

TensorFile ProcessReducer::from_first(const TensorFile& file) {
  const auto description =
      json::parse(from_first(rank() == 0 ? description_of(file).dump() : std::string()));
  TensorFile received;
  description.at("metadata").get_to(received.metadata);
  for (const auto& [name, of] : description.at("tensors").items()) {
    const auto type = static_cast<torch::ScalarType>(of.at("type").get<int>());
    auto tensor = rank() == 0 ? file.tensors.at(name).detach().to(torch::kCPU).contiguous()
                              : torch::empty(of.at("shape").get<std::vector<int64_t>>(), type);
    if (tensor.numel() > 0) group_.take_from(0, tensor);
    received.tensors[name] = std::move(tensor);
  }
  return received;
}

}  // namespace weft
