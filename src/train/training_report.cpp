#include "train/training_report.h"

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdarg>
#include <cstdio>
#include <sstream>

#include "align/text_renderer.h"
#include "base/log.h"
#include "train/pair_places.h"

namespace weft {
namespace {

/// printf into a string.
__attribute__((format(printf, 1, 2))) std::string formatted(const char* format, ...) {
  char text[512];
  va_list arguments;
  va_start(arguments, format);
  std::vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  return text;
}

constexpr double kLongestSilence = 60;  // seconds

double loss_of(const LogWindow& window) {
  return window.loss / static_cast<double>(window.loss_tokens);
}

/// A part of the loss that came from a teacher, or from the model's own translations: 0 where
/// nothing did.
struct TaughtLoss {
  const char* name;
  const char* label;
  double per_token;
};

std::vector<TaughtLoss> taught_losses(const LogWindow& window) {
  const auto tokens = static_cast<double>(window.loss_tokens);
  std::vector<TaughtLoss> losses{{"guided", "Guided", window.guided / tokens},
                                 {"head", "Head", window.head / tokens},
                                 {"risk", "Risk", window.risk / tokens}};
  std::erase_if(losses, [](const auto& loss) { return !(loss.per_token > 0); });
  return losses;
}

double per_second(int64_t tokens, const LogWindow& window) {
  return static_cast<double>(tokens) / std::max(window.seconds, 1e-9);
}

std::string progress_line(const TrainingProgress& progress, double rate) {
  const auto& window = progress.window;
  std::string taught;
  for (const auto& loss : taught_losses(window))
    taught += formatted(" : %s %.4f", loss.label, loss.per_token);
  return formatted(
      "Ep. %ld : Up. %ld : Sen. %ld : Cost %.4f%s : Time %.2fs : %.2f words/s : L.r. %.4e",
      progress.position.epoch + 1, progress.updates, progress.sentences, loss_of(window),
      taught.c_str(), window.seconds, per_second(window.target_tokens, window), rate);
}

/// A picture of shades, line by line.
void log_matrix(const AlignmentMatrix& matrix) {
  constexpr std::size_t kColumns = 100;
  std::istringstream picture(render_text(matrix, {.terminal_width = kColumns}));
  for (std::string line; std::getline(picture, line);) log_info("  " + line);
}

}  // namespace

TrainingReport::TrainingReport(MetricsFile* metrics)
    : metrics_(metrics), shows_bar_(::isatty(STDERR_FILENO) != 0 && is_logged(LogLevel::kInfo)) {}

void TrainingReport::write(const std::string& event, const Values& values) {
  if (metrics_ != nullptr) metrics_->write(event, values);
}

void TrainingReport::resumed(const TrainingProgress& progress) {
  log_info(formatted("resuming after %ld updates, epoch %ld", progress.updates,
                     progress.position.epoch + 1));
  write("resume", {{"updates", progress.updates}, {"epoch", progress.position.epoch}});
}

void TrainingReport::updated(const TrainingProgress& progress, double rate, int64_t pairs_of_epoch,
                             int64_t pairs) {
  if (shows_bar_) show_progress(progress, pairs_of_epoch, pairs);
  if (since_line_.seconds() < kLongestSilence) return;
  log_info(progress_line(progress, rate));
  since_line_ = {};
}

void TrainingReport::show_progress(const TrainingProgress& progress, int64_t pairs_of_epoch,
                                   int64_t pairs) {
  const bool epoch_ended = pairs_of_epoch == pairs;
  const int64_t epoch = progress.position.epoch + (epoch_ended ? 0 : 1);
  if (!bar_ || bar_epoch_ != epoch) {
    bar_epoch_ = epoch;
    bar_ = std::make_unique<ProgressBar>(
        ProgressOptions{.label = formatted("epoch %ld", epoch), .total = pairs});
  }
  const auto& window = progress.window;
  const auto suffix = formatted("loss %.3f  %.0f tokens/s", loss_of(window),
                                per_second(window.target_tokens, window));
  bar_->update(pairs_of_epoch, suffix);
  if (!epoch_ended) return;
  bar_->finish(suffix);
  bar_.reset();
}

void TrainingReport::log(const TrainingProgress& progress, double rate) {
  log_info(progress_line(progress, rate));
  since_line_ = {};
  const auto& window = progress.window;
  Values values{{"updates", progress.updates},
                {"epoch", progress.position.epoch},
                {"loss", loss_of(window)},
                {"learning_rate", rate},
                {"target_tokens_per_second", per_second(window.target_tokens, window)},
                {"source_tokens_per_second", per_second(window.source_tokens, window)},
                {"seconds", progress.seconds}};
  auto place = values.begin() + 3;
  for (const auto& loss : taught_losses(window))
    place = values.insert(place, {loss.name, loss.per_token}) + 1;
  write("update", values);
}

void TrainingReport::skipped(const SkippedUpdate& skipped, const ParallelCorpus& corpus) {
  constexpr std::size_t kMostInLog = 40, kMostInMetrics = 1000;
  const auto& pairs = skipped.pairs;
  log_warning(formatted("update %ld was skipped: its %s is not finite (%zu pairs, ", skipped.update,
                        skipped.loss_is_finite ? "gradient" : "loss", pairs.size()) +
              places_of(corpus, pairs, kMostInLog) + ")");
  write("skipped", {{"updates", skipped.update},
                    {"pairs", static_cast<int64_t>(pairs.size())},
                    {"lines", places_of(corpus, pairs, kMostInMetrics)}});
}

void TrainingReport::went_back(const TrainingProgress& from, const TrainingProgress& to,
                               double rate_factor) {
  log_warning(
      formatted("%ld updates in a row were skipped: training goes back from update %ld to "
                "its last good checkpoint, of update %ld, and on at %g times the learning "
                "rate",
                from.skipped_in_row, from.updates, to.updates, rate_factor));
  since_line_ = {};
  write("went_back",
        {{"updates", to.updates}, {"returns", to.returns}, {"rate_factor", rate_factor}});
}

void TrainingReport::validated(const TrainingProgress& progress, const ValidationResult& result,
                               const Validator& validator, const std::string& verdict) {
  since_line_ = {};
  auto aer = result.aer ? formatted(" : AER %.4f", *result.aer) : "";
  if (result.head_aer) aer += formatted(" : head AER %.4f", *result.head_aer);
  if (result.command) aer += formatted(" : command %g", *result.command);
  log_info(formatted(
      "validation %ld : Up. %ld : loss %.4f : perplexity %.3f : BLEU %.2f : chrF %.2f%s : "
      "%.1fs : %s",
      progress.validations, progress.updates, result.loss, result.perplexity, result.bleu,
      result.chrf, aer.c_str(), result.seconds, verdict.c_str()));
  const auto shown = std::min(validator.samples(), result.translations.size());
  for (std::size_t i = 0; i < shown; ++i) {
    log_info("  source      " + validator.sources().front()[i]);
    log_info("  translation " + result.translations[i]);
    log_info("  reference   " + validator.references()[i]);
    if (i < result.matrices.size()) log_matrix(result.matrices[i]);
  }
  Values values{{"updates", progress.updates},
                {"epoch", progress.position.epoch},
                {"loss", result.loss},
                {"perplexity", result.perplexity},
                {"bleu", result.bleu},
                {"chrf", result.chrf},
                {"bleu_signature", result.signature},
                {"best", progress.best.value_or(std::nan(""))},
                {"stalled", progress.stalled},
                {"seconds", progress.seconds}};
  if (result.aer) {
    values.insert(values.begin() + 6,
                  {{"aer", *result.aer}, {"alignment_shift", int64_t{result.alignment_shift}}});
  }
  if (result.command) values.insert(values.begin() + 6, {"command", *result.command});
  if (result.head_aer) values.insert(values.begin() + 6, {"head_aer", *result.head_aer});
  write("validation", values);
}

}  // namespace weft
