#include "aligner/pair_index.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <stdexcept>

namespace weft {
namespace {

constexpr std::size_t kTypesAtOnce = 256;
constexpr std::size_t kSentencesAtOnce = 1024;

std::size_t tasks_of(std::size_t items, std::size_t at_once) {
  return (items + at_once - 1) / at_once;
}

/// All cells of a text.
std::size_t count_cells(const Bitext& bitext) {
  std::size_t cells = 0;
  for (std::size_t k = 0; k < bitext.pairs(); ++k) cells += bitext.cells(k);
  return cells;
}

}  // namespace

/// Where each source type stands.
struct PairIndex::Occurrences {
  struct Place {
    std::uint32_t sentence;
    std::uint32_t position;
  };

  explicit Occurrences(const Bitext& bitext) : begins(bitext.source.types().size() + 1, 0) {
    const auto& side = bitext.source;
    for (std::size_t type = 0; type + 1 < begins.size(); ++type)
      begins[type + 1] = begins[type] + side.frequencies()[type];
    places.resize(begins.back());
    auto next = begins;
    for (std::size_t k = 0; k < side.sentences(); ++k) {
      const auto words = side.sentence(k);
      for (std::size_t i = 0; i < words.size(); ++i)
        places[next[words[i]]++] = {static_cast<std::uint32_t>(k), static_cast<std::uint32_t>(i)};
    }
  }

  std::span<const Place> of(std::size_t type) const {
    return std::span(places).subspan(begins[type], begins[type + 1] - begins[type]);
  }

  std::vector<std::size_t> begins;
  std::vector<Place> places;
};

/// The target types met with one source type: a table of all of them says who was met and how
/// often, so nothing is sorted or hashed.
class PairIndex::Met {
 public:
  static constexpr Id kDropped = std::numeric_limits<Id>::max();

  explicit Met(std::size_t target_types) : entries_(target_types) {}

  void begin(std::size_t source) {
    source_ = source;
    targets_.clear();
  }
  void meet(WordTypes::Id target) {
    auto& entry = entries_[target];
    if (entry.by != source_) {
      entry = {source_, 0, kDropped};
      targets_.push_back(target);
    }
    ++entry.times;
  }
  /// In the order in which they were met.
  const std::vector<WordTypes::Id>& targets() const { return targets_; }
  std::uint32_t times(WordTypes::Id target) const { return entries_[target].times; }
  void set_number(WordTypes::Id target, Id number) { entries_[target] = {source_, 1, number}; }
  /// kDropped if it has none.
  Id number(WordTypes::Id target) const {
    return entries_[target].by == source_ ? entries_[target].number : kDropped;
  }

 private:
  struct Entry {
    std::size_t by = std::numeric_limits<std::size_t>::max();
    std::uint32_t times = 0;
    Id number = kDropped;
  };
  std::vector<Entry> entries_;
  std::vector<WordTypes::Id> targets_;
  std::size_t source_ = 0;
};

PairIndex::PairIndex(const Bitext& bitext, WorkerPool& pool, const PruningOptions& pruning)
    : mask_begins_(bitext.pairs() + 1, 0), begins_(bitext.pairs() + 1, 0) {
  for (std::size_t k = 0; k < bitext.pairs(); ++k) {
    const std::size_t rows = bitext.cells(k) > 0 ? bitext.source.length(k) : 0;
    mask_begins_[k + 1] = mask_begins_[k] + rows * bytes(bitext.target.length(k));
  }
  masks_.assign(mask_begins_.back(), 0);
  const Occurrences occurrences(bitext);
  choose_pairs(bitext, occurrences, pruning, pool);
  place_cells(bitext, pool);
  number_cells(bitext, occurrences, pool);
}

void PairIndex::choose_pairs(const Bitext& bitext, const Occurrences& occurrences,
                             const PruningOptions& pruning, WorkerPool& pool) {
  const std::size_t types = bitext.source.types().size();
  const bool prunes = count_cells(bitext) > pruning.cells;
  const auto is_kept = [&](std::size_t source, WordTypes::Id target, std::uint32_t times) {
    const auto source_frequency = bitext.source.frequencies()[source];
    const auto target_frequency = bitext.target.frequencies()[target];
    if (!prunes || std::min(source_frequency, target_frequency) <= pruning.rare) return true;
    return times > 1 && static_cast<double>(times) * static_cast<double>(bitext.pairs()) >=
                            static_cast<double>(source_frequency) * target_frequency;
  };
  std::vector<std::vector<WordTypes::Id>> task_targets(tasks_of(types, kTypesAtOnce));
  rows_.assign(types + 1, 0);
  pool.run(task_targets.size(), [&](std::size_t task) {
    Met met(bitext.target.types().size());
    const std::size_t end = std::min(types, (task + 1) * kTypesAtOnce);
    for (std::size_t type = task * kTypesAtOnce; type < end; ++type) {
      met.begin(type);
      for (const auto& place : occurrences.of(type)) {
        if (bitext.cells(place.sentence) == 0) continue;
        for (const auto word : bitext.target.sentence(place.sentence)) met.meet(word);
      }
      for (const auto target : met.targets()) {
        if (!is_kept(type, target, met.times(target))) continue;
        task_targets[task].push_back(target);
        met.set_number(target, 0);
        ++rows_[type + 1];
      }
      for (const auto& place : occurrences.of(type)) {
        if (bitext.cells(place.sentence) == 0) continue;
        const auto words = bitext.target.sentence(place.sentence);
        std::uint8_t* mask =
            masks_.data() + mask_begins_[place.sentence] + place.position * bytes(words.size());
        for (std::size_t t = 0; t < words.size(); ++t)
          if (met.number(words[t]) != Met::kDropped)
            mask[t / 8] = static_cast<std::uint8_t>(mask[t / 8] | 1u << (t % 8));
      }
    }
  });
  for (std::size_t type = 0; type < types; ++type) rows_[type + 1] += rows_[type];
  if (rows_.back() >= Met::kDropped) throw std::length_error("too many pairs of words");
  targets_.reserve(rows_.back());
  for (auto& part : task_targets) {
    targets_.insert(targets_.end(), part.begin(), part.end());
    part = {};
  }
}

void PairIndex::place_cells(const Bitext& bitext, WorkerPool& pool) {
  pool.run(tasks_of(bitext.pairs(), kSentencesAtOnce), [&](std::size_t task) {
    const std::size_t end = std::min(bitext.pairs(), (task + 1) * kSentencesAtOnce);
    for (std::size_t k = task * kSentencesAtOnce; k < end; ++k)
      for (std::size_t n = mask_begins_[k]; n < mask_begins_[k + 1]; ++n)
        begins_[k + 1] += static_cast<std::size_t>(std::popcount(masks_[n]));
  });
  for (std::size_t k = 0; k < bitext.pairs(); ++k) begins_[k + 1] += begins_[k];
  cells_ = std::make_unique_for_overwrite<Id[]>(begins_.back());
}

void PairIndex::number_cells(const Bitext& bitext, const Occurrences& occurrences,
                             WorkerPool& pool) {
  pool.run(tasks_of(source_types(), kTypesAtOnce), [&](std::size_t task) {
    Met met(bitext.target.types().size());
    const std::size_t end = std::min(source_types(), (task + 1) * kTypesAtOnce);
    for (std::size_t type = task * kTypesAtOnce; type < end; ++type) {
      met.begin(type);
      for (std::size_t pair = rows_[type]; pair < rows_[type + 1]; ++pair)
        met.set_number(targets_[pair], static_cast<Id>(pair));
      for (const auto& place : occurrences.of(type)) {
        const std::size_t k = place.sentence;
        if (bitext.cells(k) == 0) continue;
        const auto words = bitext.target.sentence(k);
        const std::size_t row = mask_begins_[k] + place.position * bytes(words.size());
        std::size_t cell = begins_[k];
        for (std::size_t n = mask_begins_[k]; n < row; ++n)
          cell += static_cast<std::size_t>(std::popcount(masks_[n]));
        for (const auto word : words)
          if (met.number(word) != Met::kDropped) cells_[cell++] = met.number(word);
      }
    }
  });
}

}  // namespace weft
