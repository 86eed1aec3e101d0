#include "app/output.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <optional>

#include "base/byte_source.h"
#include "base/error.h"
#include "base/messages.h"

namespace weft {
namespace {

std::string output_name(const std::string& path) { return path == "-" ? "standard output" : path; }

std::optional<struct stat> status_of(const std::string& path, int standard_stream) {
  struct stat status {};
  const int failed =
      path == "-" ? ::fstat(standard_stream, &status) : ::stat(path.c_str(), &status);
  return failed == 0 ? std::optional(status) : std::nullopt;
}

/// Files keep what is written, and pipes with a name come back to whoever reads them. The two ends
/// of a nameless socket may well be one.
bool can_be_read_back(const struct stat& status) {
  return S_ISREG(status.st_mode) || S_ISFIFO(status.st_mode);
}

bool is_same_file(const struct stat& a, const struct stat& b) {
  return a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

/// Opens without changing what is there. `is_new` tells whether nothing was.
int open_for_writing(const std::string& path, bool& is_new) {
  constexpr mode_t kMode = 0666;  // less what the umask takes away
  int descriptor = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
  if (descriptor < 0 && errno == ENOENT) {
    descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, kMode);
    is_new = descriptor >= 0;
    // A link to nothing is there, and is not.
    if (descriptor < 0 && errno == EEXIST)
      descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, kMode);
  }
  if (descriptor < 0) throw_file_error(path, "cannot be written");
  return descriptor;
}

void check_name(const std::string& path) {
  if (path.empty()) throw UserError("the output has an empty name; expected a file, or -");
  const auto format = compression_of_name(path);
  if (format.compression != Compression::kOther) return;
  throw UserError({path}, std::string(format.name) +
                              " files cannot be written; expected a name that ends in .gz or .zst, "
                              "or plain text");
}

}  // namespace

void require_output_is_no_input(const std::string& output, const std::vector<std::string>& inputs) {
  const auto written = status_of(output, STDOUT_FILENO);
  if (!written || !can_be_read_back(*written)) return;
  for (const auto& input : inputs) {
    const auto read = status_of(input, STDIN_FILENO);
    if (!read || !is_same_file(*written, *read)) continue;
    throw UserError(output_name(output) + " is the same file as the input " + display_name(input) +
                    "; expected another file");
  }
}

Output::Output(const std::string& path, const std::vector<std::string>& inputs) : path_(path) {
  check_name(path);
  require_output_is_no_input(path, inputs);
  descriptor_ = path == "-" ? STDOUT_FILENO : open_for_writing(path, is_new_);
}

Output::~Output() {
  try {
    if (stream_) finish();
  } catch (...) {
    // Whoever wanted to know has called finish().
  }
  if (path_ == "-") return;
  ::close(descriptor_);
  if (is_new_ && !stream_) ::unlink(path_.c_str());
}

void Output::start() {
  struct stat status {};
  if (path_ != "-" && ::fstat(descriptor_, &status) == 0 && S_ISREG(status.st_mode) &&
      ::ftruncate(descriptor_, 0) != 0) {
    throw_file_error(path_, "cannot be written");
  }
  const auto compression =
      path_ == "-" ? Compression::kNone : compression_of_name(path_).compression;
  sink_ = make_byte_sink(output_name(path_), descriptor_, compression);
  buffer_ = std::make_unique<SinkBuffer>(*sink_);
  stream_ = std::make_unique<std::ostream>(buffer_.get());
  stream_->exceptions(std::ios::badbit);  // lets the UserErrors of the sink through
}

void Output::finish() {
  if (!sink_) return;
  stream_->flush();
  sink_->finish();
  sink_.reset();
}

}  // namespace weft
