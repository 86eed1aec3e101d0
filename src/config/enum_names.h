#pragma once
// What each enum value is called in a config. The names are part of the file format of saved
// models: add to them, but do not change them.

#include <array>

#include "base/enum_names.h"
#include "config/config.h"

namespace weft {

constexpr auto enum_names(SourceKind) {
  return std::array{EnumName{SourceKind::kText, "text"},
                    EnumName{SourceKind::kFeatures, "features"},
                    EnumName{SourceKind::kImage, "image"}, EnumName{SourceKind::kAudio, "audio"}};
}

constexpr auto enum_names(TextFormat) {
  return std::array{EnumName{TextFormat::kLines, "lines"}, EnumName{TextFormat::kTsv, "tsv"},
                    EnumName{TextFormat::kBars, "bars"}, EnumName{TextFormat::kJson, "json"},
                    EnumName{TextFormat::kNBest, "n-best"}};
}

constexpr auto enum_names(LossUnit) {
  return std::array{EnumName{LossUnit::kToken, "token"}, EnumName{LossUnit::kSentence, "sentence"}};
}

constexpr auto enum_names(CellType) {
  return std::array{
      EnumName{CellType::kGru, "gru"},      EnumName{CellType::kLstm, "lstm"},
      EnumName{CellType::kRnn, "rnn"},      EnumName{CellType::kGruResetBefore, "gru_reset_before"},
      EnumName{CellType::kLnGru, "ln_gru"}, EnumName{CellType::kLnLstm, "ln_lstm"},
      EnumName{CellType::kMlstm, "mlstm"},  EnumName{CellType::kSru, "sru"},
      EnumName{CellType::kSsru, "ssru"}};
}

constexpr auto enum_names(DropoutKind) {
  return std::array{EnumName{DropoutKind::kVariational, "variational"},
                    EnumName{DropoutKind::kPlain, "plain"}};
}

constexpr auto enum_names(EncoderType) {
  return std::array{EnumName{EncoderType::kRecurrent, "recurrent"},
                    EnumName{EncoderType::kEmbeddings, "embeddings"},
                    EnumName{EncoderType::kAnnotations, "annotations"},
                    EnumName{EncoderType::kRows, "rows"}};
}

constexpr auto enum_names(InputMap) {
  return std::array{EnumName{InputMap::kNone, "none"}, EnumName{InputMap::kLinear, "linear"},
                    EnumName{InputMap::kRelu, "relu"}};
}

constexpr auto enum_names(InputPositions) {
  return std::array{EnumName{InputPositions::kNone, "none"},
                    EnumName{InputPositions::kSinusoid, "sinusoid"},
                    EnumName{InputPositions::kGrid, "grid"}};
}

constexpr auto enum_names(ImageConvolution) {
  return std::array{EnumName{ImageConvolution::kNone, "none"},
                    EnumName{ImageConvolution::kSmall, "small"},
                    EnumName{ImageConvolution::kIm2latex, "im2latex"}};
}

constexpr auto enum_names(ImageResize) {
  return std::array{EnumName{ImageResize::kStretch, "stretch"}, EnumName{ImageResize::kFit, "fit"},
                    EnumName{ImageResize::kCrop, "crop"}};
}

constexpr auto enum_names(FrameNormalization) {
  return std::array{EnumName{FrameNormalization::kNone, "none"},
                    EnumName{FrameNormalization::kUtterance, "utterance"}};
}

constexpr auto enum_names(EncoderDirection) {
  return std::array{EnumName{EncoderDirection::kBidirectional, "bidirectional"},
                    EnumName{EncoderDirection::kForward, "forward"},
                    EnumName{EncoderDirection::kBackward, "backward"},
                    EnumName{EncoderDirection::kAlternating, "alternating"},
                    EnumName{EncoderDirection::kFirstBidirectional, "first_bidirectional"}};
}

constexpr auto enum_names(AttentionPlace) {
  return std::array{EnumName{AttentionPlace::kBefore, "before"},
                    EnumName{AttentionPlace::kBetween, "between"},
                    EnumName{AttentionPlace::kAfter, "after"}};
}

constexpr auto enum_names(InitialState) {
  return std::array{EnumName{InitialState::kMean, "mean"}, EnumName{InitialState::kLast, "last"},
                    EnumName{InitialState::kCopied, "copied"},
                    EnumName{InitialState::kZero, "zero"}};
}

constexpr auto enum_names(ReadoutType) {
  return std::array{EnumName{ReadoutType::kTanh, "tanh"}, EnumName{ReadoutType::kMaxout, "maxout"}};
}

constexpr auto enum_names(ScoreType) {
  return std::array{EnumName{ScoreType::kAdditive, "additive"},
                    EnumName{ScoreType::kDot, "dot"},
                    EnumName{ScoreType::kScaledDot, "scaled_dot"},
                    EnumName{ScoreType::kGeneral, "general"},
                    EnumName{ScoreType::kLocation, "location"},
                    EnumName{ScoreType::kFeedForward, "feed_forward"},
                    EnumName{ScoreType::kNone, "none"}};
}

constexpr auto enum_names(WeightNormalization) {
  return std::array{EnumName{WeightNormalization::kSoftmax, "softmax"},
                    EnumName{WeightNormalization::kSparsemax, "sparsemax"},
                    EnumName{WeightNormalization::kEntmax15, "entmax15"}};
}

constexpr auto enum_names(AttentionWindowType) {
  return std::array{EnumName{AttentionWindowType::kGlobal, "global"},
                    EnumName{AttentionWindowType::kMonotonic, "local_m"},
                    EnumName{AttentionWindowType::kPredictive, "local_p"}};
}

constexpr auto enum_names(AttentionKind) {
  return std::array{EnumName{AttentionKind::kSoft, "soft"}, EnumName{AttentionKind::kHard, "hard"}};
}

constexpr auto enum_names(ContextGateType) {
  return std::array{
      EnumName{ContextGateType::kNone, "none"}, EnumName{ContextGateType::kSource, "source"},
      EnumName{ContextGateType::kTarget, "target"}, EnumName{ContextGateType::kBoth, "both"}};
}

constexpr auto enum_names(SourceCombination) {
  return std::array{EnumName{SourceCombination::kConcat, "concat"},
                    EnumName{SourceCombination::kHierarchical, "hierarchical"}};
}

constexpr auto enum_names(CoverageType) {
  return std::array{EnumName{CoverageType::kNone, "none"},
                    EnumName{CoverageType::kLinguistic, "linguistic"},
                    EnumName{CoverageType::kNeural, "neural"}};
}

constexpr auto enum_names(FactorCombination) {
  return std::array{EnumName{FactorCombination::kConcat, "concat"},
                    EnumName{FactorCombination::kSum, "sum"}};
}

constexpr auto enum_names(EmbeddingTying) {
  return std::array{EnumName{EmbeddingTying::kNone, "none"},
                    EnumName{EmbeddingTying::kTarget, "target"},
                    EnumName{EmbeddingTying::kAll, "all"}};
}

constexpr auto enum_names(VocabularyType) {
  return std::array{EnumName{VocabularyType::kSentencePiece, "sentencepiece"},
                    EnumName{VocabularyType::kWords, "words"}};
}

constexpr auto enum_names(SentencePieceModel) {
  return std::array{EnumName{SentencePieceModel::kUnigram, "unigram"},
                    EnumName{SentencePieceModel::kBpe, "bpe"}};
}

constexpr auto enum_names(Normalization) {
  return std::array{
      EnumName{Normalization::kNmtNfkc, "nmt_nfkc"}, EnumName{Normalization::kIdentity, "identity"},
      EnumName{Normalization::kNfkc, "nfkc"}, EnumName{Normalization::kNmtNfkcCf, "nmt_nfkc_cf"},
      EnumName{Normalization::kNfkcCf, "nfkc_cf"}};
}

constexpr auto enum_names(WordNormalization) {
  return std::array{EnumName{WordNormalization::kNone, "none"},
                    EnumName{WordNormalization::kNfc, "nfc"},
                    EnumName{WordNormalization::kNfkc, "nfkc"},
                    EnumName{WordNormalization::kNfcLower, "nfc_lower"},
                    EnumName{WordNormalization::kNfkcLower, "nfkc_lower"}};
}

constexpr auto enum_names(OptimizerType) {
  return std::array{EnumName{OptimizerType::kSgd, "sgd"},
                    EnumName{OptimizerType::kAdam, "adam"},
                    EnumName{OptimizerType::kAdamW, "adamw"},
                    EnumName{OptimizerType::kAdagrad, "adagrad"},
                    EnumName{OptimizerType::kAdadelta, "adadelta"},
                    EnumName{OptimizerType::kRmsprop, "rmsprop"},
                    EnumName{OptimizerType::kAdafactor, "adafactor"}};
}

constexpr auto enum_names(ValidationMetric) {
  return std::array{EnumName{ValidationMetric::kLoss, "loss"},
                    EnumName{ValidationMetric::kPerplexity, "perplexity"},
                    EnumName{ValidationMetric::kBleu, "bleu"},
                    EnumName{ValidationMetric::kChrf, "chrf"},
                    EnumName{ValidationMetric::kAer, "aer"},
                    EnumName{ValidationMetric::kHeadAer, "head_aer"},
                    EnumName{ValidationMetric::kCommand, "command"}};
}

constexpr auto enum_names(RiskCandidateKind) {
  return std::array{EnumName{RiskCandidateKind::kSamples, "samples"},
                    EnumName{RiskCandidateKind::kBeam, "beam"}};
}

constexpr auto enum_names(RiskMetric) {
  return std::array{EnumName{RiskMetric::kBleu, "bleu"}, EnumName{RiskMetric::kChrf, "chrf"}};
}

constexpr auto enum_names(StopOn) {
  return std::array{EnumName{StopOn::kFirst, "first"}, EnumName{StopOn::kAny, "any"},
                    EnumName{StopOn::kAll, "all"}};
}

constexpr auto enum_names(AlignmentFrom) {
  return std::array{
      EnumName{AlignmentFrom::kAttention, "attention"}, EnumName{AlignmentFrom::kHead, "head"},
      EnumName{AlignmentFrom::kAligner, "aligner"}, EnumName{AlignmentFrom::kCombined, "combined"}};
}

constexpr auto enum_names(EarlyStopping) {
  return std::array{EnumName{EarlyStopping::kNever, "never"},
                    EnumName{EarlyStopping::kExact, "exact"},
                    EnumName{EarlyStopping::kFirst, "first"}};
}

constexpr auto enum_names(Precision) {
  return std::array{EnumName{Precision::kAuto, "auto"}, EnumName{Precision::kFloat32, "float32"},
                    EnumName{Precision::kBfloat16, "bfloat16"}, EnumName{Precision::kInt8, "int8"}};
}

}  // namespace weft
