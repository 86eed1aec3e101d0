#include "init/fitted_config.h"

#include <algorithm>
#include <cmath>

#include "config/enum_names.h"

namespace weft {
namespace {

/// Rounded to two leading digits or so, as a person would write it.
int64_t round_size(double size) {
  const double step = size < 1000 ? 10 : size < 2000 ? 100 : 500;
  return static_cast<int64_t>(std::max(1.0, std::round(size / step)) * step);
}

/// What several choices follow from.
struct Sizes {
  int64_t words = 0;       ///< running words of a side, the mean of both
  double pair_tokens = 0;  ///< of the longer side of a pair, as estimated
  bool shared = false;     ///< one vocabulary
  ScriptProfile source, target;
};

Sizes sizes_of(const CorpusStatistics& corpus) {
  Sizes sizes;
  sizes.words = (corpus.source.words + corpus.target.words) / 2;
  // A word of everyday text is about 1.3 pieces of a vocabulary of the sizes chosen below.
  const auto longer = static_cast<double>(std::max(corpus.source.words, corpus.target.words));
  sizes.pair_tokens = 1.3 * longer / static_cast<double>(std::max<int64_t>(1, corpus.pairs)) + 1;
  sizes.source = script_profile(corpus.source, corpus.pairs);
  sizes.target = script_profile(corpus.target, corpus.pairs);
  sizes.shared = shared_letters(corpus.source, corpus.target) >= 0.5;
  return sizes;
}

/// Puts values into a config, and the reasons beside them.
class Fitter {
 public:
  Fitter(const CorpusStatistics& corpus, const Machine& machine, bool has_validation)
      : corpus_(corpus),
        machine_(machine),
        has_validation_(has_validation),
        sizes_(sizes_of(corpus)) {}

  FittedConfig fit() {
    fit_data();
    fit_vocabulary();
    fit_model();
    fit_training();
    if (has_validation_) fit_validation();
    fit_decoding();
    return std::move(fitted_);
  }

 private:
  void because(const std::string& key, const std::string& reason) {
    fitted_.choices.push_back({key, reason});
  }

  void fit_data();
  void fit_vocabulary();
  void fit_vocabulary_sizes();
  void fit_sample();
  void fit_model();
  void fit_dropout();
  void fit_training();
  void fit_schedule();
  void fit_validation();
  void fit_metric();
  void fit_decoding();
  int64_t vocabulary_size(const SideStatistics& side, int64_t words) const;

  const CorpusStatistics& corpus_;
  const Machine& machine_;
  const bool has_validation_;
  const Sizes sizes_;
  double updates_per_epoch_ = 1;
  FittedConfig fitted_;
};

void Fitter::fit_data() {
  auto& data = fitted_.config.data;
  because("data.train_source", with_commas(corpus_.pairs) + " sentence pairs, " +
                                   with_commas(corpus_.source.words) + " words, " +
                                   with_commas(corpus_.source.types) + " different ones");
  because("data.train_target", with_commas(corpus_.target.words) + " words, " +
                                   with_commas(corpus_.target.types) + " different ones");
  if (has_validation_) {
    because("data.valid_source", "decides which model is best, and when to stop");
    because("data.valid_target", "");
  }
  const int64_t usual = corpus_.length_of(0.999);
  data.max_length = std::clamp<int64_t>((2 * usual + 9) / 10 * 10, 50, 250);
  because("data.max_length", "pieces; 99.9 % of the pairs have no more than " +
                                 std::to_string(usual) +
                                 " words, and few long lines would cost memory and time");
}

/// Different words grow as the square root of running words (Heaps' law), and so may pieces: the
/// vocabularies of the recipes are ten times that root, besides the characters.
int64_t Fitter::vocabulary_size(const SideStatistics& side, int64_t words) const {
  constexpr double kLargest = 32000;  // beyond it the softmax costs more than rare words give
  // A piece is a word or part of one that occurs twice. Every character needs one, and so do 256
  // bytes and 4 reserved tokens.
  constexpr double kBytesAndReserved = 260;
  const auto characters =
      static_cast<double>(characters_covering(side, fitted_.config.vocabulary.character_coverage));
  const double by_text =
      std::min(kLargest, characters + 10 * std::sqrt(static_cast<double>(words)));
  const double by_words = kBytesAndReserved + characters + static_cast<double>(side.repeated_types);
  const double least = kBytesAndReserved + 1.25 * characters;
  return std::max(round_size(std::min(by_text, by_words)), round_size(least + 5));
}

void Fitter::fit_vocabulary() {
  auto& vocabulary = fitted_.config.vocabulary;
  const bool many_characters =
      std::max(corpus_.source.characters.size(), corpus_.target.characters.size()) > 1000;
  vocabulary.shared = sizes_.shared;
  because("vocabulary.shared", sizes_.shared
                                   ? "both sides share most letters, and so names and numbers"
                                   : "the sides are written in different letters");
  vocabulary.character_coverage = many_characters ? 0.9995 : 0.9999;
  fit_vocabulary_sizes();
  because("vocabulary.character_coverage", many_characters
                                               ? "many characters: the rarest are read as bytes"
                                               : "few characters: all but stray ones get a piece");
  const bool wide = sizes_.target.wide_marks > 0.05 || sizes_.target.is_unspaced();
  vocabulary.normalization = wide ? Normalization::kIdentity : Normalization::kNmtNfkc;
  because("vocabulary.normalization",
          wide ? "the translation keeps its full-width punctuation"
               : "variants of a character (ligatures, odd blanks) become one");
  fit_sample();
}

void Fitter::fit_vocabulary_sizes() {
  auto& vocabulary = fitted_.config.vocabulary;
  if (sizes_.shared) {
    SideStatistics both = corpus_.source;
    both.repeated_types = std::max(both.repeated_types, corpus_.target.repeated_types);
    for (const auto& [character, count] : corpus_.target.characters)
      both.characters[character] += count;
    vocabulary.target_size = vocabulary_size(both, 2 * sizes_.words);
    vocabulary.source_size = {vocabulary.target_size};
    because("vocabulary.source_size", "pieces: characters + 10 √(" + with_commas(2 * sizes_.words) +
                                          " running words), if there are as many words");
    because("vocabulary.target_size", "");
    return;
  }
  vocabulary.source_size = {vocabulary_size(corpus_.source, corpus_.source.words)};
  vocabulary.target_size = vocabulary_size(corpus_.target, corpus_.target.words);
  because("vocabulary.source_size",
          "pieces: characters + 10 √(running words), if there are as many words");
  because("vocabulary.target_size", "");
}

/// SentencePiece needs about 20 bytes of memory for a byte of its sample.
void Fitter::fit_sample() {
  auto& lines = fitted_.config.vocabulary.sample_lines;
  const auto text = corpus_.source.bytes + corpus_.target.bytes;
  const double line_bytes =
      static_cast<double>(text) / static_cast<double>(std::max<int64_t>(1, corpus_.pairs));
  const double possible = static_cast<double>(machine_.memory_bytes) / 4 / (20 * line_bytes);
  if (corpus_.pairs <= lines / (sizes_.shared ? 2 : 1) || possible >= static_cast<double>(lines))
    return;
  lines = std::max<int64_t>(1000, round_size(possible));
  because("vocabulary.sample_lines", "for a quarter of this machine's memory");
}

void Fitter::fit_model() {
  auto& model = fitted_.config.model;
  struct Widths {
    int64_t fewest_words, embedding, hidden;
  };
  constexpr int kManyCores = 8;  // below, twice the width would take days
  const bool wide = machine_.cores >= kManyCores && machine_.memory_bytes >= int64_t{8} << 30;
  Widths chosen{};
  for (const Widths widths : {Widths{0, 128, 128}, Widths{50'000, 256, 256},
                              Widths{250'000, 256, 512}, Widths{8'000'000, 512, wide ? 1024 : 512}})
    if (sizes_.words >= widths.fewest_words) chosen = widths;
  const std::string size = with_commas(sizes_.words) + " words a side";
  model.embedding.source = model.embedding.target = chosen.embedding;
  because("model.embedding.source", "units; for " + size);
  because("model.embedding.target", "");
  model.embedding.tying = sizes_.shared ? EmbeddingTying::kAll : EmbeddingTying::kTarget;
  because("model.embedding.tying",
          sizes_.shared ? "one matrix for source, target and output: fewer weights to learn"
                        : "one matrix for target and output: fewer weights to learn");
  because("model.encoder.cell", "gated recurrent units: quick, and good with little text");
  model.encoder.hidden = model.attention.width = model.decoder.hidden = chosen.hidden;
  because("model.encoder.hidden",
          chosen.hidden == 1024
              ? "units each way; for " + size + " and " + std::to_string(machine_.cores) + " cores"
              : "units each way; for " + size);
  because("model.attention.width", "as the states");
  because("model.decoder.cell", "");
  because("model.decoder.hidden", "as the encoder's");
  because("model.decoder.attention_place",
          "between two cells: the best alignments of the model zoo");
  model.decoder.readout = chosen.embedding;
  because("model.decoder.readout", "as the embeddings, whose matrix is the output's");
  fit_dropout();
}

void Fitter::fit_dropout() {
  auto& dropout = fitted_.config.model.dropout;
  struct Rates {
    int64_t fewest_words;
    double units, hidden, words;
  };
  Rates chosen{};
  for (const Rates rates :
       {Rates{0, 0.4, 0.5, 0.1}, Rates{30'000, 0.3, 0.4, 0.05}, Rates{600'000, 0.2, 0.3, 0},
        Rates{2'500'000, 0.1, 0.2, 0}, Rates{8'000'000, 0.1, 0.1, 0}})
    if (sizes_.words >= rates.fewest_words) chosen = rates;
  dropout.embedding = dropout.readout = chosen.units;
  dropout.hidden = chosen.hidden;
  dropout.source_word = dropout.target_word = chosen.words;
  because("model.dropout.embedding",
          "the less text, the more dropout: a model soon knows little text by heart");
  because("model.dropout.hidden", "");
  because("model.dropout.readout", "");
  because("model.dropout.source_word", chosen.words > 0 ? "whole words too: there is little text"
                                                        : "none: there is enough text");
  because("model.dropout.target_word", "");
}

void Fitter::fit_training() {
  auto& training = fitted_.config.training;
  constexpr int kMostThreads = 16;  // more have too little to do at these widths
  const auto cores = std::to_string(machine_.cores);
  training.threads = machine_.cores > kMostThreads ? kMostThreads : 0;
  because("training.threads",
          training.threads == 0
              ? "as many as there are cores: here " + cores
              : "of " + cores + " cores: more have too little to do at this width");
  const double tokens = sizes_.pair_tokens * static_cast<double>(corpus_.pairs);
  // Batch and updates grow together; the recipes lie on this curve.
  const int64_t most = machine_.memory_bytes < int64_t{2} << 30 ? 1000 : 4000;
  training.batch_tokens =
      std::clamp(round_size(2.8 * std::sqrt(tokens)), std::min<int64_t>(300, most), most);
  updates_per_epoch_ =
      std::max(1.0, std::ceil(tokens / static_cast<double>(training.batch_tokens)));
  because("training.batch_tokens", "pieces of the longer side; about " +
                                       with_commas(static_cast<int64_t>(updates_per_epoch_)) +
                                       " updates an epoch");
  because("training.label_smoothing", "better translations, though less certain probabilities");
  fit_schedule();
}

void Fitter::fit_schedule() {
  auto& training = fitted_.config.training;
  const double epochs = std::clamp(std::ceil(10'000 / updates_per_epoch_), 10.0, 200.0);
  const double updates = epochs * updates_per_epoch_;
  training.exponential_smoothing = updates >= 5000 ? 0.999 : 0.99;
  because("training.exponential_smoothing",
          "averaged weights translate better; a mean of the last " +
              std::string(updates >= 5000 ? "1,000" : "100") + " updates or so");
  training.stop_after = {static_cast<int64_t>(epochs), Period::Unit::kEpochs};
  because("training.stop_after",
          "about " + with_commas(static_cast<int64_t>(updates)) + " updates" +
              (has_validation_ ? "; validation usually stops it earlier" : ""));
  because("training.precision", "bfloat16 where the processor is fast in it, otherwise float32");
  training.optimizer.learning_rate = fitted_.config.model.decoder.hidden <= 128 ? 0.002 : 0.001;
  because("training.optimizer.learning_rate",
          "the usual rate" +
              std::string(fitted_.config.model.decoder.hidden <= 128 ? " for a narrow model" : ""));
  training.schedule.warmup_steps =
      updates >= 4000 ? 400 : std::max<int64_t>(10, static_cast<int64_t>(updates / 10));
  because("training.schedule.warmup_steps",
          "updates until the full rate; the first gradients are large");
}

void Fitter::fit_validation() {
  auto& validation = fitted_.config.training.validation;
  auto& checkpoint = fitted_.config.training.checkpoint_every;
  if (updates_per_epoch_ > 3000) {
    validation.every = checkpoint = {2000, Period::Unit::kUpdates};
    because("training.checkpoint_every",
            "an epoch is long; the same command goes on from the last one");
    because("training.validation.every", "an epoch is long");
  } else {
    const auto epochs = static_cast<int64_t>(std::ceil(100 / updates_per_epoch_));
    validation.every = {std::clamp<int64_t>(epochs, 1, 10), Period::Unit::kEpochs};
    because("training.validation.every",
            validation.every.count == 1 ? "once an epoch" : "an epoch has few updates");
  }
  fit_metric();
  because("training.validation.patience", "validations without improvement before training stops");
}

/// BLEU counts words, and so needs them to be apart.
void Fitter::fit_metric() {
  auto& validation = fitted_.config.training.validation;
  const auto& target = sizes_.target;
  const bool chinese = target.is_unspaced() && target.chinese > 0.5 && target.kana < 0.05;
  if (target.is_unspaced() && !target.segmented && !chinese) {
    validation.metric = ValidationMetric::kChrf;
    because("training.validation.metric",
            "counts characters: the translation has no spaces between words");
    return;
  }
  because("training.validation.metric", "the usual measure");
  if (target.is_unspaced()) validation.tokenizer = target.segmented ? "none" : "zh";
  because("training.validation.tokenizer",
          validation.tokenizer == "zh"     ? "Chinese without spaces: BLEU counts characters"
          : validation.tokenizer == "none" ? "the translation is cut into words already"
                                           : "punctuation counts as words, as in sacreBLEU");
}

void Fitter::fit_decoding() {
  because("decoding.beam_size", "hypotheses; more rarely help");
  because("decoding.length_normalization",
          "try 0.6 to 1.5 on the validation text: weft translate -n");
}

}  // namespace

FittedConfig fit_config(const CorpusStatistics& corpus, const Machine& machine,
                        bool has_validation) {
  return Fitter(corpus, machine, has_validation).fit();
}

int64_t validation_pairs(int64_t pairs) {
  return std::min({std::max<int64_t>(pairs / 20, 100), pairs / 10, int64_t{2000}});
}

std::string with_commas(int64_t number) {
  const std::string digits = std::to_string(number);
  std::string text;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0) text += ',';
    text += digits[i];
  }
  return text;
}

}  // namespace weft
