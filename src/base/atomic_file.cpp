#include "base/atomic_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>

#include "base/error.h"
#include "base/messages.h"

namespace weft {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kTemporaryMark = ".tmp-";
constexpr std::size_t kRandomLetters = 6;

std::string parent_of(const std::string& path) {
  const std::string parent = fs::path(path).parent_path().string();
  return parent.empty() ? "." : parent;
}

/// What `path` points to in the end; it need not be there.
std::string without_links(const std::string& path) {
  constexpr int kMostLinks = 40;  // as Linux
  fs::path target = path;
  std::error_code error;
  for (int i = 0; fs::is_symlink(fs::symlink_status(target, error)); ++i) {
    if (i == kMostLinks) {
      errno = ELOOP;
      throw_file_error(path, "cannot be written");
    }
    target = target.parent_path() / fs::read_symlink(target, error);
  }
  return target.string();
}

/// The name's beginning, so that it is not too long for a file system with what comes behind it.
std::string stem_of_temporary(const std::string& name) {
  constexpr std::size_t kMost = 200;
  return name.substr(0, kMost);
}

std::string random_letters() {
  static constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyz0123456789";
  std::random_device random;
  std::string letters;
  while (letters.size() < kRandomLetters) letters += kLetters[random() % kLetters.size()];
  return letters;
}

}  // namespace

AtomicFile::AtomicFile(const std::string& path) : path_(path), target_(without_links(path)) {
  struct stat old {};
  const bool replaces = ::stat(target_.c_str(), &old) == 0;
  if (!replaces && errno != ENOENT) throw_file_error(path_, "cannot be written");
  if (replaces && !S_ISREG(old.st_mode))
    throw UserError({path_}, "cannot be replaced; expected a regular file or none");
  constexpr mode_t kNewMode = 0666;  // less what the umask takes away, as for any other file
  constexpr mode_t kPermissions = 07777;
  open_temporary(replaces ? old.st_mode & 0777 : kNewMode);
  if (!replaces) return;
  // Only root may give a file away; for others it is theirs from now on.
  const bool given = ::fchown(descriptor_, old.st_uid, old.st_gid) == 0;
  // Set-id bits belong to the former owner alone.
  ::fchmod(descriptor_, old.st_mode & (given ? kPermissions : 0777));
}

void AtomicFile::open_temporary(mode_t mode) {
  const fs::path target(target_);
  const auto stem = stem_of_temporary(target.filename().string()) + std::string(kTemporaryMark);
  do {
    temporary_path_ = (target.parent_path() / (stem + random_letters())).string();
    // O_EXCL: never another process's file, nor one that a link planted there leads to.
    descriptor_ = ::open(temporary_path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
  } while (descriptor_ < 0 && errno == EEXIST);
  if (descriptor_ >= 0) return;
  temporary_path_.clear();
  throw_file_error(path_, "cannot be written");
}

AtomicFile::~AtomicFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
  if (!temporary_path_.empty()) ::unlink(temporary_path_.c_str());
}

void AtomicFile::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(descriptor_, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw_file_error(path_, "cannot be written");
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
}

void AtomicFile::commit() {
  if (::fsync(descriptor_) != 0) throw_file_error(path_, "cannot be written");
  const int closed = ::close(descriptor_);
  descriptor_ = -1;
  if (closed != 0) throw_file_error(path_, "cannot be written");
  if (std::rename(temporary_path_.c_str(), target_.c_str()) != 0) {
    throw_file_error(path_, "cannot be replaced");
  }
  temporary_path_.clear();
  sync_directory(parent_of(target_));
}

void write_file_atomically(const std::string& path, std::string_view bytes) {
  AtomicFile file(path);
  file.write(bytes);
  file.commit();
}

void replace_file(const std::string& from, const std::string& to) {
  const std::string target = without_links(to);
  struct stat old {};
  if (::stat(target.c_str(), &old) == 0) ::chmod(from.c_str(), old.st_mode & 0777);
  if (std::rename(from.c_str(), target.c_str()) != 0) {
    if (errno != EXDEV) throw_file_error(to, "cannot be replaced");
    std::ostringstream bytes;  // the link leads to another disk
    bytes << std::ifstream(from, std::ios::binary).rdbuf();
    write_file_atomically(to, bytes.view());
    ::unlink(from.c_str());
  }
  sync_directory(parent_of(target));
  sync_directory(parent_of(from));
}

bool is_temporary_name(const std::string& temporary, const std::string& name) {
  const auto stem = stem_of_temporary(name) + std::string(kTemporaryMark);
  if (!temporary.starts_with(stem) || temporary.size() == stem.size()) return false;
  return std::all_of(temporary.begin() + static_cast<std::ptrdiff_t>(stem.size()), temporary.end(),
                     [](unsigned char letter) { return std::isalnum(letter) != 0; });
}

void make_directories(const std::string& directory) {
  fs::path path(directory);
  if (!path.has_filename()) path = path.parent_path();  // "runs/"
  std::error_code error;
  if (fs::is_directory(path, error)) return;
  const auto parent = parent_of(path.string());
  if (parent != path) make_directories(parent);
  if (::mkdir(path.c_str(), 0777) != 0) {
    const int reason = errno;
    if (fs::is_directory(path, error)) return;  // another process was quicker
    if (reason == EEXIST) throw UserError({path.string()}, "is not a directory");
    errno = reason;
    throw_file_error(directory, "cannot be made");
  }
  sync_directory(parent);
}

void sync_directory(const std::string& directory) {
  const int descriptor = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) throw_file_error(directory, "cannot be opened");
  const int synced = ::fsync(descriptor);
  const int reason = errno;
  ::close(descriptor);
  // Some network file systems cannot sync a directory, and have nothing to lose there.
  if (synced != 0 && reason != EINVAL && reason != ENOTSUP) {
    errno = reason;
    throw_file_error(directory, "cannot be synced to the disk");
  }
}

}  // namespace weft
