#include "data/make_batch.h"

#include <ATen/ops/empty.h>

#include <algorithm>
#include <span>
#include <stdexcept>
#include <utility>

#include "data/random.h"
#include "text/vocabulary.h"

namespace weft {
namespace {

using Tokens = std::span<const int32_t>;

/// One padded side of a batch.
struct Padded {
  torch::Tensor ids;   // int64 [B, L]
  torch::Tensor mask;  // bool [B, L]
  int64_t tokens = 0;  // true values of the mask
};

/// Which token every row has besides its own.
enum class Added { kBegin, kEnd };

/// Fills the tensors by hand: tensor operations would start LibTorch's threads a second time when
/// this runs in the prefetching thread.
Padded pad(const std::vector<Tokens>& rows, Added added) {
  if (rows.empty()) throw std::invalid_argument("make_batch: no sentences");
  std::size_t longest = 0;
  for (const Tokens& row : rows) longest = std::max(longest, row.size());
  const auto batch = static_cast<int64_t>(rows.size());
  const auto length = static_cast<int64_t>(longest) + 1;

  Padded padded{at::empty({batch, length}, at::kLong), at::empty({batch, length}, at::kBool)};
  auto* ids = padded.ids.data_ptr<int64_t>();
  auto* mask = padded.mask.data_ptr<bool>();
  std::fill_n(ids, batch * length, kPadId);
  std::fill_n(mask, batch * length, false);
  for (const Tokens& row : rows) {
    if (added == Added::kBegin) ids[0] = kBeginId;
    std::copy(row.begin(), row.end(), ids + (added == Added::kBegin ? 1 : 0));
    if (added == Added::kEnd) ids[row.size()] = kEndId;
    std::fill_n(mask, row.size() + 1, true);
    padded.tokens += static_cast<int64_t>(row.size()) + 1;
    ids += length;
    mask += length;
  }
  return padded;
}

/// [B, T, S], by hand as above. `pieces` are those of drawn segmentations, if there are any.
torch::Tensor guidance_of(const GuidanceStore& guidance, const Batch& batch,
                          const std::vector<PieceSpans>& pieces) {
  const int64_t steps = batch.target_output.size(1), columns = batch.sources[0].mask.size(1);
  const bool is_text = batch.sources[0].ids.defined();
  auto rows = at::empty({batch.target_output.size(0), steps, columns}, at::kFloat);
  auto* row = rows.data_ptr<float>();
  std::fill_n(row, rows.numel(), 0.0F);
  for (std::size_t i = 0; i < batch.pairs.size(); ++i) {
    const auto of_pair = guidance.pair(batch.pairs[i]);
    const auto& stand = pieces.empty() ? of_pair.pieces : pieces[i];
    if (is_text) guide_attention(of_pair.words, stand, columns, row);
    if (!is_text) guide_to_places(of_pair.words, stand.target, columns, row);
    row += steps * columns;
  }
  return rows;
}

/// [B, T], by hand as above.
torch::Tensor weights_of(const std::vector<std::vector<float>>& rows, int64_t steps) {
  auto weights = at::empty({static_cast<int64_t>(rows.size()), steps}, at::kFloat);
  auto* row = weights.data_ptr<float>();
  std::fill_n(row, weights.numel(), 0.0F);
  for (const auto& of_row : rows) {
    std::copy(of_row.begin(), of_row.end(), row);
    row += steps;
  }
  return weights;
}

/// Source `k` of all sentences.
Source pad_source(const std::vector<std::vector<SourceTokens>>& sentences, std::size_t k) {
  std::vector<Tokens> rows;
  for (const auto& sentence : sentences) rows.emplace_back(sentence[k].ids);
  const Padded padded = pad(rows, Added::kEnd);
  Source source{padded.ids, {}, padded.mask};
  for (std::size_t i = 0; i < sentences.front()[k].factors.size(); ++i) {
    rows.clear();
    for (const auto& sentence : sentences) rows.emplace_back(sentence[k].factors[i]);
    source.factors.push_back(pad(rows, Added::kEnd).ids);
  }
  return source;
}

/// The same for items. An annotation is no token: nothing ends a row.
Source item_source(const std::vector<std::vector<SourceTokens>>& sentences, std::size_t k,
                   const ItemSource& items, const std::vector<ItemDraw>& draws) {
  const auto batch = static_cast<int64_t>(sentences.size());
  int64_t longest = 0;
  for (const auto& sentence : sentences)
    longest = std::max<int64_t>(longest, sentence[k].annotations);
  Source source;
  source.mask = at::empty({batch, longest}, at::kBool);
  const auto grid = items.grid(sentences.front()[k].ids.front());
  source.rows = grid.rows;
  source.columns = grid.columns;
  const int64_t width = items.width();
  const auto pixels = items.has_pictures() ? items.picture_size() : ItemGrid{};
  if (items.has_pictures()) {
    source.pictures = at::empty({batch, width, pixels.rows, pixels.columns}, at::kByte);
  } else {
    source.features = at::empty({batch, longest, width}, at::kFloat);
  }
  for (int64_t b = 0; b < batch; ++b) {
    const auto& row = sentences[static_cast<std::size_t>(b)][k];
    const int32_t item = row.ids.front();
    auto* mask = source.mask.data_ptr<bool>() + b * longest;
    std::fill_n(mask, row.annotations, true);
    std::fill(mask + row.annotations, mask + longest, false);
    if (items.grid(item) != grid) source.rows = source.columns = 0;
    if (items.has_pictures()) {
      const int64_t bytes = width * pixels.rows * pixels.columns;
      items.copy_picture(item, source.pictures.data_ptr<uint8_t>() + b * bytes);
    } else {
      auto* features = source.features.data_ptr<float>() + b * longest * width;
      auto draw = draws.empty() ? ItemDraw{} : draws[static_cast<std::size_t>(b)];
      draw.seed = mixed({draw.seed, k});
      items.copy_features(item, features, draw);
      std::fill(features + row.annotations * width, features + longest * width, 0.0F);
    }
  }
  return source;
}

}  // namespace

Batch make_batch(std::vector<EncodedPair> pairs, const ItemSources& items,
                 const std::vector<ItemDraw>& draws) {
  std::vector<std::vector<SourceTokens>> sources;
  std::vector<Tokens> targets;
  Batch batch;
  for (EncodedPair& pair : pairs) {
    const auto& first = pair.sources.front();
    batch.source_tokens += first.length() + (first.annotations > 0 ? 0 : 1);
    sources.push_back(std::move(pair.sources));
    targets.emplace_back(pair.target);
  }
  const Padded target = pad(targets, Added::kEnd);
  batch.sources = pad_sources(sources, items, draws);
  batch.target_input = pad(targets, Added::kBegin).ids;
  batch.target_output = target.ids;
  batch.target_mask = target.mask;
  batch.target_tokens = target.tokens;
  return batch;
}

Batch make_batch(const ParallelCorpus& corpus, const std::vector<int64_t>& indices,
                 const EpochDraw& draw) {
  std::vector<EncodedPair> pairs;
  std::vector<PieceSpans> pieces;
  std::vector<std::vector<float>> weights;
  std::vector<ItemDraw> draws;
  for (const int64_t index : indices) {
    if (corpus.spec_augment().is_on())
      draws.push_back({corpus.spec_augment(), corpus.item_seed(index, draw)});
    auto example = corpus.example(index, draw);
    pairs.push_back(std::move(example.pair));
    if (corpus.draws()) pieces.push_back(std::move(example.pieces));
    if (!example.weights.empty()) weights.push_back(std::move(example.weights));
  }
  Batch batch = make_batch(std::move(pairs), corpus.items(), draws);
  batch.pairs = indices;
  if (corpus.guidance()) batch.guidance = guidance_of(*corpus.guidance(), batch, pieces);
  if (!weights.empty()) batch.target_weights = weights_of(weights, batch.target_output.size(1));
  return batch;
}

SourceBatch pad_sources(const std::vector<std::vector<SourceTokens>>& sentences,
                        const ItemSources& items, const std::vector<ItemDraw>& draws) {
  if (sentences.empty()) throw std::invalid_argument("make_batch: no sentences");
  SourceBatch batch;
  for (std::size_t k = 0; k < sentences.front().size(); ++k) {
    const bool is_text = items.empty() || !items[k];
    batch.push_back(is_text ? pad_source(sentences, k)
                            : item_source(sentences, k, *items[k], draws));
  }
  return batch;
}

}  // namespace weft
