#include "data/corpus.h"

#include <algorithm>
#include <iterator>
#include <stdexcept>
#include <utility>

#include "data/random.h"
#include "data/text_cache.h"

namespace weft {

ParallelCorpus::ParallelCorpus(PairStore pairs) : pairs_(std::move(pairs)) {
  report_.lines = report_.pairs = size();
  parts_ = {{"", 0, size()}};
}

ParallelCorpus::ParallelCorpus(EncodedText text, const CorpusOptions& options)
    : pairs_(std::move(text.pairs)),
      texts_(std::move(text.texts)),
      options_(options),
      report_(std::move(text.report)),
      source_places_(std::move(text.source_places)) {}

ParallelCorpus::ParallelCorpus(const ParallelFiles& files, const Vocabularies& vocabularies,
                               const CorpusOptions& options, const std::vector<LineItems>& items)
    : ParallelCorpus(options.cache.empty()
                         ? encode_text(files, vocabularies, options, items, options.directory)
                         : kept_text(files, vocabularies, options, items),
                     options) {
  has_weights_ = files.has_weights();
  if (texts_) vocabularies_ = vocabularies;
  for (const auto& of_source : items) {
    items_.push_back(of_source.items);
    if (options.spec_augment.is_on() && of_source.items) of_source.items->require_sequences();
  }
  find_parts(files);
}

void ParallelCorpus::find_parts(const ParallelFiles& files) {
  const auto& tags = options_.corpora.tags;
  const auto before = source_places_.lines_before();
  for (std::size_t i = 0; i < before.size(); ++i) {
    int64_t begin = 0, end = size();  // the first pair behind the lines before
    while (begin < end) {
      const int64_t middle = begin + (end - begin) / 2;
      if (line(middle) > before[i]) end = middle;
      if (line(middle) <= before[i]) begin = middle + 1;
    }
    if (i > 0) parts_.back().size = begin - parts_.back().begin;
    parts_.push_back({files.sources.front()[i].path, begin, size() - begin,
                      i < tags.size() ? tags[i] : std::string()});
  }
}

const std::string& ParallelCorpus::tag(int64_t index) const {
  const auto after =
      std::upper_bound(parts_.begin(), parts_.end(), index,
                       [](int64_t pair, const CorpusPart& part) { return pair < part.begin; });
  return std::prev(after)->tag;
}

uint64_t ParallelCorpus::item_seed(int64_t index, const EpochDraw& draw) {
  constexpr uint64_t kItems = 0x6974656d73;  // segmentations are drawn from the same three numbers
  return mixed(
      {draw.seed, static_cast<uint64_t>(draw.epoch), static_cast<uint64_t>(index), kItems});
}

PairExample ParallelCorpus::example(int64_t index, const EpochDraw& draw) const {
  PairExample example{pairs_.pair(index)};
  if (!texts_) return example;
  const auto text = texts_->pair(index);
  const auto& sampling = options_.sampling;
  const auto drawn = [&](double alpha, uint64_t side) -> SegmentationDraw {
    return {alpha, sampling.nbest,
            static_cast<uint32_t>(mixed({draw.seed, static_cast<uint64_t>(draw.epoch),
                                         static_cast<uint64_t>(index), side}))};
  };
  if (draws()) {
    for (std::size_t k = 0; k < text.sources.size(); ++k) {
      if (!vocabularies_.sources[k].is_text()) continue;
      auto source =
          encode_tagged(*vocabularies_.sources[k].vocabulary, k == 0 ? tag(index) : std::string(),
                        text.sources[k], drawn(sampling.source, k + 1));
      example.pair.sources[k].ids = std::move(source.ids);
      if (k == 0) example.pieces.source = std::move(source.spans);
    }
    auto target = vocabularies_.target->sample(text.target, drawn(sampling.target, 0));
    if (vocabularies_.right_to_left) {
      std::reverse(target.ids.begin(), target.ids.end());
      std::reverse(target.spans.begin(), target.spans.end());
    }
    example.pair.target = std::move(target.ids);
    example.pieces.target = std::move(target.spans);
  }
  if (!has_weights_) return example;
  const bool by_word = !text.weights.words.empty();
  auto spans = example.pieces.target;
  if (!draws() && by_word) {
    spans = vocabularies_.target->encode(text.target).spans;
    if (vocabularies_.right_to_left) std::reverse(spans.begin(), spans.end());
  }
  example.weights = by_word
                        ? token_weights(text.weights, text.target, spans)
                        : std::vector<float>(example.pair.target.size() + 1, text.weights.sentence);
  return example;
}

std::string ParallelCorpus::fingerprint() const {
  auto all = pairs_.fingerprint();
  for (const auto& items : items_)
    if (items) all += '-' + items->fingerprint();
  if (has_weights_) all += "-weights" + texts_->fingerprint();
  if (options_.corpora.mixes() || !options_.corpora.tags.empty())
    for (const auto& part : parts_) all += '-' + std::to_string(part.size);
  return guidance_mark_.empty() ? all : all + '-' + guidance_mark_;
}

void ParallelCorpus::guide(GuidanceStore guidance, std::string mark) {
  if (guidance.size() != size()) throw std::invalid_argument("guide: not as many pairs");
  guidance_.emplace(std::move(guidance));
  guidance_mark_ = std::move(mark);
}

}  // namespace weft
