#include "app/compare_files.h"

#include <memory>
#include <optional>
#include <stdexcept>
#include <utility>

#include "align/alignment_page.h"
#include "align/json_reader.h"
#include "app/named_files.h"
#include "app/output.h"
#include "app/parallel_lines.h"
#include "base/error.h"
#include "base/line_reader.h"
#include "base/log.h"

namespace weft {
namespace {

/// The first alignment of each sentence of a file.
class Alignments {
 public:
  explicit Alignments(NamedFile file) : file_(std::move(file)), reader_(file_.path) { read(); }

  /// That of the next sentence; none at the end.
  const std::optional<ReadAlignment>& current() const { return next_; }
  void advance() {
    const auto id = next_->id;
    for (read(); next_ && next_->id == id; read()) ++others_;
  }
  const std::string& name() const { return file_.name; }
  Location location() const { return reader_.location(); }
  std::size_t others() const { return others_; }

 private:
  void read() {
    std::string line;
    if (!reader_.next(line)) {
      next_.reset();
      return;
    }
    try {
      next_ = read_json_alignment(line);
    } catch (const std::invalid_argument& mistake) {
      throw UserError(reader_.location(), mistake.what());
    }
  }

  NamedFile file_;
  LineReader reader_;
  std::optional<ReadAlignment> next_;
  std::size_t others_ = 0;  // left out
};

using AlignmentFiles = std::vector<std::unique_ptr<Alignments>>;

/// Throws UserError unless the next sentence of every file is that of the first.
void require_same_sentence(const AlignmentFiles& files) {
  const auto& first = *files.front();
  for (const auto& file : files) {
    const auto &ours = first.current(), &theirs = file->current();
    if (ours && theirs && ours->id == theirs->id && ours->source == theirs->source) continue;
    if (!ours && !theirs) continue;
    if (ours && theirs)
      throw UserError(file->location(), "is of sentence " + std::to_string(theirs->id) + ", '" +
                                            theirs->source + "'; expected " +
                                            std::to_string(ours->id) + ", '" + ours->source +
                                            "', as " + to_string(first.location()) + " has it");
    throw UserError((ours ? *file : first).location(),
                    "is the last, but " + (ours ? first : *file).location().file +
                        " has more; expected alignments of the same sentences");
  }
}

PagePanel panel_of(const Alignments& file, bool is_alone) {
  const auto& alignment = *file.current();
  PagePanel panel{is_alone ? "" : file.name(), alignment.target, alignment.matrix, alignment.links,
                  alignment.score};
  if (panel.score && alignment.matrix.rows() > 0)
    *panel.score /= static_cast<double>(alignment.matrix.rows());
  return panel;
}

std::string title_of(const std::vector<NamedFile>& files) {
  std::string names;
  for (const auto& file : files) names += (names.empty() ? "" : ", ") + file.name;
  return "Alignments: " + names;
}

}  // namespace

void compare_files(const ComparisonTask& task) {
  constexpr std::size_t kMost = 8;
  const auto named = named_files(task.alignments, "", kMost);
  require_different_streams(paths_of(named));
  AlignmentFiles files;
  Output output(task.output, paths_of(named));
  for (const auto& file : named) files.push_back(std::make_unique<Alignments>(file));
  if (!files.front()->current())
    throw UserError({named.front().path},
                    "holds no alignments; expected what --alignment json writes");
  require_same_sentence(files);
  output.start();
  auto& page = output.stream();
  page << page_beginning(title_of(named));
  while (files.front()->current()) {
    PageFigure figure{files.front()->current()->source, {}};
    for (const auto& file : files) figure.panels.push_back(panel_of(*file, files.size() == 1));
    page << page_figure(files.front()->current()->id + 1, figure);
    for (const auto& file : files) file->advance();
    require_same_sentence(files);
  }
  page << page_end();
  output.finish();
  for (const auto& file : files)
    if (file->others() > 0)
      log_info(file->name() + ": " + std::to_string(file->others()) +
               " further translations of the same sentences are not shown");
}

}  // namespace weft
