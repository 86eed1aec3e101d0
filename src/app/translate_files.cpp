#include "app/translate_files.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>
#include <utility>

#include "aligner/pair_posteriors.h"
#include "app/attention_pictures.h"
#include "app/learnt_alignments.h"
#include "app/line_demands.h"
#include "app/model_sources.h"
#include "app/output.h"
#include "app/parallel_lines.h"
#include "app/phrase_parts.h"
#include "app/shortlist.h"
#include "app/tag_keeper.h"
#include "app/unknown_words.h"
#include "app/work_progress.h"
#include "base/byte_source.h"
#include "base/error.h"
#include "base/line_reader.h"
#include "base/log.h"
#include "base/resources.h"
#include "base/stopwatch.h"
#include "base/words.h"
#include "model/model_directory.h"
#include "nn/device.h"
#include "nn/tensor_library.h"
#include "ops/precision.h"
#include "search/source_lines.h"
#include "search/translator.h"

namespace weft {
namespace {

/// What became of the lines.
struct Ledger {
  std::size_t lines = 0, words = 0, blank = 0, cut = 0, unfinished = 0, impossible = 0;
  DroppedDemands dropped;
};

/// A word, or several between blanks, a line.
std::vector<std::string> read_words(const std::string& path) {
  std::vector<std::string> words;
  for (const auto& line : read_lines(path)) {
    auto joined = with_single_blanks(line);
    if (!joined.empty()) words.push_back(std::move(joined));
  }
  if (words.empty()) throw UserError({display_name(path)}, "has no words; expected one a line");
  return words;
}

/// Whether alignments are seen, or say where tags and source words belong.
bool uses_alignments(const TranslationTask& task) {
  return task.format.alignment.has_value() || task.tags != Tags::kNone || !task.pictures.empty() ||
         task.replaces_unknown;
}

/// How many translations of a line are asked for, of which those shown are chosen.
int64_t searched_translations(const TranslationTask& task, const DecodingOptions& decoding) {
  const int64_t shown = std::max<int64_t>(task.n_best, 1);
  if (task.utility == Utility::kNone) return shown;
  return std::max(shown, task.candidates > 0 ? task.candidates : decoding.beam_size);
}

TranslatorOptions translator_options(const TranslationTask& task, const DecodingOptions& stored,
                                     const AlignmentChoice& choice) {
  TranslatorOptions options;
  options.source_root = task.source_root;
  options.device = choice_of(resolved(task.device));
  options.decoding = decoding_of(stored, task.decoding, options.device);
  options.n_best = searched_translations(task, options.decoding);
  options.sampling = task.sampling;
  options.prefix_weight = task.prefix_weight;
  options.diverse_groups = task.diverse_groups;
  options.diversity = task.diversity;
  options.decoding.alignment_from = choice.from;
  options.model_weights = task.decoding.model_weights;
  options.with_alignment = uses_alignments(task) && choice.uses_model();
  options.alignment = task.alignment;
  options.alignment_source = task.alignment_source;
  if (!task.suppressed.empty()) options.suppressed = read_words(task.suppressed);
  options.workers = at::get_num_threads();
  return options;
}

/// The files whose lines stand side by side.
std::vector<std::string> texts_of(const TranslationTask& task) {
  auto texts = task.inputs;
  if (!task.prefixes.empty()) texts.push_back(task.prefixes);
  return texts;
}

std::vector<std::string> inputs_of(const TranslationTask& task, const AlignmentChoice& choice) {
  auto inputs = texts_of(task);
  std::error_code error;
  for (const auto& file : {task.suppressed, task.table, task.shortlist})
    if (!file.empty() && !std::filesystem::is_directory(file, error)) inputs.push_back(file);
  for (auto& file : choice.files()) inputs.push_back(std::move(file));
  return inputs;
}

/// The first line of a window that cannot be translated.
struct WindowMistake {
  std::size_t file = 0, index = 0;
  std::string message;
  bool has_place = false;  ///< the message says where
};

/// `mistake`: one that has been found in the first source.
std::optional<WindowMistake> find_mistake(const LineWindow& window,
                                          const std::vector<std::string>& prefixes,
                                          const Translator& translator, const SourcePlace& place,
                                          const std::optional<LineMistake>& mistake) {
  std::optional<WindowMistake> found;
  if (mistake) found = {0, mistake->index, mistake->message};
  const auto of_source = first_mistake(window.files.front(),
                                       translator.vocabularies().sources.front().factors.format());
  if (of_source && (!found || of_source->index < found->index))
    found = {0, of_source->index, of_source->message};
  const auto of_prefix = translator.first_prefix_mistake(prefixes);
  if (of_prefix && (!found || of_prefix->index < found->index))
    found = {window.files.size(), of_prefix->index, of_prefix->message};
  const auto of_item = first_item_mistake(translator.vocabularies(), window.files, place);
  if (of_item && (!found || of_item->index < found->index))
    found = {of_item->source, of_item->index, of_item->message, true};
  return found;
}

void count_line(const std::string& source, const TranslatedLine& line, Ledger& ledger) {
  ++ledger.lines;
  ledger.words += split_whitespace(source).size();
  if (line.source_tokens == 0) ++ledger.blank;
  if (!line.n_best.front().finished) ++ledger.unfinished;
  if (line.is_impossible) {
    ++ledger.impossible;
    log_warning(
        "line " + std::to_string(ledger.lines) +
        ": the lengths, words and phrases asked for leave no translation; " +
        (line.n_best.front().text.empty() ? "it is left blank" : "a part of it is left blank"));
  }
  if (line.cut_tokens == 0) return;
  ++ledger.cut;
  log_warning("line " + std::to_string(ledger.lines) + " is longer than the limit: its last " +
              std::to_string(line.cut_tokens) + " tokens were not translated");
}

/// `need`: why search was with LibTorch, if it was.
void report(const Ledger& ledger, double seconds, const std::string& need) {
  if (ledger.unfinished > 0) {
    log_warning(std::to_string(ledger.unfinished) +
                " translations did not end and were stopped at the length limit "
                "(decoding.max_length_factor, decoding.max_length)");
  }
  const auto warn = [](std::size_t lines, const std::string& what) {
    if (lines > 0) log_warning(std::to_string(lines) + " lines were translated without " + what);
  };
  warn(ledger.dropped.prefixes, "their prefixes, which are too long");
  warn(ledger.dropped.constraints, "their constraints, which cannot be heeded");
  if (ledger.impossible > 0)
    log_warning(std::to_string(ledger.impossible) +
                " lines were left blank, whole or in part, for want of a translation with all that "
                "is asked of it");
  warn(ledger.dropped.numbers, "all of their numbers being copied, which cannot be spelt");
  log_info(
      "translated " + std::to_string(ledger.lines) + " lines (" + std::to_string(ledger.blank) +
      " blank, " + std::to_string(ledger.cut) + " cut at the limit) in " + short_number(seconds) +
      " s: " + short_number(static_cast<double>(ledger.words) / seconds) +
      " source words/s; peak memory " + short_number(peak_memory_megabytes()) + " MB; " +
      (libtorch_version().empty() ? "search without LibTorch" : "search with LibTorch: " + need));
}

/// Leaves the translations that are shown.
void choose(TranslatedLine& line, const TranslationTask& task) {
  if (task.utility == Utility::kNone) return;
  const bool drawn = task.sampling.method == SamplingMethod::kAncestral;
  order_by_risk(line, task.utility, task.utility_tokenizer,
                drawn ? Evidence::kEqual : Evidence::kProbability);
  const auto shown = static_cast<std::size_t>(std::max<int64_t>(task.n_best, 1));
  if (line.n_best.size() > shown) line.n_best.resize(shown);
}

std::optional<SplitLines> split_lines(const TranslationTask& task, const Vocabularies& vocabularies,
                                      int64_t most_tokens, std::vector<std::string>& lines) {
  if (task.splitting == LineSplitting::kNone) return std::nullopt;
  const auto& source = vocabularies.sources.front();
  const auto tokens = [&](std::string_view text) {
    return static_cast<int64_t>(source.vocabulary->encode(text).ids.size());
  };
  return SplitLines(lines, task.splitting, tokens, most_tokens);
}

/// Answers all lines. Throws UserError at the first that cannot be, when those before have been.
Ledger answer_lines(ParallelLines& lines, const TranslationTask& task, Translator& translator,
                    LearntAlignments& aligner, std::optional<UnknownWords>& unknown,
                    const Shortlist* shortlist, int64_t most_tokens, AnswerWriter& writer,
                    Output& output) {
  const bool with_prefixes = !task.prefixes.empty();
  std::optional<AttentionPictures> pictures;
  if (!task.pictures.empty()) {
    pictures.emplace(task.pictures, translator.vocabularies().sources.at(task.alignment_source),
                     task.picture_format);
  }
  Ledger ledger;
  for (auto window = lines.take(kTranslationWindow); !window.empty();
       window = lines.take(kTranslationWindow)) {
    LineDemands demands;
    if (with_prefixes) {
      demands.prefixes = std::move(window.files.back());
      window.files.pop_back();
    }
    const auto place = [&](std::size_t source, std::size_t index) {
      return lines.location(source, index);
    };
    auto constrained = take_constraints(task.constraints, window.files.front());
    demands.constraints = std::move(constrained.lines);
    const auto mistake =
        find_mistake(window, demands.prefixes, translator, place, constrained.mistake);
    if (mistake) {
      window.resize(mistake->index);
      if (with_prefixes) demands.prefixes.resize(mistake->index);
      if (!demands.constraints.empty()) demands.constraints.resize(mistake->index);
    }
    auto& sources = window.files;
    std::optional<TagKeeper> tags;
    if (task.tags != Tags::kNone)
      tags.emplace(sources.front(), task.tags == Tags::kXml ? Markup::kXml : Markup::kPlain);
    const auto whole_lines = sources.front();
    const auto split = split_lines(task, translator.vocabularies(), most_tokens, sources.front());
    if (unknown && ledger.lines == 0) unknown->require_fits(sources.at(task.alignment_source));
    if (shortlist != nullptr && ledger.lines == 0) shortlist->require_fits(sources.front());
    if (split) {
      demands.prefixes = split->prefixes(demands.prefixes);
      if (!demands.constraints.empty())
        demands.constraints =
            constraints_of_parts(demands.constraints, *split, sources.front(), translator);
    }
    const auto line_of = [&](std::size_t i) {
      return ledger.lines + (split ? split->line_of(i) : i) + 1;
    };
    keep_possible(demands, window, task.copies_numbers, line_of, translator, ledger.dropped);
    auto answers =
        translator.translate_sources(sources, demands.prefixes, place, demands.constraints);
    for (auto& answer : answers) {
      choose(answer, task);
      if (uses_alignments(task)) aligner.show(answer);
      if (unknown) unknown->replace(answer);
    }
    if (split)
      answers = split->join(std::move(answers),
                            static_cast<std::size_t>(std::max<int64_t>(task.n_best, 1)));
    for (std::size_t i = 0; i < answers.size(); ++i) {
      if (pictures) pictures->write(ledger.lines + 1, answers[i].n_best.front().alignment);
      writer.write(
          ledger.lines, answers[i],
          tags ? tags->put_back(i, answers[i], task.format.rendering) : std::vector<std::string>{});
      count_line(whole_lines[i], answers[i], ledger);
    }
    output.flush();
    if (mistake && mistake->has_place) throw UserError(mistake->message);
    if (mistake) throw UserError(lines.location(mistake->file, mistake->index), mistake->message);
  }
  return ledger;
}

/// Throws UserError if tags cannot be put back.
void require_tags_fit(const TranslationTask& task, const Vocabularies& vocabularies) {
  if (task.tags == Tags::kNone) return;
  if (task.alignment.unit != AlignmentUnit::kWord)
    throw UserError("--tags is given with --alignment-unit piece; tags are put back between words");
  if (task.alignment_source != 0)
    throw UserError("--tags is given with --alignment-source " +
                    std::to_string(task.alignment_source + 1) +
                    "; tags are taken out of the first source, and put back by its alignment");
  if (!vocabularies.sources.front().is_text())
    throw UserError("--tags is given, but what " + task.models.front() +
                    " reads first is not text, and has none");
  if (vocabularies.sources.front().factors.format().count > 0)
    throw UserError("--tags is given, but words with factors, which " + task.models.front() +
                    " reads, cannot carry them");
}

/// Throws UserError if the parts of lines cannot be translated by themselves.
void require_splitting_fits(const TranslationTask& task, const Vocabularies& vocabularies) {
  if (task.splitting == LineSplitting::kNone) return;
  const auto refuse = [](const std::string& what) {
    throw UserError("--split is given with " + what);
  };
  const auto& source = vocabularies.sources;
  if (source.size() > 1 || !source.front().is_text() || source.front().factors.format().count > 0)
    refuse("a model that does not read one source of text without factors");
}

std::optional<UnknownWords> unknown_words(const TranslationTask& task,
                                          const Vocabularies& vocabularies) {
  if (!task.replaces_unknown) return std::nullopt;
  if (!vocabularies.sources.at(task.alignment_source).is_text())
    throw UserError(
        "--replace-unknown is given, but what is aligned is not text, and has no words");
  std::optional<TranslationTable> table;
  if (!task.table.empty()) table.emplace(task.table);
  return UnknownWords(std::move(table), *vocabularies.target);
}

/// Throws UserError if options of search cannot go together.
void require_options_fit(const TranslationTask& task) {
  if (task.constraints != ConstraintFormat::kNone && task.sampling.method != SamplingMethod::kNone)
    throw UserError(
        "--constraints is given with --sampling; phrases are looked for by beam search, not drawn");
  if (task.copies_numbers && task.sampling.method != SamplingMethod::kNone)
    throw UserError(
        "--copy-numbers is given with --sampling; numbers are looked for by beam search, not "
        "drawn");
  if (task.replaces_unknown && task.alignment.unit != AlignmentUnit::kWord)
    throw UserError(
        "--replace-unknown is given with --alignment-unit piece; it replaces words by words");
  if (task.candidates > 0 && task.candidates < task.n_best)
    throw UserError("--mbr-candidates is " + std::to_string(task.candidates) +
                    "; expected at least --n-best, " + std::to_string(task.n_best));
}

}  // namespace

void translate_files(const TranslationTask& given) {
  auto task = given;
  require_options_fit(task);
  const auto configs = read_model_configs(task.models);
  const auto need = need_of_libtorch(configs, task.device);
  const auto& stored = configs.front().decoding;
  AlignmentChoice choice;
  if (uses_alignments(task) || task.alignment_from.is_asked())
    choice = choose_alignment(task.alignment_from, task.models.front(), stored.alignment_from);
  task.format.from = choice.from;
  if (choice.uses_aligner() && !task.format.rendering.link_threshold)
    task.format.rendering.link_threshold = kLinkThreshold;
  const auto inputs = inputs_of(task, choice);
  require_different_streams(inputs);
  ParallelLines lines(texts_of(task));
  Output output(task.output, with_model_files(inputs, task.models));
  const bool splits = task.splitting != LineSplitting::kNone;  // into who knows how many parts
  WorkProgress progress("translate", splits ? "parts" : "lines", splits ? "" : task.inputs.front(),
                        task.output);
  auto options = translator_options(task, stored, choice);
  options.on_batch = [&progress](std::size_t count) { progress.add(count); };
  auto translator = load_translator(task.models, configs, options);
  require_sources(task.models.front(), translator.vocabularies(),
                  {task.inputs.size(), "-i", task.alignment_source});
  require_tags_fit(task, translator.vocabularies());
  require_splitting_fits(task, translator.vocabularies());
  const auto& first = translator.vocabularies().sources.front();
  require_aligner_fits(choice, {task.alignment, task.alignment_source, has_plain_words(first)});
  LearntAlignments aligner(choice);
  auto unknown = unknown_words(task, translator.vocabularies());
  const auto shortlist = find_shortlist(task.shortlist, task.models.front(), options.decoding,
                                        translator.vocabularies());
  if (shortlist)
    translator.limit_tokens([&](const EncodedSource& line) { return shortlist->tokens(line); });
  output.start();
  AnswerWriter writer(output.stream(), task.format);
  writer.start();
  const Stopwatch watch;
  const auto ledger = answer_lines(lines, task, translator, aligner, unknown, shortlist.get(),
                                   options.decoding.max_source_length, writer, output);
  writer.finish();
  output.finish();
  if (unknown && !unknown->report().empty()) log_info(unknown->report());
  report(ledger, watch.seconds(), need);
}

}  // namespace weft
