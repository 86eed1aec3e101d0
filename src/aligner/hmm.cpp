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

inline float sum(const float* x, std::size_t n) {
  float lanes[kVector] = {};
  for (std::size_t i = 0; i < n; i += kVector)
    for (std::size_t l = 0; l < kVector; ++l) lanes[l] += x[i + l];
  float total = 0.0f;
  for (const float lane : lanes) total += lane;
  return total;
}

inline float dot(const float* a, const float* b, std::size_t n) {
  float lanes[kVector] = {};
  for (std::size_t i = 0; i < n; i += kVector)
    for (std::size_t l = 0; l < kVector; ++l) lanes[l] += a[i + l] * b[i + l];
  float total = 0.0f;
  for (const float lane : lanes) total += lane;
  return total;
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

void Hmm::set_transitions(std::span<const std::size_t> classes, std::size_t start,
                          const JumpTable& table, const MoveOptions& moves) {
  const auto lambda = static_cast<float>(moves.uniform_jumps);
  const float anywhere = lambda / static_cast<float>(length_ + 1);
  const auto jumps = static_cast<float>(1.0 - moves.nothing - moves.detour);
  to_.resize(length_ + 1, length_);
  from_.resize(length_, length_ + 1);
  end_.assign(from_.stride(), 0.0f);
  for (std::size_t state = 0; state <= length_; ++state) {
    const std::size_t c = class_of(state, classes, start);
    const int from = position(state);
    float* row = to_.row(state);
    float total = 0.0f;
    for (std::size_t s = 0; s < length_; ++s) {
      row[s] = table.weight(c, static_cast<int>(s) - from);
      total += row[s];
    }
    const float to_end = table.weight(c, static_cast<int>(length_) - from);
    total += to_end;
    const float factor = (1.0f - lambda) / total;
    end_[state] = to_end * factor + anywhere;
    for (std::size_t s = 0; s < length_; ++s) {
      row[s] = jumps * (row[s] * factor + anywhere);
      from_.row(s)[state] = row[s];
    }
  }
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
    add_product(aligned, state, length_ + 1, to_.row(0), to_.stride());
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
void Hmm::backward(const Emissions& emissions, Posteriors& posteriors) {
  const std::size_t steps = emissions.target_length;
  const std::size_t stride = states_.stride();
  posteriors.words.resize(steps, length_);
  posteriors.nothing.resize(steps);
  jumps_.resize(length_ + 1, length_);
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
    add_product(next_beta_.data(), entered_.data(), length_, from_.row(0), from_.stride());
    const float before = 1.0f / (dot(states_.row(t), next_beta_.data(), stride) + kTiny);
    add_outer(jumps_.row(0), length_ + 1, states_.row(t), before, entered_.data(), jumps_.stride());
    const float normalizer = 1.0f / (greatest(next_beta_.data(), stride) + kTiny);
    for (std::size_t p = 0; p < stride; ++p) beta_[p] = next_beta_[p] * normalizer;
  }
}

void Hmm::count_jumps(std::span<const std::size_t> classes, std::size_t start, JumpCounts& jumps) {
  for (std::size_t state = 0; state <= length_; ++state) {
    const std::size_t c = class_of(state, classes, start);
    const int from = position(state);
    const float* expected = jumps_.row(state);
    const float* transition = to_.row(state);
    for (std::size_t s = 0; s < length_; ++s)
      jumps.add(c, static_cast<int>(s) - from, expected[s] * transition[s]);
    jumps.add(c, static_cast<int>(length_) - from, final_[state]);
  }
}

void Hmm::posteriors(const Emissions& emissions, std::span<const std::size_t> classes,
                     std::size_t start, const JumpTable& table, const MoveOptions& moves,
                     Posteriors& posteriors, JumpCounts& jumps) {
  length_ = emissions.source_length;
  set_transitions(classes, start, table, moves);
  forward(emissions, moves);
  backward(emissions, posteriors);
  count_jumps(classes, start, jumps);
}

}  // namespace weft
