#include "data/make_batch.h"

#include <ATen/ops/empty.h>

#include <algorithm>
#include <stdexcept>

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

/// [B, T, S], by hand as above.
torch::Tensor guidance_of(const GuidanceStore& guidance, const Batch& batch) {
  const int64_t steps = batch.target_output.size(1), columns = batch.source.ids.size(1);
  auto rows = at::empty({batch.target_output.size(0), steps, columns}, at::kFloat);
  auto* row = rows.data_ptr<float>();
  std::fill_n(row, rows.numel(), 0.0F);
  for (const int64_t pair : batch.pairs) {
    const auto of_pair = guidance.pair(pair);
    guide_attention(of_pair.words, of_pair.pieces, columns, row);
    row += steps * columns;
  }
  return rows;
}

}  // namespace

Batch make_batch(const std::vector<TokenPair>& pairs) {
  std::vector<SourceTokens> sources;
  std::vector<Tokens> targets;
  for (const TokenPair& pair : pairs) {
    sources.push_back({pair.source, pair.factors, pair.further});
    targets.push_back(pair.target);
  }
  const Padded target = pad(targets, Added::kEnd);
  Batch batch;
  batch.source = pad_sources(sources);
  batch.target_input = pad(targets, Added::kBegin).ids;
  batch.target_output = target.ids;
  batch.target_mask = target.mask;
  for (const SourceTokens& source : sources)
    batch.source_tokens += static_cast<int64_t>(source.ids.size()) + 1;
  batch.target_tokens = target.tokens;
  return batch;
}

Batch make_batch(const ParallelCorpus& corpus, const std::vector<int64_t>& indices) {
  std::vector<EncodedPair> encoded;
  for (const int64_t index : indices) encoded.push_back(corpus[index]);
  std::vector<TokenPair> pairs;
  for (const EncodedPair& pair : encoded)
    pairs.push_back({pair.source, pair.target, pair.factors, pair.further});
  Batch batch = make_batch(pairs);
  batch.pairs = indices;
  if (corpus.guidance()) batch.guidance = guidance_of(*corpus.guidance(), batch);
  return batch;
}

SourceBatch pad_sources(const std::vector<SourceTokens>& sources) {
  std::vector<Tokens> rows;
  for (const SourceTokens& source : sources) rows.push_back(source.ids);
  const Padded padded = pad(rows, Added::kEnd);
  SourceBatch batch;
  batch.ids = padded.ids;
  batch.mask = padded.mask;
  for (std::size_t k = 0; k < sources.front().factors.size(); ++k) {
    rows.clear();
    for (const SourceTokens& source : sources) rows.push_back(source.factors[k]);
    batch.factors.push_back(pad(rows, Added::kEnd).ids);
  }
  for (std::size_t k = 0; k < sources.front().further.size(); ++k) {
    std::vector<SourceTokens> further;
    for (const SourceTokens& source : sources) further.push_back({source.further[k], {}});
    batch.further.push_back(pad_sources(further));
  }
  return batch;
}

SourceBatch make_source_batch(const std::vector<std::vector<int32_t>>& sources) {
  std::vector<SourceTokens> tokens;
  for (const auto& source : sources) tokens.push_back({source, {}});
  return pad_sources(tokens);
}

}  // namespace weft
