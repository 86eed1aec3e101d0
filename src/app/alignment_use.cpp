#include "app/alignment_use.h"

#include <ATen/Parallel.h>

#include <array>
#include <filesystem>
#include <iostream>
#include <optional>
#include <vector>

#include "aligner/aligner_directory.h"
#include "aligner/aligner_text.h"
#include "aligner/pair_aligner.h"
#include "app/answer_writer.h"
#include "app/learnt_alignments.h"
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

/// Error rates under each shift.
using ShiftRates = std::array<AlignmentErrorRate, kAlignmentShifts.size()>;

void choose_shift(const std::string& model, const ShiftRates& rates) {
  std::array<double, kAlignmentShifts.size()> errors{};
  for (std::size_t k = 0; k < rates.size(); ++k) {
    errors[k] = rates[k].aer();
    std::cout << "shift " << kAlignmentShifts[k] << ": " << error_rate_text(rates[k]) << '\n';
  }
  const int shift = kAlignmentShifts[best_shift(errors)];
  write_alignment_shift(model, shift);
  std::cout << "decoding.alignment_shift of " << model << " is " << shift << '\n';
}

/// Compares the links under each shift with gold links, and stores the best shift.
class ShiftByGold : public AlignmentUse {
 public:
  explicit ShiftByGold(const AlignmentTask& task)
      : model_(task.model), gold_(kAlignmentShifts.size(), GoldComparison(task.gold)) {}
  void start(Output& /*output*/) override {}
  void add(const AlignedPair& pair, const LineWithWords& target) override {
    const auto links = links_by_shift(pair, target);
    for (std::size_t k = 0; k < links.size(); ++k) gold_[k].add(links[k], words_of(pair, target));
  }
  void finish() override {
    gold_.front().require_all_used();
    ShiftRates rates;
    for (std::size_t k = 0; k < rates.size(); ++k) rates[k] = gold_[k].rate();
    choose_shift(model_, rates);
  }

 private:
  std::string model_;
  std::vector<GoldComparison> gold_;
};

/// The same with the links of a word aligner: --aligner, the model's own, or one that learns from
/// the pairs at hand.
class ShiftByAligner : public AlignmentUse {
 public:
  explicit ShiftByAligner(const AlignmentTask& task)
      : model_(task.model), aligner_(task.alignment_from.aligner) {
    std::error_code error;
    if (aligner_.empty() && std::filesystem::exists(aligner_directory(model_), error))
      aligner_ = aligner_directory(model_);
    if (!aligner_.empty()) learnt_.emplace(load_aligner_model(aligner_));
  }
  void start(Output& /*output*/) override {}
  void add(const AlignedPair& pair, const LineWithWords& target) override {
    links_.push_back(links_by_shift(pair, target));
    text_.add(spaced(pair.source), spaced(target), {.words = WordSplitting::kWhitespace});
  }
  void finish() override {
    WorkerPool pool(at::get_num_threads());
    const auto expected = learnt_ ? word_links(text_, *learnt_) : word_links(text_, pool);
    ShiftRates rates;
    for (std::size_t i = 0; i < links_.size(); ++i)
      for (std::size_t k = 0; k < rates.size(); ++k) rates[k].add(links_[i][k], expected[i]);
    std::cout << "compared with the links of "
              << (learnt_ ? aligner_ : "a word aligner that has learnt from these pairs") << '\n';
    choose_shift(model_, rates);
  }

 private:
  std::string model_, aligner_;
  std::optional<PairAligner> learnt_;
  AlignerText text_;
  std::vector<std::array<std::vector<Link>, kAlignmentShifts.size()>> links_;
};

}  // namespace

std::unique_ptr<AlignmentUse> make_alignment_use(const AlignmentTask& task) {
  if (task.choose_shift && task.gold.path.empty()) return std::make_unique<ShiftByAligner>(task);
  if (task.choose_shift) return std::make_unique<ShiftByGold>(task);
  return std::make_unique<ShownAlignments>(task);
}

}  // namespace weft
