#include "metrics/edit_rate.h"

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "base/utf8.h"
#include "base/version.h"
#include "metrics/corpus_check.h"
#include "metrics/metric_tokenizer.h"

namespace weft {
namespace {

std::vector<std::string_view> characters_of(std::string_view text) {
  std::vector<std::string_view> characters;
  for (std::size_t offset = 0; offset < text.size();) {
    const std::size_t begin = offset;
    next_code_point(text, offset);
    characters.push_back(text.substr(begin, offset - begin));
  }
  return characters;
}

std::string with_single_blanks(const std::string& line) {
  std::string text;
  for (const auto word : split_at_whitespace(line)) {
    if (!text.empty()) text += ' ';
    text += word;
  }
  return text;
}

/// Of two ways to the same place, the one with fewer errors, then the one with more hits.
bool is_better(const EditCounts& a, const EditCounts& b) {
  return std::pair(a.errors(), -a.hits) < std::pair(b.errors(), -b.hits);
}

std::string edit_signature(std::size_t references, bool lowercase) {
  return "nrefs:" + std::to_string(references) + "|case:" + (lowercase ? "lc" : "mixed") +
         "|version:weft-" + version();
}

/// The counts against the reference that is nearest for its length.
EditCounts count_against_nearest(const std::string& hypothesis,
                                 const std::vector<std::string>& references,
                                 const EditRateOptions& options) {
  const auto prepare = [&](const std::string& line) {
    return with_single_blanks(options.lowercase ? lowercase(line) : line);
  };
  const auto split = [&](const std::string& text) {
    return options.unit == EditUnit::kWord ? split_at_whitespace(text) : characters_of(text);
  };
  const std::string heard = prepare(hypothesis);
  const auto units = split(heard);
  EditCounts best;
  bool first = true;
  for (const auto& reference : references) {
    const std::string said = prepare(reference);
    const EditCounts counts = count_edits(units, split(said));
    // errors / length without a division: an empty reference has length 0.
    const bool nearer =
        counts.errors() * best.reference_length() < best.errors() * counts.reference_length();
    if (first || nearer) best = counts;
    first = false;
  }
  return best;
}

}  // namespace

EditCounts& EditCounts::operator+=(const EditCounts& other) {
  substitutions += other.substitutions;
  deletions += other.deletions;
  insertions += other.insertions;
  hits += other.hits;
  return *this;
}

std::string EditRate::details() const {
  return "(S = " + std::to_string(counts.substitutions) +
         " D = " + std::to_string(counts.deletions) + " I = " + std::to_string(counts.insertions) +
         " N = " + std::to_string(counts.reference_length()) + ")";
}

EditCounts count_edits(const std::vector<std::string_view>& hypothesis,
                       const std::vector<std::string_view>& reference) {
  // best[j]: from the first i units of the reference to the first j of the hypothesis.
  std::vector<EditCounts> best(hypothesis.size() + 1);
  for (std::size_t j = 1; j <= hypothesis.size(); ++j)
    best[j].insertions = static_cast<std::int64_t>(j);
  for (const auto& unit : reference) {
    EditCounts diagonal = best[0];
    ++best[0].deletions;
    for (std::size_t j = 1; j <= hypothesis.size(); ++j) {
      EditCounts aligned = diagonal, deleted = best[j], inserted = best[j - 1];
      ++(unit == hypothesis[j - 1] ? aligned.hits : aligned.substitutions);
      ++deleted.deletions;
      ++inserted.insertions;
      diagonal = best[j];
      best[j] = aligned;
      if (is_better(deleted, best[j])) best[j] = deleted;
      if (is_better(inserted, best[j])) best[j] = inserted;
    }
  }
  return best.back();
}

EditRate corpus_edit_rate(const std::vector<std::string>& hypotheses,
                          const std::vector<std::vector<std::string>>& references,
                          const EditRateOptions& options) {
  check_corpus(hypotheses, references);
  EditRate rate;
  for (std::size_t i = 0; i < hypotheses.size(); ++i) {
    rate.counts += count_against_nearest(hypotheses[i], references_of(references, i), options);
    if (options.on_line) options.on_line();
  }
  rate.name = options.unit == EditUnit::kWord ? "WER" : "CER";
  if (rate.counts.reference_length() == 0)
    throw UserError("the references hold no words, for " + rate.name + " to count errors in");
  rate.score = 100.0 * static_cast<double>(rate.counts.errors()) /
               static_cast<double>(rate.counts.reference_length());
  rate.signature = edit_signature(references.size(), options.lowercase);
  return rate;
}

}  // namespace weft
