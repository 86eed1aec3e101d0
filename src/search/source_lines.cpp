#include "search/source_lines.h"

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <numeric>
#include <string>
#include <system_error>
#include <utility>

#include "base/error.h"

namespace weft {

namespace {

/// "1 2 3" to `count`, each a piece.
void number_annotations(LineOfSource& line, int32_t count) {
  for (int32_t i = 1; i <= count; ++i) {
    if (i > 1) line.text += ' ';
    const auto number = std::to_string(i);
    line.words.push_back({line.text.size(), line.text.size() + number.size()});
    line.text += number;
    line.tokens.pieces.push_back(number);
  }
  line.tokens.spans = line.words;
}

/// Whether `folder` is there, and this user may read it and write into it.
bool can_hold_files(const std::string& folder) {
  std::error_code error;
  return std::filesystem::is_directory(folder, error) &&
         ::access(folder.c_str(), R_OK | W_OK | X_OK) == 0;
}

/// Where messages say a line stands if nobody knows.
Location unknown_place(std::size_t, std::size_t index) {
  return {"line " + std::to_string(index + 1)};
}

}  // namespace

void place_items(const std::string& model, const std::optional<std::string>& root,
                 Vocabularies& vocabularies) {
  bool has_items = false;
  for (auto& source : vocabularies.sources) {
    if (source.is_text()) continue;
    has_items = true;
    if (!can_hold_files(source.items.cache)) source.items.cache.clear();
    if (root) source.items.root = *root;
  }
  if (root && !has_items)
    throw UserError(
        {model}, "reads text; expected a model of pictures, sound or features with --source-root");
}

int64_t LineOfSource::length() const {
  return annotations > 0 ? annotations : static_cast<int64_t>(tokens.ids.size()) + 1;
}

int64_t SourceLine::length() const {
  int64_t longest = 0;
  for (const auto& source : sources) longest = std::max(longest, source.length());
  return longest;
}

std::vector<SourceTokens> SourceLine::tokens() const {
  std::vector<SourceTokens> all;
  for (const auto& source : sources)
    all.push_back({source.tokens.ids, source.factors, source.annotations});
  return all;
}

SourceLines::SourceLines(const Vocabularies& vocabularies,
                         const std::vector<std::vector<std::string>>& lines,
                         const SourcePlace& place)
    : vocabularies_(vocabularies), lines_(lines), found_(lines.size()), items_(lines.size()) {
  for (std::size_t k = 0; k < lines.size(); ++k) {
    if (vocabularies.sources[k].is_text()) continue;
    const auto place_of = [&](std::size_t i) { return (place ? place : unknown_place)(k, i); };
    found_[k] = find_items(lines[k], place_of, vocabularies.sources[k].items);
    items_[k] = found_[k].items;
  }
}

LineOfSource SourceLines::line_of(std::size_t source, std::size_t index) const {
  const auto& text = lines_[source][index];
  if (vocabularies_.sources[source].is_text())
    return {encode_source(vocabularies_.sources[source], text)};
  LineOfSource line;
  const int32_t item = found_[source].of_lines[index];
  if (item < 0) return line;
  line.name = text;
  line.annotations = static_cast<int32_t>(items_[source]->annotations(item));
  line.grid = items_[source]->grid(item);
  number_annotations(line, line.annotations);
  line.tokens.ids = {item};
  return line;
}

SourceLine SourceLines::line(std::size_t index) const {
  SourceLine line;
  for (std::size_t k = 0; k < lines_.size(); ++k) line.sources.push_back(line_of(k, index));
  for (std::size_t k = 1; k < lines_.size(); ++k) {
    const bool is_missing =
        !vocabularies_.sources[k].is_text() && line.sources[k].tokens.ids.empty();
    if (is_missing && !line.is_blank())
      throw UserError(unknown_place(k, index), "source " + std::to_string(k + 1) +
                                                   " is blank; expected the name of an item");
  }
  return line;
}

TokenizedLine tokenized(const LineOfSource& line, std::vector<Span> words) {
  const bool has_own_words = !line.factors.empty() || line.annotations > 0;
  return {line.text, line.tokens.pieces, line.tokens.spans,
          has_own_words ? line.words : std::move(words), line.annotations == 0};
}

void describe_item(const LineOfSource& line, AlignmentMatrix& matrix) {
  if (line.annotations == 0) return;
  matrix.item = line.name;
  const bool has_grid = line.grid.is_there();
  matrix.grid_rows = has_grid ? static_cast<std::size_t>(line.grid.rows) : 1;
  matrix.grid_columns = static_cast<std::size_t>(has_grid ? line.grid.columns : line.annotations);
}

std::optional<ItemMistake> first_item_mistake(const Vocabularies& vocabularies,
                                              const std::vector<std::vector<std::string>>& lines,
                                              const SourcePlace& place) {
  for (std::size_t i = 0; i < lines.front().size(); ++i) {
    bool is_blank = false;
    for (std::size_t k = 0; k < lines.size(); ++k) {
      auto options = vocabularies.sources[k].items;
      if (options.is_text()) continue;
      options.network.clear();  // whether the file is a picture is asked, not what a network says
      try {
        const auto found = find_items(
            {lines[k][i]}, [&](std::size_t) { return place(k, i); }, options);
        if (found.items) found.items->check_item(0);
        if (k == 0) is_blank = !found.items;
        if (k > 0 && !found.items && !is_blank)
          throw UserError(place(k, i), "is blank; expected the name of an item");
      } catch (const UserError& error) {
        return ItemMistake{{i, error.what()}, k};
      }
    }
  }
  return std::nullopt;
}

int64_t cut(SourceLine& line, int64_t limit) {
  int64_t cut_tokens = 0;
  const auto kept = static_cast<std::size_t>(limit);
  for (auto& source : line.sources) {
    if (source.annotations > 0) continue;
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
