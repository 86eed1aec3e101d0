#include "train/text_sample.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/words.h"
#include "base/write_file.h"

namespace weft {
namespace {

/// A line of each source, and of the target.
struct Lines {
  std::vector<std::string> sources;
  std::string target;
};

TextSample written(const std::vector<Lines>& lines, std::size_t sources,
                   const std::string& directory, const std::string& name) {
  TextSample sample;
  sample.lines = static_cast<int64_t>(lines.size());
  std::vector<std::string> texts(sources + 1);
  for (const auto& line : lines) {
    for (std::size_t k = 0; k < sources; ++k) texts[k] += line.sources[k] + '\n';
    texts.back() += line.target + '\n';
  }
  for (std::size_t k = 0; k <= sources; ++k) {
    const auto path = directory + "/" + name + "." + std::to_string(k);
    write_file(path, texts[k]);
    if (k < sources) {
      sample.files.sources.push_back({path});
    } else {
      sample.files.target = {path};
    }
  }
  return sample;
}

std::size_t longest_side(const Lines& lines) {
  std::size_t longest = lines.target.size();
  for (const auto& source : lines.sources) longest = std::max(longest, source.size());
  return longest;
}

/// What no vocabulary finds a word in.
bool is_blank(const std::string& line) { return split_whitespace(line).empty(); }

/// Pairs that training leaves out because one side is blank, but not both: the target, or the first
/// source or one that is no text.
struct BlankPairs {
  const std::vector<SourceKind>& kinds;
  int64_t pairs = 0;
  Location first = {};

  void count(const Lines& lines, const ParallelReader& reader) {
    bool source = is_blank(lines.sources.front());
    for (std::size_t k = 1; k < kinds.size(); ++k)  // a text may say nothing, an item cannot
      source |= kinds[k] != SourceKind::kText && is_blank(lines.sources[k]);
    if (source == is_blank(lines.target)) return;
    if (++pairs > 1) return;
    first = (source ? reader.source_places() : reader.target_places())[reader.count()];
  }
};

}  // namespace

TextSample spread_lines(const ParallelFiles& files, const std::vector<SourceKind>& kinds,
                        int64_t most, const std::string& directory, const std::string& name) {
  constexpr int64_t kLengths = 500, kBytes = 8;  // the last holds all that are longer
  std::vector<int64_t> of_length(kLengths);
  ParallelReader reader(files);
  std::vector<Lines> kept;
  BlankPairs blank{kinds};
  for (Lines lines; reader.next(lines.sources, lines.target);) {
    blank.count(lines, reader);
    const auto bytes = static_cast<int64_t>(longest_side(lines));
    auto& alike = of_length[static_cast<std::size_t>(std::min(bytes / kBytes, kLengths - 1))];
    const bool is_first = reader.count() <= most / 2;
    if (!is_first && alike >= most / 2 / kLengths) continue;
    alike += is_first ? 0 : 1;
    kept.push_back(lines);
  }
  auto sample = written(kept, files.sources.size(), directory, name);
  sample.of_lines = reader.count();
  sample.one_sided_blank = blank.pairs;
  sample.first_one_sided_blank = blank.first;
  return sample;
}

TextSample longest_lines(const ParallelFiles& files, int64_t most, const std::string& directory,
                         const std::string& name) {
  ParallelReader reader(files);
  std::vector<Lines> kept;  // a heap whose top is the shortest
  const auto longer = [](const Lines& a, const Lines& b) {
    return a.sources.front().size() > b.sources.front().size();
  };
  Lines lines;
  int64_t all = 0;
  while (reader.next(lines.sources, lines.target)) {
    ++all;
    kept.push_back(lines);
    std::push_heap(kept.begin(), kept.end(), longer);
    if (static_cast<int64_t>(kept.size()) <= most) continue;
    std::pop_heap(kept.begin(), kept.end(), longer);
    kept.pop_back();
  }
  auto sample = written(kept, files.sources.size(), directory, name);
  sample.of_lines = all;
  return sample;
}

}  // namespace weft
