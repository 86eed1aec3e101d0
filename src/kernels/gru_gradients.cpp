#include "kernels/gru_gradients.h"

#include "kernels/matmul.h"

namespace weft::kernels {

void gru_parameter_gradients(const GruParameterGradients& g, Precision precision) {
  const int64_t h = g.hidden;
  compute_weight_gradient({g.input_gates, 3 * h, g.previous, g.rows, 2 * h, h, g.weight_gradient},
                          precision);
  compute_weight_gradient(
      {g.hidden_candidate, h, g.previous, g.rows, h, h, g.weight_gradient + 2 * h * h}, precision);
  compute_column_sum({g.input_gates, 3 * h, g.rows, 2 * h, g.bias_gradient});
  compute_column_sum({g.hidden_candidate, h, g.rows, h, g.bias_gradient + 2 * h});
}

}  // namespace weft::kernels
