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

}  // namespace

std::vector<std::vector<std::string>> split_by_source(const std::vector<std::string>& files,
                                                      std::size_t files_of_each) {
  std::vector<std::vector<std::string>> sources;
  for (std::size_t i = 0; i < files.size(); ++i) {
    if (i % files_of_each == 0) sources.emplace_back();
    sources.back().push_back(files[i]);
  }
  return sources;
}

ParallelFiles training_files(const DataOptions& data) {
  return {data.train_source, data.train_target,
          split_by_source(data.further_train_source, data.train_source.size())};
}

ParallelFiles validation_files(const DataOptions& data) {
  return {data.valid_source, data.valid_target,
          split_by_source(data.further_valid_source, data.valid_source.size())};
}

ParallelReader::ParallelReader(const ParallelFiles& files)
    : source_(files.source),
      target_(files.target),
      further_(files.further.begin(), files.further.end()),
      further_lines_(files.further.size()) {}

bool ParallelReader::next(std::string& source_line, std::string& target_line) {
  const bool source = source_.next(source_line);
  const auto require_equal = [&](LineStream& other, bool read) {
    if (source == read) return;
    throw UserError(unequal_lines({source_.names(), source_.count_to_end()},
                                  {other.names(), other.count_to_end()}));
  };
  require_equal(target_, target_.next(target_line));
  for (std::size_t k = 0; k < further_.size(); ++k)
    require_equal(further_[k], further_[k].next(further_lines_[k]));
  return source;
}

void check_parallel_files(const ParallelFiles& files, Problems& problems) {
  const std::optional<int64_t> source = checked_count(files.source, problems);
  const auto check = [&](const std::vector<std::string>& other) {
    const std::optional<int64_t> lines = checked_count(other, problems);
    if (!source || !lines || *source == *lines) return;
    problems.add(unequal_lines({LineStream(files.source).names(), source},
                               {LineStream(other).names(), lines}));
  };
  check(files.target);
  for (const auto& further : files.further) check(further);
}

}  // namespace weft
