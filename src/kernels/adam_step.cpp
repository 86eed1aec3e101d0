#include "kernels/adam_step.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "kernels/adam_row.h"
#include "kernels/parallel.h"

namespace weft::kernels {
namespace {

// Elements of one tensor that one thread takes at once: they stay in its cache.
constexpr int64_t kStretchElements = 1 << 15;

struct Stretch {
  size_t tensor;
  int64_t begin;
  int64_t size;
};

void add_stretches(size_t tensor, int64_t count, std::vector<Stretch>& stretches) {
  for (int64_t begin = 0; begin < count; begin += kStretchElements) {
    stretches.push_back({tensor, begin, std::min(kStretchElements, count - begin)});
  }
}

void check_one(const torch::Tensor& tensor, const torch::Tensor& like) {
  TORCH_CHECK(tensor.scalar_type() == torch::kFloat32 && tensor.device().is_cpu() &&
                  tensor.is_contiguous() && tensor.sizes() == like.sizes(),
              "adam_step: expected contiguous float32 tensors of one shape, found ", tensor.sizes(),
              " beside ", like.sizes());
}

// The same with a contiguous gradient.
std::vector<AdamTensors> checked(std::vector<AdamTensors> tensors) {
  for (auto& t : tensors) {
    t.gradient = t.gradient.contiguous();
    check_one(t.parameter, t.parameter);
    check_one(t.gradient, t.parameter);
    check_one(t.mean, t.parameter);
    check_one(t.variance, t.parameter);
    if (t.average.defined()) check_one(t.average, t.parameter);
  }
  return tensors;
}

// As floats, which a decay near 1 and a tiny epsilon do not survive: 1 - β is taken before, and
// epsilon keeps 0 / 0 away.
AdamRowCoefficients narrowed(const AdamCoefficients& c) {
  const auto narrow = [](double x) { return static_cast<float>(x); };
  return {.gradient_scale = narrow(c.gradient_scale),
          .mean_share = narrow(1 - c.beta1),
          .variance_share = narrow(1 - c.beta2),
          .step_size = narrow(c.step_size),
          .variance_scale = narrow(c.variance_scale),
          .epsilon = std::max(narrow(c.epsilon), std::numeric_limits<float>::min())};
}

}  // namespace

void adam_step(const std::vector<AdamTensors>& tensors, const AdamCoefficients& coefficients) {
  const auto all = checked(tensors);
  const AdamRowCoefficients row_coefficients = narrowed(coefficients);
  const auto average_share = static_cast<float>(1 - coefficients.average_decay);
  std::vector<Stretch> stretches;
  for (size_t i = 0; i < all.size(); ++i) add_stretches(i, all[i].parameter.numel(), stretches);
  parallel_tasks(static_cast<int64_t>(stretches.size()), [&](int64_t index) {
    const Stretch& s = stretches[static_cast<size_t>(index)];
    const AdamTensors& t = all[s.tensor];
    float* parameter = t.parameter.data_ptr<float>() + s.begin;
    adam_row({parameter, t.gradient.data_ptr<float>() + s.begin, t.mean.data_ptr<float>() + s.begin,
              t.variance.data_ptr<float>() + s.begin},
             row_coefficients, s.size);
    if (t.average.defined()) {
      average_row(parameter, t.average.data_ptr<float>() + s.begin, average_share, s.size);
    }
  });
}

double gradient_norm(const std::vector<torch::Tensor>& gradients) {
  std::vector<torch::Tensor> all;
  std::vector<Stretch> stretches;
  for (size_t i = 0; i < gradients.size(); ++i) {
    TORCH_CHECK(gradients[i].scalar_type() == torch::kFloat32 && gradients[i].device().is_cpu(),
                "gradient_norm: expected float32 on the CPU, found ", gradients[i].scalar_type());
    all.push_back(gradients[i].contiguous());
    add_stretches(i, all.back().numel(), stretches);
  }
  std::vector<double> sums(stretches.size());
  parallel_tasks(static_cast<int64_t>(stretches.size()), [&](int64_t index) {
    const Stretch& s = stretches[static_cast<size_t>(index)];
    sums[static_cast<size_t>(index)] =
        sum_of_squares(all[s.tensor].data_ptr<float>() + s.begin, s.size);
  });
  double sum = 0;
  for (const double part : sums) sum += part;  // in order, whichever thread came first
  return std::sqrt(sum);
}

}  // namespace weft::kernels
