#include "app/translation_table.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "aligner/aligner_directory.h"
#include "aligner/word_types.h"
#include "base/error.h"
#include "base/line_reader.h"
#include "base/words.h"

namespace weft {
namespace {

/// A line as it stands.
struct TableLine {
  std::string source, target;
  double probability;  // or its logarithm
};

enum class TableForm {
  kTabs,
  kJson,
  kTargetFirst,  // and a probability
  kSourceFirst,  // and its logarithm
};

std::optional<double> number_of(std::string_view text) {
  double number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size()) return std::nullopt;
  return number;
}

std::vector<std::string> fields_at(const std::string& line, bool tabs) {
  std::vector<std::string> fields;
  if (!tabs) {
    for (const auto& span : split_whitespace(line))
      fields.push_back(line.substr(span.begin, span.end - span.begin));
    return fields;
  }
  for (std::size_t begin = 0; begin <= line.size();) {
    const auto end = std::min(line.find('\t', begin), line.size());
    fields.push_back(line.substr(begin, end - begin));
    begin = end + 1;
  }
  return fields;
}

std::optional<TableLine> parse_json(const std::string& line) {
  const auto object = nlohmann::json::parse(line, nullptr, /*allow_exceptions=*/false);
  const auto has = [&](const char* key, bool text) {
    return object.is_object() && object.contains(key) &&
           (text ? object[key].is_string() : object[key].is_number());
  };
  if (!has("source", true) || !has("target", true) || !has("p_target", false)) return std::nullopt;
  return TableLine{object["source"], object["target"], object["p_target"]};
}

std::optional<TableLine> parse(const std::string& line, TableForm form) {
  if (form == TableForm::kJson) return parse_json(line);
  auto fields = fields_at(line, form == TableForm::kTabs);
  if (form == TableForm::kTabs ? fields.size() < 3 : fields.size() != 3) return std::nullopt;
  const auto probability = number_of(fields[2]);
  if (!probability) return std::nullopt;
  if (form == TableForm::kTargetFirst) std::swap(fields[0], fields[1]);
  return TableLine{std::move(fields[0]), std::move(fields[1]), *probability};
}

/// Of a table without tabs any line with a logarithm tells; they all have the same form.
TableForm form_of(const std::vector<std::string>& lines) {
  if (lines.front().starts_with('{')) return TableForm::kJson;
  if (lines.front().find('\t') != std::string::npos) return TableForm::kTabs;
  const bool has_logarithms = std::any_of(lines.begin(), lines.end(), [](const auto& line) {
    const auto entry = parse(line, TableForm::kTargetFirst);
    return entry && entry->probability < 0;
  });
  return has_logarithms ? TableForm::kSourceFirst : TableForm::kTargetFirst;
}

bool is_no_word(const std::string& word) { return word == "NULL" || word == "<eps>"; }

double log_prob_of(const TableLine& entry, TableForm form, const Location& place) {
  const double p = entry.probability;
  const bool is_log = form == TableForm::kSourceFirst;
  if (is_log ? p <= 0 : p >= 0 && p <= 1) return is_log ? p : std::log(p);
  throw UserError(place,
                  std::string("the probability of '") + entry.target + "' is outside " +
                      (is_log ? "(-inf, 0], where the logarithms of this table are" : "[0, 1]"));
}

}  // namespace

TranslationTable::TranslationTable(const std::string& path) : path_(display_name(path)) {
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) {
    read_aligner(path);
  } else {
    read_file(path);
  }
  for (auto& [source, targets] : entries_)
    std::stable_sort(targets.begin(), targets.end(),
                     [](const auto& a, const auto& b) { return a.log_prob > b.log_prob; });
}

void TranslationTable::read_aligner(const std::string& path) {
  const auto model = load_aligner_model(path);
  for (const auto& pair : model.pairs) {
    const auto& source = model.source[pair.source];
    if (pair.count > 0)
      entries_[source.key].push_back({model.target[pair.target].key,
                                      std::log(static_cast<double>(pair.count / source.linked))});
  }
}

void TranslationTable::read_file(const std::string& path) {
  const auto lines = read_lines(path);
  if (lines.empty()) throw UserError({path_}, "has no entries; expected a table of words");
  const auto form = form_of(lines);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const Location place{path_, static_cast<int>(i + 1)};
    auto entry = parse(lines[i], form);
    if (!entry)
      throw UserError(place,
                      "the line is no entry of a table of words; expected the form of weft lexicon "
                      "(source, target and probability with tabs between, or JSON), of Moses and "
                      "Marian (target source probability), or of fast_align (source target "
                      "logarithm)");
    if (is_no_word(entry->source) || is_no_word(entry->target)) continue;
    const double log_prob = log_prob_of(*entry, form, place);
    entries_[word_key(entry->source)].push_back({std::move(entry->target), log_prob});
  }
}

const std::vector<TranslationTable::Entry>& TranslationTable::of(std::string_view source) const {
  static const std::vector<Entry> kNone;
  const auto found = entries_.find(word_key(source));
  return found == entries_.end() ? kNone : found->second;
}

}  // namespace weft
