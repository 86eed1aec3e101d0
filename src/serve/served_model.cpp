#include "serve/served_model.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "aligner/pair_posteriors.h"
#include "app/model_sources.h"
#include "app/shortlist.h"
#include "base/error.h"
#include "base/words.h"
#include "config/enum_names.h"
#include "search/translator.h"

namespace weft {
namespace {

bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_alphanumeric(char c) {
  return is_lower(c) || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/// The code of a language at the beginning of `text`, with its region or script if one follows:
/// "en", "pt-BR", "zh-Hant"; "" if there is none.
std::string language_at_beginning(std::string_view text) {
  std::size_t end = 0;
  while (end < text.size() && is_lower(text[end])) ++end;
  if (end < 2 || end > 3) return "";
  if (end < text.size() && text[end] == '-') {
    std::size_t further = end + 1;
    while (further < text.size() && is_alphanumeric(text[further])) ++further;
    const std::size_t length = further - end - 1;
    const bool is_capital = length >= 1 && text[end + 1] >= 'A' && text[end + 1] <= 'Z';
    if (is_capital && (length == 2 || length == 4)) end = further;
  }
  if (end < text.size() && is_alphanumeric(text[end])) return "";
  return std::string(text.substr(0, end));
}

LineWithWords line_with_words(const std::string& line) { return {line, split_words(line)}; }

}  // namespace

ModelSpec parse_model_spec(const std::string& text) {
  ModelSpec spec;
  const auto equals = text.find('=');
  auto rest = text;
  if (equals != std::string::npos) {
    spec.name = text.substr(0, equals);
    rest = text.substr(equals + 1);
  }
  for (std::size_t begin = 0; begin <= rest.size();) {
    const auto comma = std::min(rest.find(',', begin), rest.size());
    spec.directories.push_back(rest.substr(begin, comma - begin));
    begin = comma + 1;
  }
  if (equals == std::string::npos) {
    auto path = std::filesystem::path(spec.directories.front()).lexically_normal();
    if (!path.has_filename()) path = path.parent_path();
    spec.name = path.filename().string();
  }
  const auto& directories = spec.directories;
  if (spec.name.empty() || std::count(directories.begin(), directories.end(), "") > 0)
    throw UserError("--model is '" + text + "'; expected [NAME=]DIRECTORY[,DIRECTORY...]");
  const auto source = language_at_beginning(spec.name);
  if (source.empty() || spec.name.size() <= source.size() + 1 || spec.name[source.size()] != '-')
    return spec;
  const auto target = language_at_beginning(std::string_view(spec.name).substr(source.size() + 1));
  if (target.empty()) return spec;
  spec.source_language = source;
  spec.target_language = target;
  return spec;
}

ServedModel::ServedModel(ModelSpec spec, const ServedModelOptions& options)
    : spec_(std::move(spec)) {
  const auto& first = spec_.directories.front();
  options_.decoding = decoding_options(first);
  choice_ = choose_alignment(options.alignment, first, options_.decoding.alignment_from);
  if (choice_.uses_aligner()) rendering_.link_threshold = kLinkThreshold;
  options_.device = options.device;
  options_.decoding.alignment_from = choice_.from;
  options_.workers = options.workers;
  options_.copies_weights = true;
  translator_ = std::make_unique<Translator>(load_translator(spec_.directories, options_));
  require_sources(first, translator_->vocabularies(), {1, "-m", 0});
  const auto& source = translator_->vocabularies().sources.front();
  if (!source.is_text()) {  // a request would name files of this machine
    throw UserError({first}, "reads " + to_name(source.items.kind) +
                                 "; expected a model of text, because requests are texts");
  }
  require_aligner_fits(choice_, {{}, 0, has_plain_words(source)});
  if (auto shortlist = find_shortlist("", first, options_.decoding, translator_->vocabularies())) {
    translator_->limit_tokens(
        [shortlist](const EncodedSource& line) { return shortlist->tokens(line); });
  }
  load_aligner(options);
}

/// A model without attention translates all the same.
void ServedModel::load_aligner(const ServedModelOptions& options) {
  learnt_ = std::make_unique<LearntAlignments>(choice_);
  try {
    ForcedAlignerOptions aligning;
    aligning.decoding = options_.decoding;
    aligning.device = options.device;
    aligning.copies_weights = true;
    aligner_ = std::make_unique<ForcedAligner>(
        weft::load_aligner(spec_.directories.front(), std::move(aligning)));
    translator_for({.beam_size = beam_size(), .with_alignment = true});
  } catch (const UserError& error) {
    no_alignments_ = error.what();
    aligner_.reset();
  }
}

FactorFormat ServedModel::factors() const {
  return translator_->vocabularies().sources.front().factors.format();
}

Translator& ServedModel::translator_for(const AnswerOptions& asked) {
  const auto found = std::find_if(variants_.begin(), variants_.end(),
                                  [&](const Variant& variant) { return variant.options == asked; });
  if (found != variants_.end()) {
    std::rotate(variants_.begin(), found, found + 1);
    return *variants_.front().translator;
  }
  constexpr std::size_t kMostVariants = 8;  // each has threads of its own
  if (variants_.size() == kMostVariants) variants_.pop_back();
  auto options = options_;
  options.decoding.beam_size = asked.beam_size;
  options.n_best = asked.n_best;
  options.with_alignment = asked.with_alignment && choice_.uses_model();
  options.whole_prefixes = asked.scores_given;
  options.sampling = asked.sampling;
  auto translator = std::make_unique<Translator>(translator_->with(std::move(options)));
  variants_.insert(variants_.begin(), Variant{asked, std::move(translator)});
  return *variants_.front().translator;
}

std::vector<TranslatedLine> ServedModel::answer(const AnswerOptions& options,
                                                const std::vector<LinePair>& lines) {
  if (options.aligns_given) return align(lines);
  std::vector<std::string> sources;
  for (const auto& line : lines) sources.push_back(line.source);
  if (options.scores_given) {
    std::vector<std::string> targets;
    for (const auto& line : lines) targets.push_back(line.target);
    return translator_for(options).translate(sources, targets);
  }
  auto answers = translator_for(options).translate(sources);
  if (options.with_alignment)
    for (auto& answer : answers) learnt_->show(answer);
  return answers;
}

std::vector<TranslatedLine> ServedModel::align(const std::vector<LinePair>& lines) {
  std::vector<LineWithWords> sources, targets;
  for (const auto& line : lines) {
    sources.push_back(line_with_words(line.source));
    targets.push_back(line_with_words(line.target));
  }
  auto pairs = aligner_->align(sources, targets);
  std::vector<TranslatedLine> answers;
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    auto& answer = answers.emplace_back();
    auto& translation = answer.n_best.emplace_back();
    translation.text = lines[i].target;
    translation.log_prob = pairs[i].log_prob;
    translation.alignment =
        learnt_->shown(std::move(pairs[i].alignment), pairs[i].source, targets[i]);
    answer.source = std::move(pairs[i].source.line);
  }
  return answers;
}

}  // namespace weft
