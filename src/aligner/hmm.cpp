#include "aligner/hmm.h"

#include <algorithm>

#include "base/vector_clones.h"

namespace weft {
namespace {

constexpr std::size_t kVector = PaddedMatrix::kVector;
constexpr float kTiny = 1e-30f;  // keeps what nothing explains from dividing by 0

/// y += a x. `n` is a multiple of kVector.
inline void add_scaled(float* __restrict y, float a, const float* __restrict x, std::size_t n) {
  for (std::size_t b = 0; b < n; b += kVector)
    for (std::size_t l = 0; l < kVector; ++l) y[b + l] += a * x[b + l];
}

/// y *= x.
inline void multiply(float* __restrict y, const float* __restrict x, std::size_t n) {
  for (std::size_t i = 0; i < n; i += kVector)
    for (std::size_t l = 0; l < kVector; ++l) y[i + l] *= x[i + l];
}

inline void scale(float* __restrict y, float a, std::size_t n) {
  for (std::size_t i = 0; i < n; i += kVector)
    for (std::size_t l = 0; l < kVector; ++l) y[i + l] *= a;
}

/// The sum of the lanes, by halves: each addition waits for one other only.
inline float fold(float* lanes) {
  for (std::size_t half = kVector / 2; half > 0; half /= 2)
    for (std::size_t l = 0; l < half; ++l) lanes[l] += lanes[l + half];
  return lanes[0];
}

inline float sum(const float* x, std::size_t n) {
  float lanes[kVector] = {};
  for (std::size_t i = 0; i < n; i += kVector)
    for (std::size_t l = 0; l < kVector; ++l) lanes[l] += x[i + l];
  return fold(lanes);
}

inline float dot(const float* a, const float* b, std::size_t n) {
  float lanes[kVector] = {};
  for (std::size_t i = 0; i < n; i += kVector)
    for (std::size_t l = 0; l < kVector; ++l) lanes[l] += a[i + l] * b[i + l];
  return fold(lanes);
}

inline float greatest(const float* x, std::size_t n) {
  float best = 0.0f;
  for (std::size_t i = 0; i < n; ++i) best = std::max(best, x[i]);
  return best;
}

/// y += row vector x [rows] times matrix m [rows, columns of y].
WEFT_VECTOR_CLONES void add_product(float* y, const float* x, std::size_t rows, const float* m,
                                    std::size_t stride) {
  for (std::size_t r = 0; r < rows; ++r)
    if (x[r] != 0.0f) add_scaled(y, x[r], m + r * stride, stride);
}

/// m [rows, columns of y] += column vector x [rows], times `a`, by row vector y.
WEFT_VECTOR_CLONES void add_outer(float* m, std::size_t rows, const float* x, float a,
                                  const float* y, std::size_t stride) {
  for (std::size_t r = 0; r < rows; ++r)
    if (x[r] != 0.0f) add_scaled(m + r * stride, a * x[r], y, stride);
}

/// Where the distances from a state stand in numbers by distance, of which the first is of -S.
inline std::size_t first_distance(std::size_t state, std::size_t length) {
  return state == length ? length + 1 : length - state;  // the start is at -1
}

/// to(p, s) = anywhere + jump base(p, s) factor(s - p), scaled so that the sum over s is that of
/// base, which `totals` holds. `factors`: by distance, with a vector of room behind them.
WEFT_VECTOR_CLONES void multiply_by_distance(float* to, const float* base, std::size_t length,
                                             std::size_t stride, const float* totals,
                                             const float* factors, float jump, float anywhere) {
  for (std::size_t state = 0; state <= length; ++state, to += stride, base += stride) {
    const float* factor = factors + first_distance(state, length);
    const float scale = jump * totals[state] / (dot(base, factor, stride) + kTiny);
    for (std::size_t b = 0; b < stride; b += kVector)
      for (std::size_t l = 0; l < kVector; ++l)
        to[b + l] = base[b + l] * factor[b + l] * scale + anywhere;
  }
}

/// Adds counts(p, s) = divided(p, s) to(p, s) to `all`, and by distance to `distances`, which have
/// a vector of room behind them.
WEFT_VECTOR_CLONES void add_counts(const float* divided, const float* to, std::size_t length,
                                   std::size_t stride, float* all, float* distances) {
  for (std::size_t state = 0; state <= length; ++state) {
    float* distance = distances + first_distance(state, length);
    const std::size_t row = state * stride;
    for (std::size_t b = 0; b < stride; b += kVector) {
      float counts[kVector];
      for (std::size_t l = 0; l < kVector; ++l) counts[l] = divided[row + b + l] * to[row + b + l];
      for (std::size_t l = 0; l < kVector; ++l) all[row + b + l] += counts[l];
      for (std::size_t l = 0; l < kVector; ++l) distance[b + l] += counts[l];
    }
  }
}

/// y [rows] += matrix m [rows, columns of x] times column vector x.
WEFT_VECTOR_CLONES void add_row_products(float* y, const float* m, std::size_t rows, const float* x,
                                         std::size_t stride) {
  for (std::size_t r = 0; r < rows; ++r) y[r] += dot(m + r * stride, x, stride);
}

}  // namespace

void model1_posteriors(const Emissions& emissions, const MoveOptions& moves,
                       Posteriors& posteriors) {
  const std::size_t source_length = emissions.source_length;
  const auto p0 = static_cast<float>(moves.nothing);
  const float prior = (1.0f - p0) / static_cast<float>(source_length);
  posteriors.words.resize(emissions.target_length, source_length);
  posteriors.nothing.resize(emissions.target_length);
  const std::size_t stride = emissions.words.stride();
  for (std::size_t t = 0; t < emissions.target_length; ++t) {
    const float* emission = emissions.words.row(t);
    const float nothing = emissions.nothing[t] * p0;
    const float z = sum(emission, stride) * prior + nothing + kTiny;
    float* row = posteriors.words.row(t);
    for (std::size_t s = 0; s < source_length; ++s)
      row[s] = std::min(1.0f, emission[s] * (prior / z));  // not above, by rounding
    posteriors.nothing[t] = nothing / z;
  }
}

void Hmm::set_base(const PairJumps& jumps) {
  const auto lambda = static_cast<float>(jumps.moves.uniform_jumps);
  base_.resize(length_ + 1, length_);
  totals_.resize(length_ + 1);
  end_.assign((length_ + kVector) / kVector * kVector, 0.0f);
  for (std::size_t state = 0; state <= length_; ++state) {
    const int from = position(state);
    const std::size_t from_class = class_of(state, jumps);
    const float* weights = jumps.table.row(from_class) + JumpCounts::column(-from);
    // From the start of the longest sentence the end is farther than a row reaches.
    const float end = jumps.table.weight(from_class, static_cast<int>(length_) - from);
    float* row = base_.row(state);
    std::copy_n(weights, length_, row);
    const float words = sum(row, base_.stride());
    const float total = words + end;
    scale(row, (1.0f - lambda) / total, base_.stride());
    totals_[state] = words * (1.0f - lambda) / total;
    end_[state] = end * (1.0f - lambda) / total + lambda / static_cast<float>(length_ + 1);
  }
}

void Hmm::set_transitions(const PairJumps& jumps) {
  used_ = 0;
  kinds_.clear();
  for (const std::size_t emitted : jumps.emitted) {
    std::size_t kind = 0;
    while (kind < used_ && transitions_[kind].emitted != emitted) ++kind;
    kinds_.push_back(kind);
    if (kind < used_) continue;
    if (used_ == transitions_.size()) transitions_.emplace_back();
    transitions_[used_].emitted = emitted;
    fill(transitions_[used_++], jumps);
  }
}

void Hmm::fill(Transitions& transitions, const PairJumps& jumps) {
  const auto& moves = jumps.moves;
  const auto jump = static_cast<float>(1.0 - moves.nothing - moves.detour);
  const float anywhere =
      jump * static_cast<float>(moves.uniform_jumps) / static_cast<float>(length_ + 1);
  transitions.to.reshape(length_ + 1, length_);
  factors_.assign(2 * length_ + 1 + kVector, 0.0f);
  std::copy_n(
      jumps.factors.row(transitions.emitted) + JumpCounts::column(-static_cast<int>(length_)),
      2 * length_ + 1, factors_.begin());
  multiply_by_distance(transitions.to.row(0), base_.row(0), length_, base_.stride(), totals_.data(),
                       factors_.data(), jump, anywhere);
}

// states(0) = start;  aligned(t, s) = emission(t, s) sum over p of states(t, p) to(p, s);
// states(t + 1) = (aligned(t) + states(t) stays(t)) / their sum, where
// stays(t) = p0 nothing(t) + delta / S times the sum over s of emission(t, s).
void Hmm::forward(const Emissions& emissions, const MoveOptions& moves) {
  const std::size_t steps = emissions.target_length;
  states_.resize(steps + 1, length_ + 1);
  aligned_.resize(steps, length_);
  emission_.resize(steps, length_);
  stays_.resize(steps);
  scales_.resize(steps);
  detour_ = static_cast<float>(moves.detour) / static_cast<float>(length_);
  states_.row(0)[length_] = 1.0f;
  for (std::size_t t = 0; t < steps; ++t) {
    const float* words = emissions.words.row(t);
    const float nothing = emissions.nothing[t] * static_cast<float>(moves.nothing);
    // Only the proportions of a step matter: scaled so, they stay far from the ends of float32.
    const float scale_of_step = 1.0f / (std::max(greatest(words, length_), nothing) + kTiny);
    float* emission = emission_.row(t);
    for (std::size_t s = 0; s < length_; ++s) emission[s] = words[s] * scale_of_step;
    stays_[t] = nothing * scale_of_step + detour_ * sum(emission, emission_.stride());

    const float* state = states_.row(t);
    float* next = states_.row(t + 1);
    float* aligned = aligned_.row(t);
    add_product(aligned, state, length_ + 1, transitions_[kinds_[t]].to.row(0), base_.stride());
    multiply(aligned, emission, aligned_.stride());
    for (std::size_t p = 0; p <= length_; ++p) next[p] = state[p] * stays_[t];
    for (std::size_t s = 0; s < length_; ++s) next[s] += aligned[s];
    const float normalizer = 1.0f / (sum(next, states_.stride()) + kTiny);
    scales_[t] = normalizer;
    scale(next, normalizer, states_.stride());
    scale(aligned, normalizer, aligned_.stride());
  }
}

// beta(T) = end;  beta(t, p) = sum over s of to(p, s) emission(t, s) beta(t + 1, s)
//                              + stays(t) beta(t + 1, p), scaled.
void Hmm::backward(const Emissions& emissions, Posteriors& posteriors, bool counting) {
  const std::size_t steps = emissions.target_length;
  const std::size_t stride = states_.stride();
  for (std::size_t kind = 0; counting && kind < used_; ++kind)
    transitions_[kind].jumps.resize(length_ + 1, length_);
  posteriors.words.resize(steps, length_);
  posteriors.nothing.resize(steps);
  beta_ = end_;
  next_beta_.assign(stride, 0.0f);
  entered_.assign(aligned_.stride(), 0.0f);
  final_ = end_;
  multiply(final_.data(), states_.row(steps), stride);
  scale(final_.data(), 1.0f / (sum(final_.data(), stride) + kTiny), stride);

  for (std::size_t t = steps; t-- > 0;) {
    const float here = 1.0f / (dot(states_.row(t + 1), beta_.data(), stride) + kTiny);
    float* row = posteriors.words.row(t);
    const float* aligned = aligned_.row(t);
    const float* emission = emission_.row(t);
    const float detours = detour_ * scales_[t] * here * dot(states_.row(t), beta_.data(), stride);
    float linked = 0.0f;
    for (std::size_t s = 0; s < length_; ++s) {
      const float p = aligned[s] * beta_[s] * here + detours * emission[s];
      row[s] = std::min(1.0f, p);  // not above, by rounding
      linked += row[s];
    }
    posteriors.nothing[t] = std::clamp(1.0f - linked, 0.0f, 1.0f);

    for (std::size_t s = 0; s < length_; ++s) entered_[s] = emission[s] * beta_[s];
    for (std::size_t p = 0; p < stride; ++p) next_beta_[p] = stays_[t] * beta_[p];
    auto& transitions = transitions_[kinds_[t]];
    add_row_products(next_beta_.data(), transitions.to.row(0), length_ + 1, entered_.data(),
                     base_.stride());
    if (counting) {
      const float before = 1.0f / (dot(states_.row(t), next_beta_.data(), stride) + kTiny);
      add_outer(transitions.jumps.row(0), length_ + 1, states_.row(t), before, entered_.data(),
                base_.stride());
    }
    const float normalizer = 1.0f / (greatest(next_beta_.data(), stride) + kTiny);
    for (std::size_t p = 0; p < stride; ++p) beta_[p] = next_beta_[p] * normalizer;
  }
}

void Hmm::count_jumps(const PairJumps& jumps, DirectionCounts& counts) {
  expected_.resize(length_ + 1, length_);
  for (std::size_t kind = 0; kind < used_; ++kind) {
    const auto& transitions = transitions_[kind];
    distances_.assign(2 * length_ + 1 + kVector, 0.0f);  // jumps from -S to S
    add_counts(transitions.jumps.row(0), transitions.to.row(0), length_, base_.stride(),
               expected_.row(0), distances_.data());
    for (std::size_t n = 0; n <= 2 * length_; ++n)
      counts.emitted.add(transitions.emitted, static_cast<int>(n) - static_cast<int>(length_),
                         distances_[n]);
  }
  for (std::size_t state = 0; state <= length_; ++state) {
    const std::size_t c = class_of(state, jumps);
    const int from = position(state);
    const float* expected = expected_.row(state);
    for (std::size_t s = 0; s < length_; ++s)
      counts.from.add(c, static_cast<int>(s) - from, expected[s]);
    counts.from.add(c, static_cast<int>(length_) - from, final_[state]);
  }
}

void Hmm::posteriors(const Emissions& emissions, const PairJumps& jumps, Posteriors& posteriors,
                     DirectionCounts* counts) {
  length_ = emissions.source_length;
  set_base(jumps);
  set_transitions(jumps);
  forward(emissions, jumps.moves);
  backward(emissions, posteriors, counts != nullptr);
  if (counts != nullptr) count_jumps(jumps, *counts);
}

}  // namespace weft
