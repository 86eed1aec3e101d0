#include "kernels/gru_row.h"

#include "kernels/row_compare.h"

namespace weft::kernels {
namespace {

// The equations of gru_sequence.h for one sentence; x and u are W x + b and U h.
Doubles next_gru_state(const Doubles& x, const Doubles& u, const Doubles& c, const Doubles& h) {
  const size_t n = h.size();
  Doubles result;
  for (size_t i = 0; i < n; ++i) {
    const double r = sigmoid(x[i] + u[i] + c[i]);
    const double z = sigmoid(x[n + i] + u[n + i] + c[n + i]);
    const double candidate = std::tanh(x[2 * n + i] + r * (u[2 * n + i] + c[2 * n + i]));
    result.push_back((1 - z) * candidate + z * h[i]);
  }
  return result;
}

TEST(GruRow, HasTheValuesAndGradientsOfItsEquations) {
  for (const int64_t h : {1, 7, 16, 33}) {
    const Floats x = random_floats(3 * h, 1);
    const Floats u = random_floats(3 * h, 2);
    const Floats c = random_floats(3 * h, 3);
    const Floats previous = random_floats(h, 4);
    const Floats weights = random_floats(h, 5);  // dL/dh'
    Floats state = previous;                     // in place
    Floats saved(static_cast<size_t>(kGruSavedGates * h));
    gru_forward_row({x.data(), u.data(), c.data(), state.data(), state.data(), saved.data()}, h);
    expect_near(state, next_gru_state(wide(x), wide(u), wide(c), wide(previous)), 1e-6, "state");

    const auto loss_of = [&](const Doubles& next) {
      double sum = 0;
      for (size_t i = 0; i < next.size(); ++i) sum += next[i] * weights[i];
      return sum;
    };
    Floats gates(static_cast<size_t>(3 * h));
    Floats candidate(static_cast<size_t>(h));
    Floats carried = weights;  // in place
    gru_backward_row({saved.data(), previous.data(), carried.data(), gates.data(), candidate.data(),
                      carried.data()},
                     h);
    const auto of_x = differences(
        [&](const Doubles& v) {
          return loss_of(next_gru_state(v, wide(u), wide(c), wide(previous)));
        },
        wide(x));
    const auto of_u = differences(
        [&](const Doubles& v) {
          return loss_of(next_gru_state(wide(x), v, wide(c), wide(previous)));
        },
        wide(u));
    const auto of_h = differences(
        [&](const Doubles& v) { return loss_of(next_gru_state(wide(x), wide(u), wide(c), v)); },
        wide(previous));
    expect_near(gates, of_x, 1e-5, "input gates");
    expect_near(candidate, {of_u.begin() + 2 * h, of_u.end()}, 1e-5, "candidate");
    expect_near(carried, of_h, 1e-5, "previous state");
  }
}

}  // namespace
}  // namespace weft::kernels
