#include "kernels/matmul.h"

#include <ATen/Parallel.h>
#include <gtest/gtest.h>
#include <torch/types.h>
#include <torch/utils.h>

#include <thread>

#include "kernels/gradient_compare.h"
#include "kernels/precisions.h"

namespace weft::kernels {
namespace {

using torch::Tensor;

struct ProductSize {
  int64_t rows;
  int64_t outputs;
  int64_t inputs;
};

const std::vector<ProductSize> kSizes = {{1, 1, 1},    {1, 48, 16}, {3, 5, 7},     {7, 24, 9},
                                         {16, 96, 32}, {33, 25, 8}, {65, 130, 33}, {200, 523, 64}};

// What Precision::kBfloat16 promises: factors rounded, sums in float32.
Tensor factor(const Tensor& x, Precision precision) {
  return (precision == Precision::kBfloat16 ? x.to(torch::kBFloat16) : x).to(torch::kFloat64);
}

class Products : public ::testing::TestWithParam<Precision> {
 protected:
  void SetUp() override {
    if (!has_products_in(GetParam())) GTEST_SKIP() << no_products_in(GetParam());
    torch::manual_seed(1);
  }
};

TEST_P(Products, ForwardIsXTimesTransposedWeight) {
  for (const auto& size : kSizes) {
    const Tensor x = torch::randn({size.rows, size.inputs});
    const Tensor w = torch::randn({size.outputs, size.inputs});
    const PackedWeight packed(w, WeightUse::kForward, GetParam());
    EXPECT_EQ(packed.inputs(), size.inputs);
    EXPECT_EQ(packed.outputs(), size.outputs);
    Tensor out = torch::full({size.rows, size.outputs}, 7.0F);
    packed.multiply(x.data_ptr<float>(), size.rows, out.data_ptr<float>());
    const Tensor expected = factor(x, GetParam()).mm(factor(w, GetParam()).t());
    expect_close(out, expected, {}, "multiply");
    packed.multiply_all(x.data_ptr<float>(), size.rows, out.data_ptr<float>(), Write::kAdd);
    expect_close(out, 2 * expected, {}, "multiply_all, added");
  }
}

TEST_P(Products, BackwardIsGradientTimesWeight) {
  for (const auto& size : kSizes) {
    const Tensor dy = torch::randn({size.rows, size.outputs});
    const Tensor w = torch::randn({size.outputs, size.inputs});
    const PackedWeight packed(w, WeightUse::kBackward, GetParam());
    Tensor dx = torch::empty({size.rows, size.inputs});
    packed.multiply_all(dy.data_ptr<float>(), size.rows, dx.data_ptr<float>());
    expect_close(dx, factor(dy, GetParam()).mm(factor(w, GetParam())), {}, "dx");
  }
}

TEST_P(Products, WeightGradientTakesAStridedGradient) {
  for (const auto& size : kSizes) {
    const Tensor wide = torch::randn({size.rows, size.outputs + 9});
    const Tensor dy = wide.slice(1, 4, 4 + size.outputs);
    const Tensor x = torch::randn({size.rows, size.inputs});
    Tensor dw = torch::full({size.outputs, size.inputs}, 7.0F);
    WeightGradient gradient{dy.data_ptr<float>(), wide.size(1), x.data_ptr<float>(), size.rows,
                            size.outputs,         size.inputs,  dw.data_ptr<float>()};
    compute_weight_gradient(gradient, GetParam());
    const Tensor expected = factor(dy, GetParam()).t().mm(factor(x, GetParam()));
    expect_close(dw, expected, {}, "dw");
    gradient.write = Write::kAdd;
    compute_weight_gradient(gradient, GetParam());
    expect_close(dw, 2 * expected, {}, "dw, added");
  }
}

TEST_P(Products, WeightGradientSumsManyRows) {
  constexpr int64_t kRows = 1100, kOutputs = 70, kInputs = 50;
  const Tensor dy = torch::randn({kRows, kOutputs}), x = torch::randn({kRows, kInputs});
  const auto gradient = [&](int threads) {
    at::set_num_threads(threads);
    Tensor dw = torch::empty({kOutputs, kInputs});
    compute_weight_gradient({dy.data_ptr<float>(), kOutputs, x.data_ptr<float>(), kRows, kOutputs,
                             kInputs, dw.data_ptr<float>()},
                            GetParam());
    return dw;
  };
  const Tensor one = gradient(1);
  expect_close(one, factor(dy, GetParam()).t().mm(factor(x, GetParam())), {}, "dw");
  EXPECT_TRUE(torch::equal(one, gradient(2)));
}

TEST_P(Products, DoNotDependOnThreadsOrRowMates) {
  const Tensor x = torch::randn({100, 64});
  const PackedWeight packed(torch::randn({200, 64}), WeightUse::kForward, GetParam());
  const auto product = [&](int threads) {
    at::set_num_threads(threads);
    Tensor out = torch::empty({100, 200});
    packed.multiply_all(x.data_ptr<float>(), 100, out.data_ptr<float>());
    return out;
  };
  const Tensor one = product(1);
  EXPECT_TRUE(torch::equal(one, product(2)));
  for (int64_t rows = 1; rows <= 32; ++rows) {
    Tensor few = torch::empty({rows, 200});
    packed.multiply(x.data_ptr<float>() + rows * 64, rows, few.data_ptr<float>());
    EXPECT_TRUE(torch::equal(few, one.slice(0, rows, 2 * rows))) << rows << " rows";
  }
}

TEST_P(Products, OneWeightServesSeveralThreads) {
  const Tensor x = torch::randn({8, 32});
  const PackedWeight packed(torch::randn({64, 32}), WeightUse::kForward, GetParam());
  Tensor expected = torch::empty({8, 64});
  packed.multiply(x.data_ptr<float>(), 8, expected.data_ptr<float>());
  std::vector<Tensor> results(4);
  std::vector<std::thread> threads;
  for (auto& result : results) {
    threads.emplace_back([&] {
      result = torch::empty({8, 64});
      for (int i = 0; i < 100; ++i) {
        packed.multiply(x.data_ptr<float>(), 8, result.data_ptr<float>());
      }
    });
  }
  for (auto& thread : threads) thread.join();
  for (const auto& result : results) EXPECT_TRUE(torch::equal(result, expected));
}

TEST(PackedWeight, HasNoBfloat16OfWeftsOwn) {
  EXPECT_EQ(has_products_in(Precision::kBfloat16),
            maker_of_products(Precision::kBfloat16) != std::string("Weft"));
}

// int8 sums are exact, so that neither threads nor rows beside it can change a row.
TEST(PackedWeight, RowsInInt8DoNotDependOnThreadsOrRowMates) {
  if (!has_products_in(Precision::kInt8)) GTEST_SKIP() << no_products_in(Precision::kInt8);
  torch::manual_seed(1);
  const Tensor x = torch::randn({100, 70});
  const PackedWeight packed(torch::randn({200, 70}), WeightUse::kForward, Precision::kInt8);
  const auto product = [&](int threads) {
    at::set_num_threads(threads);
    Tensor out = torch::empty({100, 200});
    packed.multiply_all(x.data_ptr<float>(), 100, out.data_ptr<float>());
    return out;
  };
  const Tensor one = product(1);
  EXPECT_TRUE(torch::equal(one, product(2)));
  for (int64_t rows = 1; rows <= 32; ++rows) {
    Tensor few = torch::empty({rows, 200});
    packed.multiply(x.data_ptr<float>() + rows * 70, rows, few.data_ptr<float>());
    EXPECT_TRUE(torch::equal(few, one.slice(0, rows, 2 * rows))) << rows << " rows";
  }
}

INSTANTIATE_TEST_SUITE_P(Precisions, Products,
                         ::testing::Values(Precision::kFloat32, Precision::kBfloat16),
                         name_of_precision);

// Rows as multiples of a 127th (a 63rd) of their largest magnitude, in float64.
Tensor rounded_to_int8(const Tensor& x, int levels = 127) {
  const Tensor scale = std::get<0>(x.to(torch::kFloat64).abs().max(1, true)) / levels;
  return torch::where(scale > 0, (x / scale).round() * scale, torch::zeros_like(scale));
}

TEST(PackedWeight, RoundsRowsOfBothFactorsToInt8) {
  if (!has_products_in(Precision::kInt8)) GTEST_SKIP() << no_products_in(Precision::kInt8);
  torch::manual_seed(1);
  const int levels = maker_of_products(Precision::kInt8) == std::string("Weft") ? 63 : 127;
  for (const auto& size : kSizes) {
    Tensor x = torch::randn({size.rows, size.inputs});
    x[0].zero_();
    const Tensor w = torch::randn({size.outputs, size.inputs});
    const PackedWeight packed(w, WeightUse::kForward, Precision::kInt8);
    Tensor out = torch::full({size.rows, size.outputs}, 7.0F);
    packed.multiply(x.data_ptr<float>(), size.rows, out.data_ptr<float>());
    // A number half-way between two levels may go either way: one level of one factor.
    const Tolerance level{0.02, 1e-5};
    const Tensor expected = rounded_to_int8(x).mm(rounded_to_int8(w, levels).t());
    expect_close(out, expected, size.inputs < 10 ? level : Tolerance{}, "int8");
    packed.multiply_all(x.data_ptr<float>(), size.rows, out.data_ptr<float>(), Write::kAdd);
    expect_close(out, 2 * expected, size.inputs < 10 ? level : Tolerance{}, "int8, added");
  }
}

// Products are compiled once for each shape and kept: the one that packed a weight (32 rows) is the
// one that multiplies with it, whatever the number of threads then and now.
TEST_P(Products, DoNotDependOnThreadsBetweenPackingAndUse) {
  const Tensor w = torch::randn({96, 80});
  const Tensor x = torch::randn({64, 80});
  const Tensor expected = factor(x, GetParam()).mm(factor(w, GetParam()).t());
  Tensor first;
  for (const int packing : {1, 2, 4}) {
    for (const int use : {1, 2, 4}) {
      at::set_num_threads(packing);
      const PackedWeight packed(w, WeightUse::kForward, GetParam());
      at::set_num_threads(use);
      Tensor out = torch::empty({64, 96});
      packed.multiply(x.data_ptr<float>(), 32, out.data_ptr<float>());
      packed.multiply_all(x[32].data_ptr<float>(), 32, out[32].data_ptr<float>());
      expect_close(out, expected, {}, "product");
      if (!first.defined()) first = out;
      EXPECT_TRUE(torch::equal(out, first)) << packing << " and " << use << " threads";
    }
  }
}

// More shapes than are kept: a weight packed before outlives what multiplied with it.
TEST_P(Products, OutliveTheProductsThatAreKept) {
  const Tensor w = torch::randn({40, 24});
  const Tensor x = torch::randn({32, 24});
  const PackedWeight packed(w, WeightUse::kForward, GetParam());
  Tensor before = torch::empty({32, 40});
  packed.multiply(x.data_ptr<float>(), 32, before.data_ptr<float>());
  for (int64_t shape = 0; shape < 2100; ++shape) {
    const int64_t outputs = 1 + shape % 50;
    const int64_t inputs = 1 + shape / 50;
    const PackedWeight other(torch::ones({outputs, inputs}), WeightUse::kForward, GetParam());
    EXPECT_EQ(other.outputs(), outputs);
  }
  Tensor after = torch::empty({32, 40});
  packed.multiply(x.data_ptr<float>(), 32, after.data_ptr<float>());
  EXPECT_TRUE(torch::equal(before, after));
}

TEST(PackedWeight, HasNoInt8Backward) {
  EXPECT_THROW(PackedWeight(torch::ones({2, 2}), WeightUse::kBackward, Precision::kInt8),
               c10::Error);
}

// The largest sums there are, whose parts would saturate at 16 bits.
TEST(PackedWeight, AddsInt8ProductsExactly) {
  if (!has_products_in(Precision::kInt8)) GTEST_SKIP() << no_products_in(Precision::kInt8);
  for (const int64_t rows : {1, 4, 32}) {
    const PackedWeight packed(torch::ones({70, 300}), WeightUse::kForward, Precision::kInt8);
    Tensor out = torch::empty({rows, 70});
    packed.multiply(torch::ones({rows, 300}).data_ptr<float>(), rows, out.data_ptr<float>());
    expect_close(out, torch::full({rows, 70}, 300.0, torch::kFloat64), {1e-6, 0}, "ones");
  }
}

TEST(PackedWeight, RefusesAPrecisionThatTheProcessorHasNot) {
  for (const auto precision : {Precision::kFloat32, Precision::kBfloat16, Precision::kInt8}) {
    const auto pack = [&] {
      return PackedWeight(torch::ones({2, 2}), WeightUse::kForward, precision);
    };
    if (has_products_in(precision)) {
      EXPECT_EQ(pack().outputs(), 2);
    } else {
      EXPECT_THROW(pack(), c10::Error);
    }
  }
}

TEST(PackedWeight, RefusesOtherTypes) {
  EXPECT_THROW(
      PackedWeight(torch::zeros({2, 2}, torch::kFloat64), WeightUse::kForward, Precision::kFloat32),
      c10::Error);
  EXPECT_THROW(PackedWeight(torch::zeros({2}), WeightUse::kForward, Precision::kFloat32),
               c10::Error);
}

TEST(ColumnSum, SumsStridedRows) {
  torch::manual_seed(1);
  const Tensor x = torch::randn({30, 700});
  Tensor out = torch::empty({600});
  compute_column_sum({x.data_ptr<float>() + 50, 700, 30, 600, out.data_ptr<float>()});
  expect_close(out, x.to(torch::kFloat64).slice(1, 50, 650).sum(0), {}, "sum");
}

}  // namespace
}  // namespace weft::kernels
