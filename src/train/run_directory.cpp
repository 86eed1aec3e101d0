#include "train/run_directory.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>
#include <vector>

#include "aligner/aligner_directory.h"
#include "base/atomic_file.h"
#include "base/error.h"
#include "base/log.h"
#include "base/messages.h"
#include "model/model_directory.h"

namespace weft {
namespace {

namespace fs = std::filesystem;

constexpr const char* kLock = "training/lock";
constexpr const char* kCheckpoint = "training/checkpoint.safetensors";

bool is_there(const std::string& directory, const std::string& name) {
  std::error_code error;
  return fs::exists(fs::path(directory) / name, error);
}

/// Names that do not begin with a dot, in order; none if there is no such directory.
std::vector<std::string> names_in(const std::string& directory) {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator entry(directory, error), end; !error && entry != end;
       entry.increment(error)) {
    auto name = entry->path().filename().string();
    if (!name.starts_with('.')) names.push_back(std::move(name));
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::string listed(const std::vector<std::string>& names) {
  constexpr std::size_t kMost = 5;
  std::string text;
  for (std::size_t i = 0; i < std::min(kMost, names.size()); ++i)
    text += (i == 0 ? "" : ", ") + names[i];
  if (names.size() > kMost) text += " and " + std::to_string(names.size() - kMost) + " more";
  return text;
}

void check_holds_no_foreign_files(const std::string& directory) {
  if (is_there(directory, kLock) || is_there(directory, kCheckpoint)) return;
  if (is_there(directory, kWeightsFile)) {
    throw UserError({directory},
                    "holds a model, but no training state to resume from (training/); give another "
                    "directory with -m");
  }
  auto names = names_in(directory);
  // A kill may have come between the directory and the lock in it.
  if (names_in((fs::path(directory) / "training").string()).empty()) std::erase(names, "training");
  if (names.empty()) return;
  throw UserError({directory},
                  "holds files that Weft has not written (" + listed(names) +
                      "); expected a new or empty directory, or one of an earlier run");
}

/// The files of a run that are written under a temporary name first.
bool is_remain(const std::string& name) {
  for (const auto& path : aligner_model_files("")) {
    if (is_temporary_name(name, fs::path(path).filename().string())) return true;
  }
  for (const char* ours :
       {"config.yaml", "README", kWeightsFile, "checkpoint.safetensors", "best.safetensors"}) {
    if (is_temporary_name(name, ours)) return true;
  }
  const auto stem = name.substr(0, name.find(".tmp-"));
  return is_temporary_name(name, stem) && (stem.ends_with(".spm") || stem.ends_with(".words"));
}

std::string host_name() {
  std::array<char, 256> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "unknown";
}

std::string read_start(int descriptor) {
  std::array<char, 400> text{};
  const ssize_t count = ::pread(descriptor, text.data(), text.size(), 0);
  std::string line(text.data(), static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
  return line.substr(0, line.find('\n'));
}

}  // namespace

bool has_checkpoint(const std::string& directory) { return is_there(directory, kCheckpoint); }

RunDirectory::RunDirectory(std::string path) : path_(std::move(path)) {
  check_holds_no_foreign_files(path_);
  make_directories(path_);
  if (::access(path_.c_str(), W_OK | X_OK) != 0) throw_file_error(path_, "cannot be written to");
  make_directories(file("training"));
  lock();
  remove_remains();
}

RunDirectory::~RunDirectory() {
  if (lock_ >= 0) ::close(lock_);
}

std::string RunDirectory::file(const std::string& name) const {
  return (fs::path(path_) / name).string();
}

std::string RunDirectory::weights() const { return file(kWeightsFile); }

void RunDirectory::lock() {
  const auto path = file(kLock);
  lock_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (lock_ < 0) throw_file_error(path, "cannot be written");
  // The lock goes with the process, however it ends.
  if (::flock(lock_, LOCK_EX | LOCK_NB) != 0) {
    const int reason = errno;
    const std::string holder = read_start(lock_);
    if (reason == EWOULDBLOCK) {
      ::close(lock_);
      throw UserError({path_}, "is in use: " + (holder.empty() ? "another process" : holder) +
                                   " trains there; wait for its end, or give another directory "
                                   "with -m");
    }
    log_warning(path + " cannot be locked (" + std::strerror(reason) +
                "); a second run in this directory would damage it");
  }
  const std::string holder = "process " + std::to_string(::getpid()) + " on " + host_name() + "\n";
  if (::ftruncate(lock_, 0) != 0 ||
      ::pwrite(lock_, holder.data(), holder.size(), 0) != static_cast<ssize_t>(holder.size()))
    throw_file_error(path, "cannot be written");
}

void RunDirectory::remove_remains() const {
  std::vector<std::string> folders{"", "training", "aligner"};
  for (const auto& metric : names_in(file("best"))) folders.push_back("best/" + metric);
  for (const auto& folder : folders) {
    for (const auto& name : names_in(file(folder))) {
      if (!is_remain(name)) continue;
      std::error_code error;
      const auto path = (fs::path(file(folder)) / name).string();
      if (fs::is_regular_file(path, error)) fs::remove(path, error);
      if (error) log_warning(path + " cannot be removed (" + error.message() + ")");
    }
  }
}

}  // namespace weft
