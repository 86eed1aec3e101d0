#include "train/validator.h"

#include <ATen/Parallel.h>
#include <torch/types.h>
#include <torch/utils.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>
#include <utility>

#include "align/alignment_error_rate.h"
#include "base/cancelled.h"
#include "base/line_reader.h"
#include "base/stopwatch.h"
#include "data/batcher.h"
#include "data/make_batch.h"
#include "data/to_device.h"
#include "metrics/bleu.h"
#include "metrics/chrf.h"
#include "ops/precision.h"
#include "search/ensemble.h"
#include "search/forced_aligner.h"
#include "search/translator.h"
#include "train/item_files.h"
#include "train/link_files.h"
#include "train/validation_command.h"

namespace weft {
namespace {

std::vector<std::string> all_lines(const std::vector<TextColumn>& files) {
  std::vector<std::string> lines;
  LineStream stream(files);
  for (std::string line; stream.next(line);) lines.push_back(std::move(line));
  return lines;
}

/// In evaluation mode while this lives, then in training mode.
class Evaluation {
 public:
  explicit Evaluation(TranslationModelImpl& model) : model_(model) { model_.eval(); }
  Evaluation(const Evaluation&) = delete;
  Evaluation& operator=(const Evaluation&) = delete;
  ~Evaluation() { model_.train(); }

 private:
  TranslationModelImpl& model_;
};

/// CRC-32 of all lines, each with its end.
uint32_t checksum(const std::vector<std::string>& lines, uint32_t so_far) {
  for (const auto& line : lines) {
    const auto text = line + '\n';
    so_far = static_cast<uint32_t>(
        crc32_z(so_far, reinterpret_cast<const Bytef*>(text.data()), text.size()));
  }
  return so_far;
}

constexpr std::size_t kAlignedTogether = 500;  // lines between two questions whether to stop

/// The next kAlignedTogether lines from `begin` on.
std::vector<LineWithWords> with_words(const std::vector<std::string>& lines, std::size_t begin,
                                      WordSplitting splitting) {
  std::vector<LineWithWords> split;
  for (std::size_t i = begin; i < std::min(lines.size(), begin + kAlignedTogether); ++i)
    split.push_back({lines[i], split_words(lines[i], splitting)});
  return split;
}

constexpr int64_t kNoLimit = 0;  // validation pairs are all kept, whatever their length

}  // namespace

MetricTokenizer tokenizer_named(const std::string& name) {
  MetricTokenizer tokenizer{};
  if (from_name(name, tokenizer)) return tokenizer;
  throw UserError("training.validation.tokenizer is '" + name + "'; expected 13a, zh or none");
}

double metric_value(const ValidationResult& result, ValidationMetric metric) {
  switch (metric) {
    case ValidationMetric::kLoss:
      return result.loss;
    case ValidationMetric::kPerplexity:
      return result.perplexity;
    case ValidationMetric::kBleu:
      return result.bleu;
    case ValidationMetric::kChrf:
      return result.chrf;
    case ValidationMetric::kAer:
      return result.aer.value_or(1);
    case ValidationMetric::kHeadAer:
      return result.head_aer.value_or(1);
    case ValidationMetric::kCommand:
      return result.command.value_or(std::nan(""));
  }
  return result.loss;
}

bool higher_is_better(ValidationMetric metric, bool command_minimizes) {
  if (metric == ValidationMetric::kCommand) return !command_minimizes;
  return metric == ValidationMetric::kBleu || metric == ValidationMetric::kChrf;
}

bool is_better(const ValidationResult& result, ValidationMetric metric,
               const std::optional<double>& best, bool command_minimizes) {
  const double value = metric_value(result, metric);
  if (!result.is_sound() || !std::isfinite(value)) return false;
  return !best || (higher_is_better(metric, command_minimizes) ? value > *best : value < *best);
}

Validator::Validator(const Config& config, const Vocabularies& vocabularies,
                     const std::string& directory, const torch::Device& device)
    : config_(config),
      vocabularies_(vocabularies),
      corpus_(validation_files(config.data), vocabularies,
              {directory, kNoLimit, at::get_num_threads()},
              items_of(validation_files(config.data), vocabularies)),
      references_(all_lines(validation_files(config.data).target)) {
  config_.decoding.precision =
      usable_precision(config.decoding.precision, "decoding.precision", device);
  for (const auto& files : validation_files(config.data).sources)
    sources_.push_back(all_lines(files));
  uint32_t text = checksum(references_, checksum(sources_.front(), 0));
  for (std::size_t k = 1; k < sources_.size(); ++k) text = checksum(sources_[k], text);
  fingerprint_ = corpus_.fingerprint() + "-" + std::to_string(text);
  if (corpus_.size() == 0)
    throw UserError("the validation data has no sentence pair that can be scored");
}

double Validator::mean_loss(TranslationModelImpl& model,
                            const std::function<bool()>& is_cancelled) const {
  torch::NoGradGuard no_grad;
  std::vector<PairLengths> lengths;
  for (int64_t i = 0; i < corpus_.size(); ++i) lengths.push_back(corpus_.lengths(i));
  double total = 0;
  int64_t tokens = 0;
  for (const auto& pairs : make_batches(lengths, config_.training.batch_tokens)) {
    throw_if(is_cancelled);
    const auto batch = to_device(make_batch(corpus_, pairs), model.device());
    total += model.forward({}, batch, {}).negative_log_likelihood.item<double>();
    tokens += batch.target_tokens;
  }
  return total / static_cast<double>(tokens);
}

ValidationResult Validator::validate(TranslationModel model,
                                     const std::function<bool()>& is_cancelled) const {
  const Stopwatch watch;
  const Evaluation evaluation(*model);
  ValidationResult result;
  result.loss = mean_loss(*model, is_cancelled);
  result.perplexity = std::exp(result.loss);
  if (result.is_sound()) translate(model, is_cancelled, result);
  const auto& command = config_.training.validation.command;
  if (result.is_sound() && !command.empty())
    result.command = command_metric(command, result.translations, is_cancelled);
  if (result.is_sound() && compares_alignments()) align(model, is_cancelled, result);
  result.seconds = watch.seconds();
  return result;
}

void Validator::translate(const TranslationModel& model, const std::function<bool()>& is_cancelled,
                          ValidationResult& result) const {
  TranslatorOptions options;
  options.is_cancelled = is_cancelled;
  options.decoding = config_.decoding;
  if (config_.training.validation.beam_size > 0)
    options.decoding.beam_size = config_.training.validation.beam_size;
  options.workers = at::get_num_threads();
  options.with_alignment = config_.training.validation.sample_matrices;
  options.decoding.alignment_from = AlignmentFrom::kAttention;
  // As weft translate will: the best model is the one that is best when it is used.
  Translator translator(
      std::make_shared<Ensemble>(std::vector<TranslationModel>{model}, options.decoding.precision),
      vocabularies_, options);
  for (auto& line : translator.translate_sources(sources_)) {
    auto& best = line.n_best.front();
    if (options.with_alignment && result.matrices.size() < samples())
      result.matrices.push_back(std::move(best.alignment));
    result.translations.push_back(std::move(best.text));
  }
  const BleuOptions bleu_options{tokenizer_named(config_.training.validation.tokenizer)};
  const auto bleu = corpus_bleu(result.translations, {references_}, bleu_options);
  result.bleu = bleu.score;
  result.signature = bleu.signature;
  result.chrf = corpus_chrf(result.translations, {references_}).score;
}

void Validator::compare_alignments(std::vector<std::vector<Link>> links) {
  if (!links.empty() && links.size() != references_.size())
    throw std::invalid_argument("compare_alignments: not as many lines");
  links_ = std::move(links);
}

void Validator::align(const TranslationModel& model, const std::function<bool()>& is_cancelled,
                      ValidationResult& result) const {
  if (model->has_attention()) {
    const auto rates = error_rates(model, AlignmentFrom::kAttention, is_cancelled);
    // A row that was guided was taught the word that it predicts.
    const bool guided = config_.training.guided_alignment.weight > 0;
    const auto best = guided ? 0 : best_shift(rates);
    result.aer = rates[best];
    result.alignment_shift = kAlignmentShifts[best];
  }
  if (model->has_alignment_head())
    result.head_aer = error_rates(model, AlignmentFrom::kHead, is_cancelled).front();
}

std::array<double, kAlignmentShifts.size()> Validator::error_rates(
    const TranslationModel& model, AlignmentFrom from,
    const std::function<bool()>& is_cancelled) const {
  ForcedAlignerOptions options;
  options.decoding = config_.decoding;
  options.decoding.alignment_from = from;
  ForcedAligner aligner(StoredModel{config_, vocabularies_, model}, options_for_shifts(options));
  std::array<AlignmentErrorRate, kAlignmentShifts.size()> rates;
  for (std::size_t begin = 0; begin < references_.size(); begin += kAlignedTogether) {
    throw_if(is_cancelled);
    const auto targets = with_words(references_, begin, WordSplitting::kAuto);
    std::vector<std::vector<LineWithWords>> sources;
    for (const auto& lines : sources_) {
      const auto splitting = sources.empty() ? source_splitting(config_) : WordSplitting::kAuto;
      sources.push_back(with_words(lines, begin, splitting));
    }
    const auto pairs = aligner.align_sources(sources, targets);
    for (std::size_t i = 0; i < pairs.size(); ++i) {
      const auto links = links_by_shift(pairs[i], targets[i]);
      for (std::size_t k = 0; k < rates.size(); ++k) rates[k].add(links[k], links_[begin + i]);
    }
  }
  return {rates[0].aer(), rates[1].aer(), rates[2].aer()};
}

}  // namespace weft
