#include "data/parallel_files.h"

#include <optional>

namespace weft {
namespace {

std::string unequal_lengths(const std::string& source, int64_t source_lines,
                            const std::string& target, int64_t target_lines) {
  return source + " has " + std::to_string(source_lines) +
         (source_lines == 1 ? " line, " : " lines, ") + target + " has " +
         std::to_string(target_lines) + "; expected equally many, one translation per line";
}

/// Lines of one side; nothing, with the problems added, if one of its files has any.
std::optional<int64_t> checked_count(const std::vector<std::string>& files, Problems& problems) {
  std::optional<int64_t> total = 0;
  for (const std::string& file : files) {
    try {
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

ParallelReader::ParallelReader(const ParallelFiles& files)
    : source_(files.source), target_(files.target) {}

bool ParallelReader::next(std::string& source_line, std::string& target_line) {
  const bool source = source_.next(source_line);
  const bool target = target_.next(target_line);
  if (source != target) {
    throw UserError(unequal_lengths(source_.names(), source_.count_to_end(), target_.names(),
                                    target_.count_to_end()));
  }
  return source;
}

void check_parallel_files(const ParallelFiles& files, Problems& problems) {
  const std::optional<int64_t> source = checked_count(files.source, problems);
  const std::optional<int64_t> target = checked_count(files.target, problems);
  if (source && target && *source != *target) {
    problems.add(unequal_lengths(LineStream(files.source).names(), *source,
                                 LineStream(files.target).names(), *target));
  }
}

}  // namespace weft
