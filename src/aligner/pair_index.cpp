#include "aligner/pair_index.h"

#include <algorithm>
#include <limits>
#include <stdexcept>

namespace weft {
namespace {

/// Where each source type stands.
struct Occurrences {
  struct Place {
    std::uint32_t sentence;
    std::uint32_t position;
  };

  explicit Occurrences(const TextSide& side) : begins(side.types().size() + 1, 0) {
    for (std::size_t type = 0; type < side.types().size(); ++type)
      begins[type + 1] = begins[type] + side.frequencies()[type];
    places.resize(begins.back());
    auto next = begins;
    for (std::size_t k = 0; k < side.sentences(); ++k) {
      const auto words = side.sentence(k);
      for (std::size_t i = 0; i < words.size(); ++i) {
        places[next[words[i]]++] = {static_cast<std::uint32_t>(k), static_cast<std::uint32_t>(i)};
      }
    }
  }

  std::span<const Place> of(std::size_t type) const {
    return std::span(places).subspan(begins[type], begins[type + 1] - begins[type]);
  }

  std::vector<std::size_t> begins;
  std::vector<Place> places;
};

}  // namespace

PairIndex::PairIndex(const Bitext& bitext, WorkerPool& pool) : begins_(bitext.pairs() + 1, 0) {
  for (std::size_t k = 0; k < bitext.pairs(); ++k) begins_[k + 1] = begins_[k] + bitext.cells(k);
  cells_ = std::make_unique_for_overwrite<Id[]>(begins_.back());
  number_pairs(bitext, pool);
}

// Source type by source type: a target type that was not met with this one yet gets the next number
// of the row. A table of target types tells who was met, so nothing is sorted or hashed.
void PairIndex::number_pairs(const Bitext& bitext, WorkerPool& pool) {
  const Occurrences occurrences(bitext.source);
  const std::size_t types = bitext.source.types().size();
  constexpr std::size_t kTypesPerTask = 256;
  const std::size_t tasks = (types + kTypesPerTask - 1) / kTypesPerTask;
  std::vector<std::vector<WordTypes::Id>> task_targets(tasks);
  rows_.assign(types + 1, 0);

  pool.run(tasks, [&](std::size_t task) {
    constexpr Id kNobody = std::numeric_limits<Id>::max();
    struct Met {
      Id by = kNobody;
      Id number = 0;
    };
    std::vector<Met> met(bitext.target.types().size());
    auto& targets = task_targets[task];
    const std::size_t end = std::min(types, (task + 1) * kTypesPerTask);
    for (std::size_t type = task * kTypesPerTask; type < end; ++type) {
      Id count = 0;
      for (const auto& place : occurrences.of(type)) {
        if (bitext.cells(place.sentence) == 0) continue;
        const auto words = bitext.target.sentence(place.sentence);
        Id* cell = cells_.get() + begins_[place.sentence] + place.position * words.size();
        for (const auto word : words) {
          auto& entry = met[word];
          if (entry.by != type) {
            entry = {static_cast<Id>(type), count++};
            targets.push_back(word);
          }
          *cell++ = entry.number;
        }
      }
      rows_[type + 1] = count;
    }
  });

  for (std::size_t type = 0; type < types; ++type) rows_[type + 1] += rows_[type];
  if (rows_.back() >= std::numeric_limits<Id>::max())
    throw std::length_error("too many pairs of words");
  targets_.reserve(rows_.back());
  for (auto& part : task_targets) {
    targets_.insert(targets_.end(), part.begin(), part.end());
    part = {};
  }
  constexpr std::size_t kSentencesPerTask = 1024;
  pool.run((bitext.pairs() + kSentencesPerTask - 1) / kSentencesPerTask, [&](std::size_t task) {
    const std::size_t end = std::min(bitext.pairs(), (task + 1) * kSentencesPerTask);
    for (std::size_t k = task * kSentencesPerTask; k < end; ++k) {
      if (bitext.cells(k) == 0) continue;
      Id* cell = cells_.get() + begins_[k];
      for (const auto type : bitext.source.sentence(k))
        for (std::size_t j = 0; j < bitext.target.length(k); ++j)
          *cell++ += static_cast<Id>(rows_[type]);
    }
  });
}

}  // namespace weft
