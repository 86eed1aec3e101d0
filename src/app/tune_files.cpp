#include "app/tune_files.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <iostream>
#include <utility>

#include "app/answer_writer.h"
#include "app/model_sources.h"
#include "app/parallel_lines.h"
#include "base/atomic_file.h"
#include "base/error.h"
#include "base/log.h"
#include "config/dump.h"
#include "metrics/bleu.h"
#include "model/model_directory.h"
#include "nn/device.h"
#include "search/scoring.h"
#include "search/translator.h"

namespace weft {
namespace {

/// A translation of the n-best list of a line, as far as scores and BLEU need it.
struct ListedTranslation {
  Hypothesis hypothesis;  // without its tokens
  BleuStatistics statistics;
};

struct ListedLine {
  int64_t source_tokens = 0;
  std::vector<ListedTranslation> translations;
};

TranslatorOptions options_of(const TuningTask& task) {
  TranslatorOptions options;
  options.source_root = task.source_root;
  options.device = choice_of(resolved(task.device));
  options.decoding =
      decoding_of(decoding_options(task.models.front()), task.decoding, options.device);
  options.decoding.early_stopping = EarlyStopping::kNever;
  if (options.decoding.coverage_penalty > 0)
    throw UserError(
        "a coverage penalty (--coverage-penalty, decoding.coverage_penalty) is asked for; expected "
        "none, because lengths are tuned by log p alone");
  options.n_best = options.decoding.beam_size;
  options.model_weights = task.decoding.model_weights;
  options.workers = at::get_num_threads();
  return options;
}

/// The lists of all lines that are not blank.
std::vector<ListedLine> translate_all(const LineWindow& lines, Translator& translator,
                                      const TuningTask& task) {
  auto sources = lines.files;
  const auto references = std::move(sources.back());
  sources.pop_back();
  std::vector<ListedLine> all;
  const auto answers = translator.translate_sources(sources);
  for (std::size_t i = 0; i < answers.size(); ++i) {
    if (answers[i].source_tokens == 0) continue;
    auto& listed = all.emplace_back();
    listed.source_tokens = answers[i].source_tokens;
    for (const auto& translation : answers[i].n_best) {
      Hypothesis hypothesis;
      hypothesis.finished = translation.finished;
      hypothesis.log_prob = translation.log_prob;
      hypothesis.token_log_probs.resize(static_cast<std::size_t>(translation.tokens));
      listed.translations.push_back(
          {std::move(hypothesis),
           bleu_statistics(translation.text, {references[i]}, {task.tokenizer})});
    }
  }
  return all;
}

/// BLEU of the translations that the options rank first.
double bleu_with(const DecodingOptions& options, const std::vector<ListedLine>& lines) {
  const Scoring scoring(options);
  BleuStatistics sum;
  for (const auto& line : lines) {
    const ListedTranslation* best = nullptr;
    double best_score = 0;
    for (const auto& translation : line.translations) {
      const double score = scoring.score(translation.hypothesis, line.source_tokens);
      const bool finished = translation.hypothesis.finished;
      if (best != nullptr &&
          (finished == best->hypothesis.finished ? score <= best_score : !finished))
        continue;
      best = &translation;
      best_score = score;
    }
    sum += best->statistics;
  }
  return bleu_of(sum).score;
}

std::vector<double> steps(double from, double to, double step) {
  std::vector<double> values;
  const auto count = static_cast<int>(std::lround((to - from) / step));
  for (int i = 0; i <= count; ++i) values.push_back(std::round((from + i * step) * 100) / 100);
  return values;
}

double distance(const DecodingOptions& a, const DecodingOptions& b) {
  return std::abs(a.length_normalization - b.length_normalization) +
         std::abs(a.word_penalty - b.word_penalty) +
         std::abs(a.brevity_penalty - b.brevity_penalty);
}

struct Tuned {
  DecodingOptions options;
  double bleu = 0;
};

Tuned best_of(const DecodingOptions& given, double ratio, const std::vector<ListedLine>& lines) {
  Tuned best{given, bleu_with(given, lines)};
  for (const double normalization : steps(0, 2, 0.2)) {
    for (const double penalty : steps(-1, 0.5, 0.1)) {
      for (const double brevity : {0.0, 0.5, 1.0, 2.0, 5.0}) {
        auto options = given;
        options.length_normalization = normalization;
        options.word_penalty = penalty;
        options.brevity_penalty = brevity;
        if (brevity > 0) options.length_ratio = ratio;
        const double bleu = bleu_with(options, lines);
        if (bleu > best.bleu ||
            (bleu == best.bleu && distance(options, given) < distance(best.options, given)))
          best = {options, bleu};
      }
    }
  }
  return best;
}

/// Target tokens of the references for a source token.
double ratio_of(const LineWindow& lines, const Vocabularies& vocabularies,
                const std::vector<ListedLine>& listed) {
  int64_t source = 0;
  std::size_t target = 0;
  for (const auto& line : listed) source += line.source_tokens;
  for (const auto& text : lines.files.back())
    if (const auto tokens = vocabularies.target->encode(text).ids.size(); tokens > 0)
      target += tokens + 1;
  return std::round(1000 * static_cast<double>(target) / static_cast<double>(source)) / 1000;
}

void save(const std::vector<std::string>& models, const DecodingOptions& tuned) {
  for (const auto& directory : models) {
    auto config = read_model_config(directory);
    config.decoding.length_normalization = tuned.length_normalization;
    config.decoding.word_penalty = tuned.word_penalty;
    config.decoding.brevity_penalty = tuned.brevity_penalty;
    config.decoding.length_ratio = tuned.length_ratio;
    write_file_atomically((std::filesystem::path(directory) / "config.yaml").string(),
                          dump_config(config));
    log_info(directory + ": its decoding options are these from now on");
  }
}

}  // namespace

void tune_lengths(const TuningTask& task) {
  auto inputs = task.sources;
  inputs.push_back(task.reference);
  require_different_streams(inputs);
  ParallelLines files(inputs);
  const auto options = options_of(task);
  auto translator = load_translator(task.models, options);
  require_sources(task.models.front(), translator.vocabularies(), {task.sources.size(), "-s", 0});
  const auto lines = files.take_all();
  const auto listed =
      lines.empty() ? std::vector<ListedLine>() : translate_all(lines, translator, task);
  if (listed.empty()) throw UserError({task.sources.front()}, "has no text; expected sentences");
  const auto given = bleu_with(options.decoding, listed);
  const auto best =
      best_of(options.decoding, ratio_of(lines, translator.vocabularies(), listed), listed);
  const auto& tuned = best.options;
  std::cout << "length_normalization: " << short_number(tuned.length_normalization)
            << "\nword_penalty: " << short_number(tuned.word_penalty)
            << "\nbrevity_penalty: " << short_number(tuned.brevity_penalty)
            << "\nlength_ratio: " << short_number(tuned.length_ratio) << '\n';
  log_info("BLEU of the validation text: " + short_number(best.bleu) +
           "; as it was: " + short_number(given));
  if (task.saves) save(task.models, tuned);
}

}  // namespace weft
