#include "kernels/attention_row.h"

#include "kernels/row_compare.h"

namespace weft::kernels {
namespace {

// Inputs of one query over S positions, one after another: query, keys, energy, annotations.
struct Attended {
  int64_t positions, width, annotation_width;
  std::unique_ptr<bool[]> mask;

  struct Result {
    Doubles weights, context;
  };
  // The equations of additive attention.
  Result result(const Doubles& query, const Doubles& keys, const Doubles& energy,
                const Doubles& annotations) const {
    Result r{Doubles(static_cast<size_t>(positions), 0.0),
             Doubles(static_cast<size_t>(annotation_width), 0.0)};
    double sum = 0;
    for (size_t j = 0; j < r.weights.size(); ++j) {
      if (!mask[j]) continue;
      double e = 0;
      for (size_t a = 0; a < query.size(); ++a)
        e += energy[a] * std::tanh(query[a] + keys[j * query.size() + a]);
      sum += r.weights[j] = std::exp(e);
    }
    for (size_t j = 0; j < r.weights.size(); ++j) {
      if (!mask[j]) continue;
      r.weights[j] /= sum;
      for (size_t c = 0; c < r.context.size(); ++c)
        r.context[c] += r.weights[j] * annotations[j * r.context.size() + c];
    }
    return r;
  }
};

Attended attended(int64_t positions, int64_t width, int64_t annotation_width) {
  Attended result{positions, width, annotation_width,
                  std::make_unique<bool[]>(static_cast<size_t>(positions))};
  for (int64_t j = 0; j < positions; ++j) result.mask[static_cast<size_t>(j)] = j % 3 != 1;
  return result;
}

TEST(AttentionRow, HasTheValuesAndGradientsOfItsEquations) {
  for (const auto& [s, a, c] :
       std::vector<std::array<int64_t, 3>>{{1, 1, 1}, {3, 7, 5}, {8, 16, 33}, {5, 17, 24}}) {
    const Attended d = attended(s, a, c);
    const Floats query = random_floats(a, 1);
    const Floats keys = random_floats(s * a, 2);
    const Floats energy = random_floats(a, 3);
    const Floats values = random_floats(s * c, 4);
    const Floats of_context = random_floats(c, 5);
    const Floats of_weights = random_floats(s, 6);
    const AttentionRow row{
        query.data(), keys.data(), energy.data(), values.data(), d.mask.get(), s, a, c};
    Floats weights(static_cast<size_t>(s));
    Floats context(static_cast<size_t>(c));
    attention_forward_row(row, weights.data(), context.data());
    const auto expected = d.result(wide(query), wide(keys), wide(energy), wide(values));
    expect_near(weights, expected.weights, 1e-6, "weights");
    expect_near(context, expected.context, 1e-5, "context");

    const auto loss_of = [&](const Attended::Result& r) {
      double sum = 0;
      for (size_t j = 0; j < r.weights.size(); ++j) sum += r.weights[j] * of_weights[j];
      for (size_t i = 0; i < r.context.size(); ++i) sum += r.context[i] * of_context[i];
      return sum;
    };
    Floats scratch(static_cast<size_t>(s));
    Floats of_query(static_cast<size_t>(a), 7.0F);
    Floats of_keys(static_cast<size_t>(s * a), 0.0F);
    Floats of_energy(static_cast<size_t>(a), 0.0F);
    attention_backward_row(
        row, {weights.data(), of_context.data(), of_weights.data(), scratch.data(), of_query.data(),
              of_keys.data(), of_energy.data()});
    expect_near(of_query,
                differences(
                    [&](const Doubles& v) {
                      return loss_of(d.result(v, wide(keys), wide(energy), wide(values)));
                    },
                    wide(query)),
                1e-4, "query");
    expect_near(of_keys,
                differences(
                    [&](const Doubles& v) {
                      return loss_of(d.result(wide(query), v, wide(energy), wide(values)));
                    },
                    wide(keys)),
                1e-4, "keys");
    expect_near(of_energy,
                differences(
                    [&](const Doubles& v) {
                      return loss_of(d.result(wide(query), wide(keys), v, wide(values)));
                    },
                    wide(energy)),
                1e-4, "energy");
  }
}

TEST(AttentionRow, WithoutATokenIsZero) {
  const bool mask[2] = {false, false};
  const Floats ones(8, 1.0F);
  Floats weights(2, 7.0F);
  Floats context(4, 7.0F);
  attention_forward_row({ones.data(), ones.data(), ones.data(), ones.data(), mask, 2, 4, 4},
                        weights.data(), context.data());
  expect_near(weights, {0, 0}, 0, "weights");
  expect_near(context, {0, 0, 0, 0}, 0, "context");
}

}  // namespace
}  // namespace weft::kernels
