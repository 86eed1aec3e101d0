#include "aligner/pair_aligner.h"

#include <algorithm>
#include <utility>

#include "aligner/bitext.h"

namespace weft {
namespace {

std::uint64_t pair_key(WordUnits::Id source, WordUnits::Id target) {
  return (static_cast<std::uint64_t>(source) << 32) | target;
}

std::vector<WordTypes::Id> types_of(const auto& tokens) {
  std::vector<WordTypes::Id> types;
  for (const auto& token : tokens) types.push_back(token.type);
  return types;
}

/// n of a word; none of one that is not known.
double linked(const std::vector<AlignerModel::Word>& words, WordTypes::Id type) {
  return type < words.size() ? static_cast<double>(words[type].linked) : 0.0;
}

double nothing(const std::vector<AlignerModel::Word>& words, WordTypes::Id type) {
  return type < words.size() ? static_cast<double>(words[type].nothing) : 0.0;
}

}  // namespace

PairAligner::Side::Side(const std::vector<AlignerModel::Word>& words) {
  double times = 0.0;
  for (const auto& word : words) {
    const auto frequency = static_cast<double>(word.frequency);
    times += frequency;
    fertility += frequency * static_cast<double>(word.fertility);
    types.add_key(word.key);
    frequencies.push_back(word.frequency);
    nothing_total += static_cast<double>(word.nothing);
  }
  if (times > 0.0) fertility /= times;
  units = std::make_unique<WordUnits>(types, frequencies);
  unit_totals.assign(units->size(), 0.0);
}

PairAligner::PairAligner(AlignerModel model)
    : model_(std::move(model)),
      source_(model_.source),
      target_(model_.target),
      jumps_(source_.frequencies, target_.frequencies, model_.jump_classes, model_.moves),
      rows_(model_.source.size() + 1, 0),
      judge_(jumps_) {
  jumps_.forward = JumpTable(model_.forward_jumps);
  jumps_.backward = JumpTable(model_.backward_jumps);
  if (!model_.forward_factors.empty()) {
    jumps_.forward_factors = JumpTable(model_.forward_factors);
    jumps_.backward_factors = JumpTable(model_.backward_factors);
  }
  for (const auto& pair : model_.pairs) ++rows_[pair.source + 1];
  for (std::size_t e = 0; e + 1 < rows_.size(); ++e) rows_[e + 1] += rows_[e];
  const auto by_target = [](const auto& a, const auto& b) { return a.target < b.target; };
  for (std::size_t e = 0; e + 1 < rows_.size(); ++e) {
    const auto begin = model_.pairs.begin();
    std::sort(begin + static_cast<std::ptrdiff_t>(rows_[e]),
              begin + static_cast<std::ptrdiff_t>(rows_[e + 1]), by_target);
  }
  count_units();
}

void PairAligner::count_units() {
  for (const auto& pair : model_.pairs) {
    const auto source = source_.units->of(pair.source);
    const auto target = target_.units->of(pair.target);
    const double part =
        static_cast<double>(pair.count) / static_cast<double>(source.size() * target.size());
    for (const auto u : source) {
      for (const auto v : target) {
        unit_counts_[pair_key(u, v)] += part;
        source_.unit_totals[u] += part;
        target_.unit_totals[v] += part;
      }
    }
  }
}

PairAligner::Token PairAligner::token(const Side& side, std::string_view word) {
  const auto key = word_key(word);
  Token token;
  token.type = side.types.find_key(key);
  const bool known = token.type != WordTypes::kUnknown;
  const bool rare = !known || side.frequencies[token.type] <= kRareWord;
  token.spelling = speller_(key, model_.romanize && rare);
  const auto names = units_of(key);
  // A word that was never seen counts as one that was seen once.
  const double own = 1.0 / static_cast<double>(names.size());
  for (const auto& name : names) {
    const auto unit = side.units->find(name);
    if (unit == WordTypes::kUnknown) continue;
    token.units.push_back(unit);
    token.shares.push_back(known ? side.units->share(token.type, unit)
                                 : own / (side.units->mass(unit) + own));
  }
  return token;
}

double PairAligner::count_of(WordTypes::Id source, WordTypes::Id target) const {
  if (source == WordTypes::kUnknown || target == WordTypes::kUnknown) return 0.0;
  const auto begin = model_.pairs.begin() + static_cast<std::ptrdiff_t>(rows_[source]);
  const auto end = model_.pairs.begin() + static_cast<std::ptrdiff_t>(rows_[source + 1]);
  const auto found = std::lower_bound(
      begin, end, target, [](const auto& pair, WordTypes::Id id) { return pair.target < id; });
  return found != end && found->target == target ? static_cast<double>(found->count) : 0.0;
}

std::pair<double, double> PairAligner::backoff(const Token& source, const Token& target) const {
  constexpr double kMissing = 0.5;  // as UnitPairs
  double forward = 0.0, backward = 0.0;
  for (std::size_t m = 0; m < source.units.size(); ++m) {
    for (std::size_t n = 0; n < target.units.size(); ++n) {
      const auto u = source.units[m], v = target.units[n];
      const auto count = unit_counts_.find(pair_key(u, v));
      if (count == unit_counts_.end()) continue;
      forward += count->second / (source_.unit_totals[u] + kMissing) * target.shares[n];
      backward += count->second / (target_.unit_totals[v] + kMissing) * source.shares[m];
    }
  }
  const auto units = [](const Token& token) {
    return static_cast<double>(std::max<std::size_t>(1, token.units.size()));
  };
  return {forward / units(source), backward / units(target)};
}

// The same as Lexicon, with nothing of this pair in the counts.
void PairAligner::set_emissions(const std::vector<Token>& source,
                                const std::vector<Token>& target) {
  const auto& options = model_.options;
  const double forward_mass =
      options.backoff + options.uniform * static_cast<double>(model_.target.size());
  const double backward_mass =
      options.backoff + options.uniform * static_cast<double>(model_.source.size());
  judge_.resize(source.size(), target.size());
  for (std::size_t s = 0; s < source.size(); ++s) {
    for (std::size_t t = 0; t < target.size(); ++t) {
      const auto [forward, backward] = backoff(source[s], target[t]);
      const double count = count_of(source[s].type, target[t].type) + options.uniform +
                           options.spelling * static_cast<double>(spelling_likeness(
                                                  source[s].spelling, target[t].spelling));
      judge_.forward_emissions.words.row(t)[s] =
          static_cast<float>((count + options.backoff * forward) /
                             (linked(model_.source, source[s].type) + forward_mass));
      judge_.backward_emissions.words.row(s)[t] =
          static_cast<float>((count + options.backoff * backward) /
                             (linked(model_.target, target[t].type) + backward_mass));
    }
  }
}

void PairAligner::set_nothing(const std::vector<Token>& source, const std::vector<Token>& target) {
  const auto& options = model_.options;
  const auto probability = [&options](const Side& side, double count) {
    const double total = side.nothing_total + options.nothing_mass(side.types.size());
    return static_cast<float>((count + options.uniform) / total);
  };
  for (std::size_t t = 0; t < target.size(); ++t)
    judge_.forward_emissions.nothing[t] =
        probability(target_, nothing(model_.target, target[t].type));
  for (std::size_t s = 0; s < source.size(); ++s)
    judge_.backward_emissions.nothing[s] =
        probability(source_, nothing(model_.source, source[s].type));
}

namespace {

/// What each word emits is multiplied by. `mean`: the fertility of words at large.
std::vector<float> fertility_factors(const auto& tokens, std::span<const float> had,
                                     const std::vector<AlignerModel::Word>& words, double mean) {
  std::vector<float> factors;
  for (std::size_t n = 0; n < tokens.size(); ++n) {
    double sum = 0.0, times = 0.0;
    if (tokens[n].type < words.size()) {
      times = static_cast<double>(words[tokens[n].type].frequency);
      sum = times * static_cast<double>(words[tokens[n].type].fertility);
    }
    factors.push_back(static_cast<float>(
        fertility_factor(expected_fertility(sum, times, mean), static_cast<double>(had[n]))));
  }
  return factors;
}

}  // namespace

void PairAligner::judge_by_fertility(const std::vector<Token>& source,
                                     const std::vector<Token>& target) {
  constexpr int kTimes = 4;  // as often as a text is judged while it is learnt from
  const auto source_types = types_of(source), target_types = types_of(target);
  for (int time = 0; time < kTimes; ++time) {
    judge_.scale_emissions(
        fertility_factors(source, judge_.source_fertility(), model_.source, source_.fertility),
        fertility_factors(target, judge_.target_fertility(), model_.target, target_.fertility));
    judge_.judge(source_types, target_types, jumps_, PairJudge::Model::kHmm);
  }
}

PairPosteriors PairAligner::align(std::span<const std::string_view> source,
                                  std::span<const std::string_view> target) {
  if (source.empty() || target.empty() || source.size() * target.size() > Bitext::kMostCells)
    return {};
  std::vector<Token> source_tokens, target_tokens;
  for (const auto word : source) source_tokens.push_back(token(source_, word));
  for (const auto word : target) target_tokens.push_back(token(target_, word));
  set_emissions(source_tokens, target_tokens);
  set_nothing(source_tokens, target_tokens);
  judge_.judge(types_of(source_tokens), types_of(target_tokens), jumps_,
               model_.hmm ? PairJudge::Model::kHmm : PairJudge::Model::kModel1);
  if (model_.fertility) judge_by_fertility(source_tokens, target_tokens);
  return judge_.posteriors();
}

}  // namespace weft
