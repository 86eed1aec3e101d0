#include "train/text_sample.h"

#include <algorithm>
#include <utility>
#include <vector>

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

}  // namespace

TextSample first_lines(const ParallelFiles& files, int64_t most, const std::string& directory,
                       const std::string& name) {
  ParallelReader reader(files);
  std::vector<Lines> kept;
  Lines lines;
  bool more = true;
  while ((more = reader.next(lines.sources, lines.target)) &&
         static_cast<int64_t>(kept.size()) < most)
    kept.push_back(lines);
  auto sample = written(kept, files.sources.size(), directory, name);
  sample.is_all = !more;
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
  sample.is_all = sample.lines == all;
  return sample;
}

}  // namespace weft
