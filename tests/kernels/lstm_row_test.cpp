#include "kernels/lstm_row.h"

#include "kernels/row_compare.h"

namespace weft::kernels {
namespace {

struct State {
  Doubles hidden, memory;
};

// The equations of lstm_sequence.h for one sentence; x, u and b are W x, U h and the bias.
State next_lstm_state(const Doubles& x, const Doubles& u, const Doubles& b, const Doubles& c) {
  const size_t n = c.size();
  State next;
  for (size_t k = 0; k < n; ++k) {
    const auto gate = [&](size_t g) { return x[g * n + k] + u[g * n + k] + b[g * n + k]; };
    next.memory.push_back(sigmoid(gate(1)) * c[k] + sigmoid(gate(0)) * std::tanh(gate(2)));
    next.hidden.push_back(sigmoid(gate(3)) * std::tanh(next.memory.back()));
  }
  return next;
}

TEST(LstmRow, HasTheValuesAndGradientsOfItsEquations) {
  for (const int64_t h : {1, 7, 16, 33}) {
    const Floats x = random_floats(4 * h, 1);
    const Floats u = random_floats(4 * h, 2);
    const Floats b = random_floats(4 * h, 3);
    const Floats previous = random_floats(h, 4);
    const Floats of_hidden = random_floats(h, 5);
    const Floats of_memory = random_floats(h, 6);
    Floats hidden(static_cast<size_t>(h));
    Floats memory = previous;
    Floats saved(static_cast<size_t>(kLstmSavedGates * h));
    lstm_forward_row({x.data(), u.data(), b.data(), hidden.data(), memory.data(), saved.data()}, h);
    const State expected = next_lstm_state(wide(x), wide(u), wide(b), wide(previous));
    expect_near(hidden, expected.hidden, 1e-6, "hidden");
    expect_near(memory, expected.memory, 1e-6, "memory");

    const auto loss_of = [&](const State& next) {
      double sum = 0;
      for (size_t k = 0; k < next.hidden.size(); ++k)
        sum += next.hidden[k] * of_hidden[k] + next.memory[k] * of_memory[k];
      return sum;
    };
    Floats gates(static_cast<size_t>(4 * h));
    hidden = of_hidden;
    memory = of_memory;
    lstm_backward_row({saved.data(), previous.data(), hidden.data(), memory.data(), gates.data()},
                      h);
    const auto of_x = differences(
        [&](const Doubles& v) {
          return loss_of(next_lstm_state(v, wide(u), wide(b), wide(previous)));
        },
        wide(x));
    const auto of_c = differences(
        [&](const Doubles& v) { return loss_of(next_lstm_state(wide(x), wide(u), wide(b), v)); },
        wide(previous));
    expect_near(gates, of_x, 1e-5, "gates");
    expect_near(memory, of_c, 1e-5, "previous memory");
    expect_near(hidden, Doubles(static_cast<size_t>(h), 0.0), 0, "hidden");
  }
}

}  // namespace
}  // namespace weft::kernels
