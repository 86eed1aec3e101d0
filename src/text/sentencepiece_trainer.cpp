#include "text/sentencepiece_trainer.h"

#include <exception>
#include <locale>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string_view>
#include <utility>

#include "base/error.h"
#include "config/enum_names.h"
#include "text/piece_spans.h"
#include "text/sentencepiece_api.h"
#include "text/sentencepiece_vocabulary.h"

namespace weft {
namespace {

constexpr uint32_t kSeed = 1;
constexpr const char* kThreads =
    "4";  // fixed: sums of counts are rounded by how they are shared out
constexpr std::size_t kMaxLineBytes = 4000;  // SentencePiece leaves out lines of more than 4192

/// All lines of a list of files, as the trainer asks for them. What reading throws is kept until
/// the trainer, which no exception may pass through, has returned.
class TrainingText {
 public:
  explicit TrainingText(const std::vector<TextFile>& files) : reader_(files) {}

  /// The next line, or part of an overlong one; nothing at the end.
  std::optional<std::string_view> next() {
    if (rest_.empty() && !read_line()) return std::nullopt;
    const std::string_view part = rest_.substr(0, cut(rest_));
    rest_.remove_prefix(part.size());
    return part;
  }

  void keep_exception() { exception_ = std::current_exception(); }
  void rethrow_if_any() const {
    if (exception_) std::rethrow_exception(exception_);
  }

 private:
  /// Moves to the next line that is not empty.
  bool read_line() {
    do {
      if (!reader_.next(line_)) return false;
    } while (line_.empty());
    rest_ = line_;
    return true;
  }

  /// Bytes of the part to hand out: after a space if there is one, never within a character.
  static std::size_t cut(std::string_view text) {
    if (text.size() <= kMaxLineBytes) return text.size();
    const std::size_t space = text.rfind(' ', kMaxLineBytes - 1);
    if (space != std::string_view::npos) return space + 1;
    std::size_t end = kMaxLineBytes;
    while ((static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
    return end;
  }

  TextReader reader_;
  std::string line_;
  std::string_view rest_;
  std::exception_ptr exception_;
};

int give_line(void* context, const char** data, std::size_t* size) {
  auto* text = static_cast<TrainingText*>(context);
  try {
    const std::optional<std::string_view> line = text->next();
    if (!line) return 0;
    *data = line->data();
    *size = line->size();
    return 1;
  } catch (...) {
    text->keep_exception();
    return 0;
  }
}

struct Outcome {
  std::string model;
  std::string error;
};

void receive_model(void* context, const char* data, std::size_t size) {
  static_cast<Outcome*>(context)->model.assign(data, size);
}

void receive_training_error(void* context, const char* data, std::size_t size) {
  static_cast<Outcome*>(context)->error.assign(data, size);
}

/// SentencePiece takes lists as lines of CSV.
std::string as_csv_field(const std::string& text) {
  if (text.find_first_of(",\"") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + '"';
}

std::vector<std::pair<std::string, std::string>> trainer_options(
    const SentencePieceTraining& training) {
  std::ostringstream coverage;
  coverage.imbue(std::locale::classic());
  coverage << training.character_coverage;
  std::string symbols;
  for (const auto& symbol : training.symbols)
    symbols += (symbols.empty() ? "" : ",") + as_csv_field(symbol);
  std::vector<std::pair<std::string, std::string>> options{
      {"model_type", training.model == SentencePieceModel::kBpe ? "bpe" : "unigram"},
      {"vocab_size", std::to_string(training.size)},
      {"hard_vocab_limit", "false"},  // a text may have fewer pieces
      {"character_coverage", coverage.str()},
      {"byte_fallback", training.byte_fallback ? "true" : "false"},
      {"normalization_rule_name", to_name(training.normalization)},
      {"pad_id", "0"},
      {"unk_id", "1"},
      {"bos_id", "2"},
      {"eos_id", "3"},
      {"input_sentence_size", std::to_string(training.sample_lines)},
      {"shuffle_input_sentence", "true"},
      {"num_threads", kThreads},
      {"minloglevel", "2"}};
  if (!symbols.empty()) options.emplace_back("user_defined_symbols", symbols);
  return options;
}

std::string joined(const std::vector<TextFile>& files) {
  std::string list;
  for (const TextFile& file : files)
    list += (list.empty() ? "" : ", ") + display_name(file.column.path);
  return list;
}

/// The number that follows `words` in `text`; "" if there is none.
std::string number_after(const std::string& text, const std::string& words) {
  const std::size_t found = text.find(words);
  if (found == std::string::npos) return "";
  const std::size_t begin = found + words.size();
  return text.substr(begin, text.find_first_not_of("0123456789", begin) - begin);
}

/// Puts SentencePiece's reason into the person's terms.
[[noreturn]] void explain_failure(const SentencePieceTraining& training,
                                  const std::vector<TextFile>& files, const std::string& reason) {
  const std::string size = std::to_string(training.size);
  const std::string found = training.size_name + " is " + size;
  const std::string least = number_after(reason, "required_chars. " + size + " vs ");
  if (!least.empty()) {
    throw UserError(found + ", but the characters of " + joined(files) + " alone need " + least +
                    " pieces; expected at least " + least +
                    ", or a lower vocabulary.character_coverage");
  }
  throw UserError("SentencePiece cannot train a model on " + joined(files) + " (" +
                  reason.substr(0, reason.find('\n')) + ")");
}

/// SentencePiece's own limits.
void require_coverage(double coverage) {
  if (coverage >= 0.98) return;
  std::ostringstream text;
  text.imbue(std::locale::classic());
  text << coverage;
  throw UserError("vocabulary.character_coverage is " + text.str() +
                  "; expected a number in [0.98, 1] to train a SentencePiece model");
}

/// What SentencePiece makes of some lines.
Outcome run_trainer(const SentencePieceTraining& training, WeftSpLines lines) {
  const auto options = trainer_options(training);
  std::vector<WeftSpOption> arguments;
  for (const auto& [name, value] : options) arguments.push_back({name.c_str(), value.c_str()});
  Outcome outcome;
  sentencepiece_api().train(arguments.data(), arguments.size(), kSeed, lines, &outcome,
                            receive_model, receive_training_error);
  return outcome;
}

/// A model with the rules of normalisation of `training`, which has seen one letter.
SentencePieceVocabulary model_of_rules(SentencePieceTraining training) {
  training.size = 1000;
  bool given = false;
  const auto give_letter = [](void* context, const char** data, std::size_t* size) {
    *data = "a";
    *size = 1;
    return std::exchange(*static_cast<bool*>(context), true) ? 0 : 1;
  };
  return {run_trainer(training, {&given, give_letter}).model, "rules of normalisation"};
}

/// SentencePiece ends the process where nothing of a text is left when it is normalised, or nothing
/// but lines with the character it keeps for the unknown, which it leaves out.
void require_text(const SentencePieceTraining& training, const std::vector<TextFile>& files) {
  constexpr std::string_view kUnknownMark = "\xE2\x96\x85";  // U+2585
  const SentencePieceVocabulary rules = model_of_rules(training);
  TrainingText text(files);
  while (const auto part = text.next()) {
    std::string line(*part);
    if (line.find(kUnknownMark) != std::string::npos) continue;
    for (std::size_t at = 0; (at = line.find(kSpaceMark, at)) != std::string::npos;)
      line.replace(at, kSpaceMark.size(), 1, ' ');
    if (!rules.encode(line).ids.empty()) return;
  }
  throw UserError("no text to learn a vocabulary from in " + joined(files));
}

}  // namespace

std::string train_sentencepiece(const SentencePieceTraining& training,
                                const std::vector<TextFile>& files) {
  require_coverage(training.character_coverage);
  require_text(training, files);
  TrainingText text(files);
  Outcome outcome = run_trainer(training, {&text, give_line});
  text.rethrow_if_any();
  if (outcome.model.empty()) explain_failure(training, files, outcome.error);
  return std::move(outcome.model);
}

}  // namespace weft
