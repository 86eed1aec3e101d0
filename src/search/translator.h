#pragma once
// Text in, translations with their alignments out.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "align/alignment_matrix.h"
#include "base/cancelled.h"
#include "config/training_options.h"
#include "search/alignment_options.h"
#include "search/line_constraints.h"
#include "search/sampling_options.h"
#include "search/source_place.h"
#include "text/source_factors.h"
#include "text/vocabulary_factory.h"

namespace weft {

struct Config;
class StepModel;

/// Lines that a program gives to Translator::translate() at a time: enough to sort by length, few
/// enough to hold.
inline constexpr std::size_t kTranslationWindow = 2000;

struct TranslatorOptions {
  DecodingOptions decoding;
  DeviceChoice device;                     ///< for load_translator()
  std::vector<double> model_weights = {};  ///< for load_translator(): one > 0 for each model, or
                                           ///< none if all count alike
  int64_t n_best = 1;  ///< translations per line, 1 to the beam size; or samples, as many as wanted
  SamplingOptions sampling;    ///< if it draws, the beam size is n_best
  int64_t diverse_groups = 1;  ///< as SearchRequest has them; the beam size at most
  double diversity = 0.5;      ///< of several groups
  bool with_alignment = false;
  AlignmentOptions alignment;
  std::size_t alignment_source = 0;  ///< the source that is aligned, if there are several
  /// Words, or several with single blanks between, that no translation has: none stands in it with
  /// no letter, combining mark or digit right before and after it, however it is cut into pieces.
  /// Letters of scripts written without spaces do not count there. Case does.
  std::vector<std::string> suppressed;
  /// Threads that each translate batches of their own, sharing the weights; on a GPU, which a few
  /// keep busy, no more than that many start.
  int workers = 1;
  /// What each token of a prefix is worth in nats while a translation follows it; none: prefixes
  /// are forced.
  std::optional<double> prefix_weight = std::nullopt;
  /// Prefixes are whole translations, which are to be scored; a blank one is the empty translation.
  bool whole_prefixes = false;
  std::string name = "the model";                         ///< what messages call the model
  std::optional<std::string> source_root = std::nullopt;  ///< for load_translator(): place_items()
  /// For load_translator() on a processor: weights are read into memory instead of mapped, so that
  /// the files may be overwritten while the translator lives.
  bool copies_weights = false;
  /// Asked before every batch, by several threads at once; none: never.
  std::function<bool()> is_cancelled = {};
  /// Told after every batch how many lines it had, by several threads at once.
  std::function<void(std::size_t lines)> on_batch = {};
};

struct Translation {
  std::string text;           ///< one line, whatever the vocabulary
  double log_prob = 0;        ///< natural logarithm
  double score = 0;           ///< length-normalised: what translations are ranked by
  AlignmentMatrix alignment;  ///< empty unless asked for
  int64_t tokens = 0;         ///< target tokens, the end of sentence included if it was produced
  bool finished = true;       ///< it ended by itself, not at the length limit
  std::vector<Span> unknown = {};  ///< bytes of `text` that stand for no known word
  /// Of whole prefixes: of each of the text's words (split_words()), the sum over its tokens, and
  /// of the end of sentence. A token that is part of several counts for the first.
  std::vector<double> word_log_probs = {};
};

struct TranslatedLine {
  std::string source;     ///< the line that is aligned as the model read it: without factors; of an
                          ///< item, the numbers of its annotations
  std::string item = {};  ///< what is aligned, if it is an item: its name
  std::vector<Translation>
      n_best;                  ///< best first, at least one; a blank line has one blank translation
  bool is_impossible = false;  ///< lengths, prefix, words and phrases asked for leave nothing of
                               ///< the line, or of a part of it: that has one blank translation
  int64_t cut_tokens = 0;      ///< source tokens beyond the limit, which were not read
  int64_t source_tokens = 0;   ///< tokens read, end of sentence included, or annotations; 0 for a
                               ///< blank line
  int64_t decoder_steps = 0;   ///< steps of the search for the line, all hypotheses together
};

/// Of a line of the first source, tokens of the target vocabulary.
using TokensOfLine = std::function<std::vector<int32_t>(const EncodedSource& line)>;

/// Translates lines in batches of similar length; the answer to a line does not depend on the
/// others, nor does what is drawn for it: that depends on the seed and on how many lines this has
/// translated before. One thread at a time may use a Translator; it has threads of its own.
class Translator {
 public:
  /// `model` reads and writes the tokens of `vocabularies`. Throws UserError if n_best or
  /// the groups exceed the beam size, if options contradict each other, or if alignments or
  /// coverage are asked of a model that cannot give them.
  Translator(std::shared_ptr<StepModel> model, Vocabularies vocabularies,
             TranslatorOptions options);
  Translator(Translator&&) noexcept;
  ~Translator();

  /// One answer per line, in order. `sources` has the lines of each source that the model reads, as
  /// many of each. `prefixes`, if there are any, has the beginning of each line's
  /// translation; blank: none. A prefix stands as the target vocabulary writes it, and the word it
  /// ends in may go on; the length limit counts from its end. Lines are valid UTF-8
  /// (std::invalid_argument). Throws UserError, without a place, if the words of a line do not
  /// carry the factors they should (see first_mistake()), if a prefix holds a suppressed word (see
  /// first_prefix_mistake()), or if the model's weights are not numbers; Cancelled if
  /// options.is_cancelled says so. `constraints`, if there are any, has those of each line;
  /// throws UserError if there are constraint_mistakes(). `place` says where lines stand, for
  /// messages about their items.
  std::vector<TranslatedLine> translate_sources(
      const std::vector<std::vector<std::string>>& sources,
      const std::vector<std::string>& prefixes = {}, const SourcePlace& place = {},
      const std::vector<LineConstraints>& constraints = {});
  /// The same for a model of one source.
  std::vector<TranslatedLine> translate(const std::vector<std::string>& lines,
                                        const std::vector<std::string>& prefixes = {});

  /// The first prefix that holds a suppressed word, or ends where only one could come.
  std::optional<LineMistake> first_prefix_mistake(const std::vector<std::string>& prefixes) const;

  /// All prefixes that are no shorter than decoding.max_length.
  std::vector<LineMistake> long_prefixes(const std::vector<std::string>& prefixes) const;

  /// All lines of which translate_sources() could not heed the constraints, with the reason.
  std::vector<LineMistake> constraint_mistakes(const std::vector<std::vector<std::string>>& sources,
                                               const std::vector<std::string>& prefixes,
                                               const std::vector<LineConstraints>& constraints);

  const Vocabularies& vocabularies() const;

  /// From now on the translation of a line has the tokens that `tokens` names alone, besides those
  /// of its prefix and of phrases that it must hold; probabilities are given that. A line of which
  /// nothing else can come is translated with all tokens. Whole prefixes are scored as before.
  void limit_tokens(TokensOfLine tokens);

  /// Another translator by the same weights, which has no copy of them; of `options`, the
  /// precision, the device and the name are this one's, as its tokens are limited. One thread at a
  /// time may use any of them. Throws as the constructor does.
  Translator with(TranslatorOptions options) const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

/// A translator of model directories; several are an ensemble, which must share their target
/// vocabulary. Alignments and their pieces are then over what the first model reads: attention of
/// others goes to its pieces by the bytes that they share.
/// Throws UserError as loading a model and Translator() do, and if there is no such device.
/// `options.decoding` is used as it is: start from decoding_options(). On a processor the weights
/// are mapped from the files, unless `options` say that they are copied.
Translator load_translator(const std::vector<std::string>& directories, TranslatorOptions options);
/// The same with their configs, which have been read.
Translator load_translator(const std::vector<std::string>& directories,
                           const std::vector<Config>& configs, TranslatorOptions options);

/// What a model's config says about translating with it. Throws UserError.
DecodingOptions decoding_options(const std::string& directory);

}  // namespace weft
