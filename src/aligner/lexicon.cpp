#include "aligner/lexicon.h"

#include <utility>

namespace weft {

// Before anything is counted every word of the other language is as likely, but for those that are
// written alike.
Lexicon::Lexicon(const Bitext& bitext, const PairIndex& pairs, std::vector<float> spelling,
                 const LexiconOptions& options)
    : pairs_(pairs),
      options_(options.for_text(bitext.pairs())),
      spelling_(std::move(spelling)),
      entries_(pairs.size()),
      source_totals_(bitext.source.types().size(), 0.0f),
      target_totals_(bitext.target.types().size(), 0.0f),
      source_nothing_(source_totals_.size(), 0.0f),
      target_nothing_(target_totals_.size(), 0.0f),
      uniform_(static_cast<float>(options.uniform)) {
  constexpr float kAlike = 21.0f;
  const auto source_types = static_cast<float>(source_totals_.size());
  const auto target_types = static_cast<float>(target_totals_.size());
  for (std::size_t pair = 0; pair < entries_.size(); ++pair) {
    const float weight = spelling_[pair] > 0.0f && options.spelling > 0.0 ? kAlike : 1.0f;
    entries_[pair] = {0.0f, weight / target_types, weight / source_types};
  }
  source_nothing_mass_ = static_cast<float>(options_.nothing_mass(source_totals_.size()));
  target_nothing_mass_ = static_cast<float>(options_.nothing_mass(target_totals_.size()));
}

Lexicon::Counts Lexicon::zero_counts() const {
  return {std::vector<FixedSum>(entries_.size(), 0),
          std::vector<FixedSum>(target_nothing_.size(), 0),
          std::vector<FixedSum>(source_nothing_.size(), 0)};
}

namespace {

/// Sets the counts of nothing; returns what they are divided by. `prior`: alpha V.
float take_nothing(const std::vector<FixedSum>& counts, double prior, std::vector<float>& nothing) {
  double total = prior;
  for (std::size_t type = 0; type < counts.size(); ++type) {
    nothing[type] = static_cast<float>(from_fixed(counts[type]));
    total += from_fixed(counts[type]);
  }
  return static_cast<float>(total);
}

}  // namespace

namespace {

std::vector<AlignerModel::Word> words_of(const TextSide& side, const std::vector<float>& totals,
                                         const std::vector<float>& nothing) {
  std::vector<AlignerModel::Word> words;
  for (WordTypes::Id type = 0; type < totals.size(); ++type)
    words.push_back(
        {side.types().key(type), side.frequencies()[type], totals[type], nothing[type]});
  return words;
}

}  // namespace

std::vector<AlignerModel::Word> Lexicon::source_side(const TextSide& side) const {
  return words_of(side, source_totals_, source_nothing_);
}

std::vector<AlignerModel::Word> Lexicon::target_side(const TextSide& side) const {
  return words_of(side, target_totals_, target_nothing_);
}

void Lexicon::estimate(const Counts& counts, UnitPairs& units) {
  if (options_.backoff > 0.0) units.estimate(counts.pairs, priors_);
  std::vector<double> source_totals(source_totals_.size(), 0.0);
  std::vector<double> target_totals(target_totals_.size(), 0.0);
  const double kappa = options_.backoff;
  for (WordTypes::Id e = 0; e < pairs_.source_types(); ++e) {
    for (std::size_t pair = pairs_.row(e); pair < pairs_.row(e + 1); ++pair) {
      const double count = from_fixed(counts.pairs[pair]);
      source_totals[e] += count;
      target_totals[pairs_.target(pair)] += count;
      const double base =
          options_.spelling * static_cast<double>(spelling_[pair]) + options_.uniform;
      const double forward = kappa > 0.0 ? kappa * static_cast<double>(priors_.forward[pair]) : 0.0;
      const double backward =
          kappa > 0.0 ? kappa * static_cast<double>(priors_.backward[pair]) : 0.0;
      entries_[pair] = {static_cast<float>(count), static_cast<float>(base + forward),
                        static_cast<float>(base + backward)};
    }
  }
  for (std::size_t e = 0; e < source_totals.size(); ++e)
    source_totals_[e] = static_cast<float>(source_totals[e]);
  for (std::size_t f = 0; f < target_totals.size(); ++f)
    target_totals_[f] = static_cast<float>(target_totals[f]);
  forward_mass_ =
      static_cast<float>(kappa + options_.uniform * static_cast<double>(target_totals.size()));
  backward_mass_ =
      static_cast<float>(kappa + options_.uniform * static_cast<double>(source_totals.size()));
  target_nothing_mass_ = take_nothing(
      counts.target_nothing, options_.nothing_mass(counts.target_nothing.size()), target_nothing_);
  source_nothing_mass_ = take_nothing(
      counts.source_nothing, options_.nothing_mass(counts.source_nothing.size()), source_nothing_);
}

}  // namespace weft
