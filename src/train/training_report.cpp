#include "train/training_report.h"

#include <unistd.h>

#include <algorithm>
#include <cstdarg>
#include <cstdio>

#include "base/log.h"

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

}  // namespace

TrainingReport::TrainingReport(const std::string& directory)
    : metrics_(directory), shows_bar_(::isatty(STDERR_FILENO) != 0 && is_logged(LogLevel::kInfo)) {}

void TrainingReport::resumed(const TrainingProgress& progress) {
  seconds_before_ = progress.seconds;
  log_info(formatted("resuming after %ld updates, epoch %ld", progress.updates,
                     progress.position.epoch + 1));
  metrics_.write("resume", {{"updates", progress.updates}, {"epoch", progress.position.epoch}});
}

void TrainingReport::updated(const TrainingProgress& progress, const StreamedBatch& streamed,
                             int64_t pairs) {
  source_tokens_ += streamed.batch.source_tokens;
  target_tokens_ += streamed.batch.target_tokens;
  if (shows_bar_) show_progress(progress, streamed, pairs);
}

void TrainingReport::show_progress(const TrainingProgress& progress, const StreamedBatch& streamed,
                                   int64_t pairs) {
  if (!bar_) {
    const int64_t epoch = streamed.after.epoch + (streamed.ends_epoch ? 0 : 1);
    bar_ = std::make_unique<ProgressBar>(
        ProgressOptions{.label = formatted("epoch %ld", epoch), .total = pairs});
  }
  const double seconds = std::max(progress.seconds - seconds_before_, 1e-9);
  const auto suffix = formatted("loss %.3f  %.0f tokens/s",
                                loss_ / static_cast<double>(std::max<int64_t>(target_tokens_, 1)),
                                static_cast<double>(target_tokens_) / seconds);
  bar_->update(streamed.pairs_of_epoch, suffix);
  if (!streamed.ends_epoch) return;
  bar_->finish(suffix);
  bar_.reset();
}

void TrainingReport::log(const TrainingProgress& progress, double rate) {
  const double seconds = std::max(progress.seconds - seconds_before_, 1e-9);
  const double loss = loss_ / static_cast<double>(std::max<int64_t>(target_tokens_, 1));
  const double speed = static_cast<double>(target_tokens_) / seconds;
  log_info(
      formatted("Ep. %ld : Up. %ld : Sen. %ld : Cost %.4f : Time %.2fs : %.2f words/s : L.r. %.4e",
                progress.position.epoch + 1, progress.updates, progress.sentences, loss, seconds,
                speed, rate));
  metrics_.write("update",
                 {{"updates", progress.updates},
                  {"epoch", progress.position.epoch},
                  {"loss", loss},
                  {"learning_rate", rate},
                  {"target_tokens_per_second", speed},
                  {"source_tokens_per_second", static_cast<double>(source_tokens_) / seconds},
                  {"seconds", progress.seconds}});
  loss_ = 0;
  source_tokens_ = target_tokens_ = 0;
  seconds_before_ = progress.seconds;
}

void TrainingReport::skipped(const TrainingProgress& progress, const Batch& batch,
                             const Location& first) {
  log_warning(formatted("update %ld was skipped: its gradient is not finite (%zu pairs, one is ",
                        progress.updates, batch.pairs.size()) +
              to_string(first) + ")");
  metrics_.write("skipped", {{"updates", progress.updates},
                             {"pairs", static_cast<int64_t>(batch.pairs.size())},
                             {"file", first.file},
                             {"line", int64_t{first.line}}});
}

void TrainingReport::validated(const TrainingProgress& progress, const ValidationResult& result,
                               const Validator& validator) {
  log_info(formatted(
      "validation %ld : Up. %ld : loss %.4f : perplexity %.3f : BLEU %.2f : chrF %.2f : %.1fs : %s",
      progress.validations, progress.updates, result.loss, result.perplexity, result.bleu,
      result.chrf, result.seconds,
      progress.stalled == 0 ? "new best" : formatted("stalled %ld", progress.stalled).c_str()));
  const auto shown = std::min<std::size_t>(2, result.translations.size());
  for (std::size_t i = 0; i < shown; ++i) {
    log_info("  source      " + validator.sources()[i]);
    log_info("  translation " + result.translations[i]);
    log_info("  reference   " + validator.references()[i]);
  }
  metrics_.write("validation", {{"updates", progress.updates},
                                {"epoch", progress.position.epoch},
                                {"loss", result.loss},
                                {"perplexity", result.perplexity},
                                {"bleu", result.bleu},
                                {"chrf", result.chrf},
                                {"bleu_signature", result.signature},
                                {"best", progress.best.value_or(0)},
                                {"stalled", progress.stalled},
                                {"seconds", progress.seconds}});
}

}  // namespace weft
