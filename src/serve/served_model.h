#pragma once
// A model that is ready to answer requests.

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "align/renderer.h"
#include "app/alignment_choice.h"
#include "app/learnt_alignments.h"
#include "search/forced_aligner.h"
#include "search/translator.h"
#include "serve/batcher.h"

namespace weft {

/// A model as the command line names it.
struct ModelSpec {
  std::string name;
  std::vector<std::string> directories;          ///< several are an ensemble
  std::string source_language, target_language;  ///< codes such as "en"; "": not known
};

/// "[NAME=]DIRECTORY[,DIRECTORY...]". Without a name it is the directory's own. A name that begins
/// with two codes of languages ("en-zh", "pt-BR-en.large") says which the model translates. Throws
/// UserError if a name or a directory is empty.
ModelSpec parse_model_spec(const std::string& text);

struct ServedModelOptions {
  DeviceChoice device;
  AskedAlignment alignment;
  int workers = 1;  ///< as TranslatorOptions::workers
};

class ServedModel : public LineAnswerer {
 public:
  /// Loads the weights into memory, so that the files may be overwritten. Throws UserError as
  /// load_translator() does, and for a model of several sources.
  ServedModel(ModelSpec spec, const ServedModelOptions& options);

  std::vector<TranslatedLine> answer(const AnswerOptions& options,
                                     const std::vector<LinePair>& lines) override;

  const ModelSpec& spec() const { return spec_; }
  int64_t beam_size() const { return options_.decoding.beam_size; }  ///< of its config
  /// What alignments are made from.
  AlignmentFrom alignment_from() const { return choice_.from; }
  /// Why it can give no alignments; "": it can.
  const std::string& no_alignments() const { return no_alignments_; }
  const RenderOptions& rendering() const { return rendering_; }
  /// How words of the source carry factors.
  FactorFormat factors() const;

 private:
  void load_aligner(const ServedModelOptions& options);
  std::vector<TranslatedLine> align(const std::vector<LinePair>& lines);
  Translator& translator_for(const AnswerOptions& options);

  ModelSpec spec_;
  AlignmentChoice choice_;
  TranslatorOptions options_;
  RenderOptions rendering_;
  std::string no_alignments_;
  std::unique_ptr<Translator> translator_;  // without alignments
  std::unique_ptr<ForcedAligner> aligner_;
  std::unique_ptr<LearntAlignments> learnt_;
  struct Variant {
    AnswerOptions options;
    std::unique_ptr<Translator> translator;
  };
  std::vector<Variant> variants_;  // that were asked for lately
};

}  // namespace weft
