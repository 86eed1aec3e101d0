#include "search/line_preparation.h"

#include <algorithm>
#include <utility>

#include "base/error.h"

namespace weft {

ConstraintSpeller& LinePreparation::speller() {
  if (!speller_)
    speller_ = std::make_unique<ConstraintSpeller>(*vocabularies_.target, options_.decoding,
                                                   options_.suppressed);
  return *speller_;
}

void LinePreparation::forget() {
  if (speller_) speller_->forget();
}

TranslationJob LinePreparation::job(SourceLine line, const std::vector<std::string>& prefixes,
                                    const std::vector<LineConstraints>& constraints,
                                    std::size_t i) {
  TranslationJob job;
  job.line = std::move(line);
  job.cut_tokens = cut(job.line, options_.decoding.max_source_length);
  const bool is_constrained = !constraints.empty() && !constraints[i].empty();
  if (job.line.is_blank()) {
    if (is_constrained && !constraints[i].required.empty())
      throw UserError("the line is blank, but phrases are required of its translation");
    return job;
  }
  if (!vocabularies_.other_readings.empty()) {
    std::vector<const EncodedSource*> first;
    for (const auto& source : job.line.sources) first.push_back(&source);
    job.readings = other_readings(vocabularies_, first, options_.decoding.max_source_length);
  }
  if (!prefixes.empty()) job.prefix = vocabularies_.encode_target(prefixes[i]);
  if (is_constrained) add_constraints(job, constraints[i]);
  if (tokens_of_line_ && !options_.whole_prefixes) job.list = list_of(job);
  return job;
}

void LinePreparation::add_constraints(TranslationJob& job, const LineConstraints& constraints) {
  job.constraints = speller().spell(constraints, job.first_source_tokens(),
                                    options_.prefix_weight ? std::vector<int32_t>() : job.prefix);
  job.length_ratio = constraints.length_ratio;
  if (job.length_ratio && options_.decoding.brevity_penalty == 0)
    throw UserError(
        "a length ratio is given, but nothing heeds it; expected a brevity penalty "
        "(--brevity-penalty, decoding.brevity_penalty) above 0");
}

std::vector<int64_t> LinePreparation::list_of(const TranslationJob& job) const {
  const auto tokens = tokens_of_line_(job.line.sources.front());
  std::vector<int64_t> list(tokens.begin(), tokens.end());
  list.insert(list.end(), job.prefix.begin(), job.prefix.end());
  for (const auto& phrase : job.constraints.required)
    for (const auto& spelling : phrase.spellings)
      list.insert(list.end(), spelling.begin(), spelling.end());
  list.insert(list.end(), {kUnknownId, kEndId});
  std::sort(list.begin(), list.end());
  list.erase(std::unique(list.begin(), list.end()), list.end());
  return list;
}

std::vector<LineMistake> LinePreparation::constraint_mistakes(
    const std::vector<std::vector<std::string>>& sources, const std::vector<std::string>& prefixes,
    const std::vector<LineConstraints>& constraints) {
  std::vector<LineMistake> mistakes;
  if (std::all_of(constraints.begin(), constraints.end(), [](const auto& c) { return c.empty(); }))
    return mistakes;
  const SourceLines read(vocabularies_, sources);
  for (std::size_t i = 0; i < constraints.size(); ++i) {
    if (constraints[i].empty()) continue;
    try {
      job(read.line(i), prefixes, constraints, i);
    } catch (const UserError& error) {
      mistakes.push_back({i, error.what()});
    }
  }
  return mistakes;
}

std::vector<LineMistake> LinePreparation::long_prefixes(
    const std::vector<std::string>& prefixes) const {
  std::vector<LineMistake> mistakes;
  const auto limit = options_.decoding.max_length;
  for (std::size_t i = 0; limit > 0 && i < prefixes.size(); ++i) {
    const auto tokens = vocabularies_.target->encode(prefixes[i]).ids.size();
    if (static_cast<int64_t>(tokens) >= limit)
      mistakes.push_back({i, "the prefix has " + std::to_string(tokens) +
                                 " tokens; expected fewer than the maximum length (--max-length, "
                                 "decoding.max_length), " +
                                 std::to_string(limit)});
  }
  return mistakes;
}

}  // namespace weft
