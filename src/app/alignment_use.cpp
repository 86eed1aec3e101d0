#include "app/alignment_use.h"

#include <array>
#include <iostream>
#include <optional>
#include <vector>

#include "app/answer_writer.h"
#include "model/model_directory.h"
#include "search/alignment_shift.h"

namespace weft {
namespace {

PairLength words_of(const AlignedPair& pair, const LineWithWords& target) {
  return {pair.source.words.size(), target.words.size()};
}

/// Writes alignments, and compares them with gold links.
class ShownAlignments : public AlignmentUse {
 public:
  explicit ShownAlignments(const AlignmentTask& task) : task_(task) {
    if (!task.gold.path.empty()) gold_.emplace(task.gold);
  }
  void start(Output& output) override {
    if (!task_.format.alignment) return;
    writer_.emplace(output.stream(), task_.format);
    writer_->start();
  }
  void add(const AlignedPair& pair, const LineWithWords& target) override {
    if (gold_) gold_->add(links_of(pair.alignment), words_of(pair, target));
    if (writer_) writer_->write(id_, pair, target.line);
    ++id_;
  }
  void end_output() override {
    if (writer_) writer_->finish();
  }
  void finish() override {
    if (!gold_) return;
    gold_->require_all_used();
    std::cout << gold_->summary() << '\n';
  }

 private:
  std::vector<Link> links_of(const AlignmentMatrix& matrix) const {
    return matrix.rows() == 0 ? std::vector<Link>{} : select_links(matrix, task_.format.rendering);
  }

  const AlignmentTask& task_;
  std::optional<GoldComparison> gold_;
  std::optional<AnswerWriter> writer_;
  std::size_t id_ = 0;
};

/// Compares the links under each shift with gold links, and stores the best shift.
class ShiftChoice : public AlignmentUse {
 public:
  explicit ShiftChoice(const AlignmentTask& task)
      : model_(task.model), gold_(kAlignmentShifts.size(), GoldComparison(task.gold)) {}
  void start(Output& /*output*/) override {}
  void add(const AlignedPair& pair, const LineWithWords& target) override {
    const auto links = links_by_shift(pair, target);
    for (std::size_t k = 0; k < links.size(); ++k) gold_[k].add(links[k], words_of(pair, target));
  }
  void finish() override {
    gold_.front().require_all_used();
    std::array<double, kAlignmentShifts.size()> rates{};
    for (std::size_t k = 0; k < rates.size(); ++k) {
      rates[k] = gold_[k].aer();
      std::cout << "shift " << kAlignmentShifts[k] << ": " << gold_[k].summary() << '\n';
    }
    const int shift = kAlignmentShifts[best_shift(rates)];
    write_alignment_shift(model_, shift);
    std::cout << "decoding.alignment_shift of " << model_ << " is " << shift << '\n';
  }

 private:
  std::string model_;
  std::vector<GoldComparison> gold_;
};

}  // namespace

std::unique_ptr<AlignmentUse> make_alignment_use(const AlignmentTask& task) {
  if (task.choose_shift) return std::make_unique<ShiftChoice>(task);
  return std::make_unique<ShownAlignments>(task);
}

}  // namespace weft
