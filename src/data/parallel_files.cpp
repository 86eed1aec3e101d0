#include "data/parallel_files.h"

#include <filesystem>
#include <optional>

#include "base/messages.h"

namespace weft {
namespace {

/// Throws UserError for a pipe, which has nothing left when it is read again.
void require_rereadable(const std::string& file) {
  std::error_code error;
  if (std::filesystem::is_fifo(file, error)) {
    throw UserError(
        {file},
        "is a pipe; expected a regular file, because training reads its text several times");
  }
}

/// Lines of one side; nothing, with the problems added, if one of its files has any.
std::optional<int64_t> checked_count(const std::vector<std::string>& files, Problems& problems) {
  std::optional<int64_t> total = 0;
  for (const std::string& file : files) {
    try {
      require_rereadable(file);
      const int64_t lines = LineStream({file}).count_to_end();
      if (total) *total += lines;
    } catch (const UserError& error) {
      problems.add(error.what());
      total.reset();
    }
  }
  return total;
}

/// The files of each source, which stand one source after the other.
std::vector<std::vector<std::string>> split_by_source(const std::vector<std::string>& files,
                                                      std::size_t sources) {
  std::vector<std::vector<std::string>> split(sources);
  const std::size_t of_each = files.size() / sources;
  for (std::size_t i = 0; i < of_each * sources; ++i) split[i / of_each].push_back(files[i]);
  return split;
}

}  // namespace

ParallelFiles training_files(const DataOptions& data) {
  return {split_by_source(data.train_source, data.source_kind.size()), data.train_target};
}

ParallelFiles validation_files(const DataOptions& data) {
  return {split_by_source(data.valid_source, data.source_kind.size()), data.valid_target};
}

ParallelReader::ParallelReader(const ParallelFiles& files)
    : sources_(files.sources.begin(), files.sources.end()), target_(files.target) {}

bool ParallelReader::require_equal(bool read, LineStream& other, bool other_read) {
  if (read == other_read) return read;
  auto& first = sources_.front();
  throw UserError(
      unequal_lines({first.names(), first.count_to_end()}, {other.names(), other.count_to_end()}));
}

bool ParallelReader::next(std::vector<std::string>& sources, std::string& target) {
  sources.resize(sources_.size());
  const bool read = sources_.front().next(sources.front());
  require_equal(read, target_, target_.next(target));
  for (std::size_t k = 1; k < sources_.size(); ++k)
    require_equal(read, sources_[k], sources_[k].next(sources[k]));
  return read;
}

bool ParallelReader::next(std::string& source, std::string& target) {
  return require_equal(sources_.front().next(source), target_, target_.next(target));
}

void check_parallel_files(const ParallelFiles& files, Problems& problems) {
  const std::optional<int64_t> source = checked_count(files.sources.front(), problems);
  const auto check = [&](const std::vector<std::string>& other) {
    const std::optional<int64_t> lines = checked_count(other, problems);
    if (!source || !lines || *source == *lines) return;
    problems.add(unequal_lines({LineStream(files.sources.front()).names(), source},
                               {LineStream(other).names(), lines}));
  };
  check(files.target);
  for (std::size_t k = 1; k < files.sources.size(); ++k) check(files.sources[k]);
}

}  // namespace weft
