#include "init/validation_split.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <utility>

#include "base/atomic_file.h"

namespace weft {
namespace {

/// Disjoint sets of lines (Tarjan 1975), with path halving.
class LineGroups {
 public:
  explicit LineGroups(std::size_t lines) : parent_(lines) {
    std::iota(parent_.begin(), parent_.end(), std::size_t{0});
  }

  std::size_t group_of(std::size_t line) {
    while (parent_[line] != line) line = parent_[line] = parent_[parent_[line]];
    return line;
  }

  void join(std::size_t a, std::size_t b) { parent_[group_of(a)] = group_of(b); }

 private:
  std::vector<std::size_t> parent_;
};

/// Joins the lines whose sentence on one side has the same hash.
void join_equal(const std::vector<SentenceHashes>& lines, uint64_t SentenceHashes::*side,
                LineGroups& groups) {
  std::vector<std::pair<uint64_t, std::size_t>> by_hash;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (lines[i].is_usable()) by_hash.emplace_back(lines[i].*side, i);
  }
  std::sort(by_hash.begin(), by_hash.end());
  for (std::size_t i = 1; i < by_hash.size(); ++i) {
    if (by_hash[i].first == by_hash[i - 1].first)
      groups.join(by_hash[i].second, by_hash[i - 1].second);
  }
}

/// Lines that share sentences.
struct Group {
  uint64_t order = 0;  ///< of its sentences, whatever order they stand in
  int64_t size = 0;
  std::size_t name = 0;
};

std::vector<Group> list_groups(const std::vector<SentenceHashes>& lines, LineGroups& groups) {
  std::vector<Group> list(lines.size());
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (!lines[i].is_usable()) continue;
    Group& group = list[groups.group_of(i)];
    group.name = groups.group_of(i);
    group.order = std::max(group.order, lines[i].source * 0x9e3779b97f4a7c15);
    ++group.size;
  }
  std::erase_if(list, [](const Group& group) { return group.size == 0; });
  std::sort(list.begin(), list.end(),
            [](const Group& a, const Group& b) { return a.order < b.order; });
  return list;
}

}  // namespace

std::vector<bool> choose_validation_lines(const std::vector<SentenceHashes>& lines,
                                          int64_t wanted) {
  LineGroups groups(lines.size());
  join_equal(lines, &SentenceHashes::source, groups);
  join_equal(lines, &SentenceHashes::target, groups);
  const int64_t largest = std::max<int64_t>(1, wanted / 10);
  std::vector<bool> is_chosen(lines.size());
  int64_t taken = 0;
  for (const Group& group : list_groups(lines, groups)) {
    if (group.size > largest || taken + group.size > wanted) continue;
    is_chosen[group.name] = true;
    taken += group.size;
  }
  std::vector<bool> is_validation(lines.size());
  for (std::size_t i = 0; i < lines.size(); ++i)
    is_validation[i] = lines[i].is_usable() && is_chosen[groups.group_of(i)];
  return is_validation;
}

void write_split(const ParallelFiles& files, const std::vector<bool>& is_validation,
                 const SplitPaths& paths) {
  AtomicFile train_source(paths.train_source), train_target(paths.train_target),
      valid_source(paths.valid_source), valid_target(paths.valid_target);
  ParallelReader reader(files);
  std::size_t line = 0;
  for (std::string source, target; reader.next(source, target); ++line) {
    const bool validation = is_validation.at(line);
    (validation ? valid_source : train_source).write(source + '\n');
    (validation ? valid_target : train_target).write(target + '\n');
  }
  for (AtomicFile* file : {&train_source, &train_target, &valid_source, &valid_target})
    file->commit();
}

}  // namespace weft
