#include "search/source_lines.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace weft {

int64_t SourceLine::length() const {
  std::size_t longest = 0;
  for (const auto& source : sources) longest = std::max(longest, source.tokens.ids.size());
  return static_cast<int64_t>(longest) + 1;
}

std::vector<SourceTokens> SourceLine::tokens() const {
  std::vector<SourceTokens> all;
  for (const auto& source : sources) all.push_back({source.tokens.ids, source.factors});
  return all;
}

SourceLine encode_source_line(const Vocabularies& vocabularies,
                              const std::vector<std::string_view>& lines) {
  SourceLine line;
  for (std::size_t k = 0; k < lines.size(); ++k)
    line.sources.push_back(encode_source(vocabularies.sources.at(k), lines[k]));
  return line;
}

int64_t cut(SourceLine& line, int64_t limit) {
  int64_t cut_tokens = 0;
  const auto kept = static_cast<std::size_t>(limit);
  for (auto& source : line.sources) {
    auto& tokens = source.tokens;
    if (tokens.ids.size() <= kept) continue;
    cut_tokens += static_cast<int64_t>(tokens.ids.size() - kept);
    tokens.ids.resize(kept);
    tokens.pieces.resize(kept);
    tokens.spans.resize(kept);
    for (auto& factor : source.factors) factor.resize(kept);
  }
  return cut_tokens;
}

std::vector<std::vector<std::size_t>> batches_by_length(const std::vector<int64_t>& lengths,
                                                        const DecodingOptions& options) {
  std::vector<std::size_t> order(lengths.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return lengths[a] > lengths[b]; });
  std::vector<std::vector<std::size_t>> batches;
  for (const std::size_t index : order) {
    const auto rows = batches.empty() ? 0 : static_cast<int64_t>(batches.back().size());
    // Longest first: the first of a batch decides its width.
    if (rows == 0 || rows >= options.batch_sentences ||
        rows + 1 > options.batch_tokens / lengths[batches.back().front()]) {
      batches.emplace_back();
    }
    batches.back().push_back(index);
  }
  return batches;
}

}  // namespace weft
