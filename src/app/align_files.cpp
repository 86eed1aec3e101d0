#include "app/align_files.h"

#include <memory>
#include <optional>
#include <utility>

#include "aligner/pair_posteriors.h"
#include "app/alignment_use.h"
#include "app/attention_pictures.h"
#include "app/learnt_alignments.h"
#include "app/model_sources.h"
#include "app/output.h"
#include "app/parallel_lines.h"
#include "app/work_progress.h"
#include "base/error.h"
#include "model/model_directory.h"
#include "nn/tensor_library.h"
#include "search/alignment_shift.h"
#include "search/forced_aligner.h"
#include "search/source_lines.h"
#include "text/joined_line.h"

namespace weft {
namespace {

constexpr std::size_t kPairWindow = 2000;  // pairs in memory at a time

std::vector<std::string> texts_of(const AlignmentTask& task) {
  auto texts = task.sources;
  texts.push_back(task.target);
  return texts;
}

std::vector<std::string> inputs_of(const AlignmentTask& task, const AlignmentChoice& choice) {
  auto files = texts_of(task);
  if (!task.gold.path.empty()) files.push_back(task.gold.path);
  for (auto& file : choice.files()) files.push_back(std::move(file));
  return files;
}

LineWithWords with_words(std::string line, bool join, WordSplitting splitting) {
  if (join) {
    auto joined = join_words(line);
    return {std::move(joined.line), std::move(joined.words)};
  }
  auto words = split_words(line, splitting);
  return {std::move(line), std::move(words)};
}

std::vector<LineWithWords> with_words(std::vector<std::string> lines, bool join,
                                      WordSplitting splitting) {
  std::vector<LineWithWords> split;
  split.reserve(lines.size());
  for (auto& line : lines) split.push_back(with_words(std::move(line), join, splitting));
  return split;
}

ForcedAlignerOptions aligner_options(const AlignmentTask& task, const DecodingOptions& stored,
                                     const AlignmentChoice& choice) {
  ForcedAlignerOptions options;
  options.source_root = task.source_root;
  options.alignment = task.alignment;
  options.decoding = stored;
  options.decoding.alignment_from = choice.from;
  options.device = task.device;
  options.source = task.alignment_source;
  return task.choose_shift ? options_for_shifts(std::move(options)) : options;
}

/// Aligns windows of pairs and passes on what came of them.
class WindowAligner {
 public:
  WindowAligner(const AlignmentTask& task, ForcedAligner& aligner, LearntAlignments& learnt,
                AlignmentUse& use)
      : task_(task), aligner_(aligner), learnt_(learnt), use_(use) {
    if (task.pictures.empty() || task.choose_shift) return;
    pictures_.emplace(task.pictures, aligner.vocabularies().sources.at(task.alignment_source),
                      task.picture_format);
  }

  void align(LineWindow window) {
    std::vector<std::vector<LineWithWords>> sides;
    for (std::size_t k = 0; k < window.files.size(); ++k) {
      const bool is_target = k + 1 == window.files.size();
      sides.push_back(with_words(std::move(window.files[k]),
                                 is_target ? task_.join_target : task_.join_source, task_.words));
    }
    const auto targets = std::move(sides.back());
    sides.pop_back();
    auto answers = aligner_.align_sources(sides, targets);
    for (std::size_t i = 0; i < answers.size(); ++i) {
      auto& answer = answers[i];
      answer.alignment = learnt_.shown(std::move(answer.alignment), answer.source, targets[i]);
      use_.add(answer, targets[i]);
      if (pictures_) pictures_->write(++pairs_, answer.alignment);
    }
  }

 private:
  const AlignmentTask& task_;
  ForcedAligner& aligner_;
  LearntAlignments& learnt_;
  AlignmentUse& use_;
  std::optional<AttentionPictures> pictures_;
  std::size_t pairs_ = 0;  // with a picture
};

/// The first line of a window that cannot be aligned.
std::optional<LineMistake> find_line_mistake(const LineWindow& window, const FactorFormat& factors,
                                             const ForcedAligner& aligner) {
  auto mistake = first_mistake(window.files[0], factors);
  const auto large = aligner.first_too_large(window.files);
  if (large && (!mistake || large->index < mistake->index)) mistake = large;
  return mistake;
}

/// The same for the items that a window names; the message has the place.
std::optional<ItemMistake> find_item_mistake(const LineWindow& window, const ParallelLines& lines,
                                             const ForcedAligner& aligner) {
  const std::vector<std::vector<std::string>> sources(window.files.begin(), window.files.end() - 1);
  const auto place = [&](std::size_t source, std::size_t index) {
    return lines.location(source, index);
  };
  return first_item_mistake(aligner.vocabularies(), sources, place);
}

/// Aligns all lines. Throws UserError at the first that cannot be, when those before have been.
void align_lines(ParallelLines& lines, const ForcedAligner& model, WindowAligner aligner,
                 Output& output, WorkProgress& progress) {
  const auto factors = model.vocabularies().sources.front().factors.format();
  for (auto window = lines.take(kPairWindow); !window.empty(); window = lines.take(kPairWindow)) {
    const auto mistake = find_line_mistake(window, factors, model);
    if (mistake) window.resize(mistake->index);
    const auto of_item = find_item_mistake(window, lines, model);
    if (of_item) window.resize(of_item->index);
    const auto count = window.count();
    aligner.align(std::move(window));
    output.flush();
    progress.add(count);
    if (of_item) throw UserError(of_item->message);
    if (mistake) throw UserError(lines.location(0, mistake->index), mistake->message);
  }
}

/// What the model, the options and the choice do not allow.
void require_fit(const AlignmentTask& task, const AlignmentChoice& choice,
                 const Vocabularies& vocabularies) {
  const bool has_factors = vocabularies.sources.front().factors.format().count > 0;
  if (has_factors && task.join_source) {
    throw UserError("--join-source is given, but words with factors, which " + task.model +
                    " reads, cannot be joined");
  }
  require_sources(task.model, vocabularies, {task.sources.size(), "-s", task.alignment_source});
  const bool plain = has_plain_words(vocabularies.sources.front());
  if (task.choose_shift && task.gold.path.empty() && (task.alignment_source != 0 || !plain))
    throw UserError(
        "--choose-shift is given without --gold; expected --gold, since the word aligner knows "
        "plain "
        "words of the first source alone");
  require_aligner_fits(choice, {task.alignment, task.alignment_source, plain});
}

/// The task with what the choice implies.
AlignmentTask completed(AlignmentTask task, const AlignmentChoice& choice) {
  task.format.from = choice.from;
  if (choice.uses_aligner() && !task.format.rendering.link_threshold)
    task.format.rendering.link_threshold = kLinkThreshold;
  return task;
}

}  // namespace

void align_files(const AlignmentTask& given) {
  const auto config = read_model_config(given.model);
  need_of_libtorch({config}, given.device);
  const auto& stored = config.decoding;
  const auto choice = given.choose_shift ? AlignmentChoice{}
                                         : choose_alignment(given.alignment_from, given.model,
                                                            stored.alignment_from);
  const auto task = completed(given, choice);
  const auto inputs = inputs_of(task, choice);
  require_different_streams(inputs);
  ParallelLines lines(texts_of(task));
  Output output(task.output, with_model_files(inputs, {task.model}));
  const auto use = make_alignment_use(task);
  auto aligner = load_aligner(task.model, config, aligner_options(task, stored, choice));
  require_fit(task, choice, aligner.vocabularies());
  LearntAlignments learnt(choice);
  output.start();
  use->start(output);
  WorkProgress progress("align", "pairs", task.target, task.output);
  align_lines(lines, aligner, {task, aligner, learnt, *use}, output, progress);
  use->end_output();
  output.finish();
  use->finish();
}

}  // namespace weft
