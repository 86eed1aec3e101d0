#pragma once
// The whole model. Shapes here and everywhere:
//   B batch, S source length, T target length, E embedding, H hidden, C annotation width, A
//   attention width, V vocabulary, K beam, L layers, N = B·K hypotheses. Tensors are batch-first.
//   Losses are nats.

#include <torch/nn/module.h>
#include <torch/nn/pimpl.h>
#include <torch/types.h>

#include <cstdint>
#include <memory>
#include <vector>

#include "config/model_options.h"
#include "data/batch.h"
#include "model/alignment_head.h"
#include "model/decoder.h"
#include "model/flops.h"
#include "model/readout.h"
#include "model/source_combiner.h"
#include "model/source_encoder.h"
#include "model/vocabulary_sizes.h"
#include "ops/cross_entropy.h"

namespace weft {

/// Rows of the output layer, for steps that need the logits of some tokens alone.
struct OutputPart {
  torch::Tensor weight;                            ///< [U, R]
  torch::Tensor bias;                              ///< [U]
  std::shared_ptr<kernels::FrozenWeights> packed;  ///< of the weight
};

/// What stays the same for a source while it is translated.
struct DecodingStart {
  DecoderMemory memory;  ///< B sentences
  DecoderState state;    ///< B hypotheses
};

/// One step of decoding, for N hypotheses.
struct PredictionStep {
  torch::Tensor logits;     ///< [N, V]; their softmax is p(y_i | y_<i, x); of a part [N, U]
  torch::Tensor attention;  ///< α [N, S]; undefined without attention. S: all sources' tokens
  DecoderState state;
};

/// A target that is known, token by token.
struct ForcedOutput {
  torch::Tensor readout;    ///< [B, T, R]
  torch::Tensor attention;  ///< α [B, T, S]; undefined without attention
  AttentionSample sample;   ///< drawn by hard attention in training, [B, T]
  torch::Tensor head;       ///< the alignment head's α' [B, T, S]; undefined without one
};

/// What a batch is judged by in training.
struct TrainingCriterion {
  double label_smoothing = 0;
  double baseline = 0;           ///< for hard attention: the expected log p(y_i), in nats
  double guided_weight = 0;      ///< of the guided loss, where a batch has guidance
  double attention_balance = 0;  ///< of attention_balance_loss()
  double coverage = 0;           ///< of coverage_loss()
  double attention_entropy = 0;  ///< of attention_entropy_loss()
  double r_drop = 0;             ///< of r_drop_loss(); 0: a batch is read once
  double own_words = 0;          ///< probability that the decoder is fed a word of its own
  /// Of a teacher's part of the loss, against the rest.
  double teacher_weight = 0;
  double temperature = 1;             ///< of that part
  torch::Tensor teacher_logits = {};  ///< [B, T, V]; undefined: there is no teacher
};

/// Translations of B sentences, at most K of each, that are compared in minimum risk training.
struct CandidateBatch {
  Batch batch;            ///< R candidates, each with its sources
  torch::Tensor places;   ///< int64 [R]: b K + k of candidate k of sentence b
  torch::Tensor costs;    ///< float [B, K]
  torch::Tensor weights;  ///< float [B], of each sentence
};

/// Sums over the target tokens of a batch, in nats.
struct TrainingLoss : CrossEntropy {
  torch::Tensor guided;  ///< guided_alignment_loss(), without weight or gradient; undefined: none
  torch::Tensor head;    ///< the same of the alignment head's weights, which is part of the loss
};

/// Encoder, attention and decoder with their embeddings: p(y | x) = Π_i p(y_i | y_<i, c_i).
class TranslationModelImpl : public torch::nn::Module {
 public:
  TranslationModelImpl(const ModelOptions& options, const VocabularySizes& sizes);

  /// Random parameters from LibTorch's default generator; a new model's are undefined until this or
  /// a file fills them.
  void initialize();
  /// Reads as many sources as the model has; those behind them are left alone.
  EncoderOutput encode(const ComputeContext& compute, const SourceBatch& sources);
  /// Teacher forcing over a batch, up to the layer before the softmax.
  ForcedOutput force(const ComputeContext& compute, const Batch& batch);
  /// The training criterion of a batch, summed over its target tokens; with hard attention, its
  /// loss has the weights' part of the gradient too, with guidance the guided loss by its weight,
  /// and the alignment head's, which moves nothing but the head.
  TrainingLoss forward(const ComputeContext& compute, const Batch& batch,
                       const TrainingCriterion& criterion);
  /// expected_costs() of the sentences, weighted and summed, with the gradient; `sharpness` is its.
  torch::Tensor risk(const ComputeContext& compute, const CandidateBatch& candidates, double sharpness);
  /// log p(y_i | y_<i, x) [B, T] of the batch's target tokens (0 at padding), and the attention
  /// that went with them.
  struct Scores {
    torch::Tensor log_probs;  ///< [B, T]
    torch::Tensor attention;  ///< [B, T, S]; undefined without attention
    torch::Tensor head;       ///< [B, T, S]; undefined without an alignment head
  };
  Scores score(const ComputeContext& compute, const Batch& batch);
  /// Of the batch's target tokens [B, T, V], in nats but for a constant.
  torch::Tensor logits(const ComputeContext& compute, const Batch& batch);

  DecodingStart start(const ComputeContext& compute, const SourceBatch& sources);
  /// The rows of these tokens, int64 [U]; where there is -1 instead of one, the logit is -inf.
  OutputPart output_part(const torch::Tensor& tokens) const;
  /// tokens int64 [N]; the logits are those of `part`, or of all tokens if there is none.
  PredictionStep step(const ComputeContext& compute, const torch::Tensor& tokens,
                      const DecoderState& state, const DecoderMemory& memory,
                      const OutputPart* part = nullptr);

  /// What it computes with its first source.
  ModelFlops flops() const;
  /// Whether it attends, and so has alignments.
  bool has_attention() const { return decoder_->has_attention(); }
  bool has_alignment_head() const { return !alignment_head_.is_empty(); }
  /// Its attention, and so its alignments, are from now on those of the first of several heads.
  void show_first_head() { decoder_->show_first_head(); }
  std::size_t source_count() const { return sources_.size(); }
  int64_t target_vocabulary() const { return output_bias_.size(0); }
  torch::Device device() const { return output_bias_.device(); }

 private:
  /// Dropout masks of one step.
  struct StepMasks {
    torch::Tensor top;  ///< [N, H], for the hidden state that the readout reads; undefined: none
    DecoderMasks decoder;
  };
  /// A step with its readout.
  DecoderStep read_step(const ComputeContext& compute, const torch::Tensor& embedded,
                        const DecoderState& state, const DecoderMemory& memory,
                        const StepMasks& masks);
  DecoderState start_decoder(const ComputeContext& compute, const EncoderOutput& source);
  /// All steps of embedded target words [B, T, E]; attention is over annotations.
  DecoderOutput force_at_once(const ComputeContext& compute, const torch::Tensor& embedded,
                              const DecoderState& initial, const DecoderMemory& memory);
  /// The same where a step needs the readout of the one before.
  DecoderOutput force_steps(const ComputeContext& compute, const torch::Tensor& embedded,
                            const DecoderState& initial, const DecoderMemory& memory);
  /// α' over annotations [B, T, S].
  torch::Tensor explain(const ComputeContext& compute, const Batch& batch,
                        const DecoderOutput& output, const EncoderOutput& source);
  torch::Tensor output_weight() const;
  torch::Tensor partial_logits(const ComputeContext& compute, const torch::Tensor& readout,
                               const OutputPart& part) const;
  /// The batch as the decoder reads it that is fed words of its own.
  Batch with_own_words(const ComputeContext& compute, const Batch& batch, double probability);
  /// What the attention weights [B, T, S] add to the loss; undefined: nothing.
  torch::Tensor attention_penalty(const Batch& batch, const torch::Tensor& weights,
                                  const TrainingCriterion& criterion) const;

  ModelOptions options_;
  torch::Tensor target_embedding_;  // [V, E]
  std::vector<SourceEncoder> sources_;
  SourceCombiner combiner_{nullptr};  // none if there is one source
  Decoder decoder_;
  Readout readout_;
  AlignmentHead alignment_head_{nullptr};
  torch::Tensor output_weight_;  // [V, R]; undefined when tied
  torch::Tensor output_bias_;    // [V]
};
TORCH_MODULE(TranslationModel);

}  // namespace weft
