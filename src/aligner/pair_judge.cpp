#include "aligner/pair_judge.h"

#include <algorithm>

namespace weft {
namespace {

std::vector<std::size_t> classes_of(const JumpClasses& classes,
                                    std::span<const WordTypes::Id> words) {
  std::vector<std::size_t> result;
  result.reserve(words.size());
  for (const auto word : words) result.push_back(classes.of(word));
  return result;
}

void resize(Emissions& emissions, std::size_t source_length, std::size_t target_length) {
  emissions.source_length = source_length;
  emissions.target_length = target_length;
  emissions.words.resize(target_length, source_length);
  emissions.nothing.resize(target_length);
}

/// Sets `sums` [S] to what the posteriors of all target words are together.
std::span<const float> sum_rows(const Posteriors& posteriors, const Emissions& emissions,
                                std::vector<float>& sums) {
  sums.assign(emissions.source_length, 0.0f);
  for (std::size_t t = 0; t < emissions.target_length; ++t) {
    const float* row = posteriors.words.row(t);
    for (std::size_t s = 0; s < sums.size(); ++s) sums[s] += row[s];
  }
  return sums;
}

}  // namespace

void PairJudge::resize(std::size_t source_length, std::size_t target_length) {
  weft::resize(forward_emissions, source_length, target_length);
  weft::resize(backward_emissions, target_length, source_length);
}

void PairJudge::scale_emissions(std::span<const float> source, std::span<const float> target) {
  for (std::size_t t = 0; t < target.size(); ++t)
    for (std::size_t s = 0; s < source.size(); ++s) forward_emissions.words.row(t)[s] *= source[s];
  for (std::size_t s = 0; s < source.size(); ++s)
    for (std::size_t t = 0; t < target.size(); ++t) backward_emissions.words.row(s)[t] *= target[t];
}

std::span<const float> PairJudge::source_fertility() {
  return sum_rows(forward, forward_emissions, source_fertility_);
}

std::span<const float> PairJudge::target_fertility() {
  return sum_rows(backward, backward_emissions, target_fertility_);
}

void PairJudge::judge(std::span<const WordTypes::Id> source, std::span<const WordTypes::Id> target,
                      const JumpModels& jumps, Model model) {
  if (model == Model::kModel1 || std::max(source.size(), target.size()) > kLongestHmm) {
    model1_posteriors(forward_emissions, jumps.moves, forward);
    model1_posteriors(backward_emissions, jumps.moves, backward);
    return;
  }
  const bool counting = model == Model::kCountedHmm;
  const auto source_classes = classes_of(jumps.source_classes, source);
  const auto target_classes = classes_of(jumps.target_classes, target);
  hmm_.posteriors(forward_emissions,
                  {source_classes, jumps.source_classes.start(), jumps.forward, target_classes,
                   jumps.forward_factors, jumps.moves},
                  forward, counting ? &forward_counts : nullptr);
  hmm_.posteriors(backward_emissions,
                  {target_classes, jumps.target_classes.start(), jumps.backward, source_classes,
                   jumps.backward_factors, jumps.moves},
                  backward, counting ? &backward_counts : nullptr);
}

PairPosteriors PairJudge::posteriors() const {
  PairPosteriors pair;
  pair.source_length = forward_emissions.source_length;
  pair.target_length = forward_emissions.target_length;
  pair.forward_nothing = forward.nothing;
  pair.backward_nothing = backward.nothing;
  pair.forward.reserve(pair.source_length * pair.target_length);
  pair.backward.reserve(pair.source_length * pair.target_length);
  for (std::size_t s = 0; s < pair.source_length; ++s) {
    for (std::size_t t = 0; t < pair.target_length; ++t) {
      pair.forward.push_back(forward.words.row(t)[s]);
      pair.backward.push_back(backward.words.row(s)[t]);
    }
  }
  return pair;
}

}  // namespace weft
