// Our own tensors against LibTorch's: each function is called by the same text with both, on
// tensors of drawn shapes, strides and types.

#include "tensor/tensor.h"

#include <gtest/gtest.h>
#include <torch/types.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <random>
#include <vector>

namespace weft {
namespace {

using Lot = std::mt19937;

int64_t drawn(int64_t least, int64_t most, Lot& lot) {
  return std::uniform_int_distribution<int64_t>(least, most)(lot);
}

tensors::ScalarType own_type(torch::ScalarType type) {
  if (type == torch::kBool) return tensors::kBool;
  if (type == torch::kInt64) return tensors::kInt64;
  return type == torch::kFloat64 ? tensors::kFloat64 : tensors::kFloat32;
}

tensors::IntArrayRef list(torch::IntArrayRef sizes) { return {sizes.data(), sizes.size()}; }

/// The same elements, in the same memory.
tensors::Tensor own(const torch::Tensor& x) {
  return {std::make_shared<torch::Tensor>(x), x.data_ptr(), own_type(x.scalar_type()),
          tensors::Extents(list(x.sizes())), tensors::Extents(list(x.strides()))};
}

/// The elements as LibTorch's.
torch::Tensor theirs(const tensors::Tensor& own, const torch::TensorOptions& options) {
  const auto flat = own.contiguous();
  const auto sizes = own.sizes();
  return torch::from_blob(flat.data_ptr(), std::vector<int64_t>(sizes.begin(), sizes.end()),
                          options)
      .clone();
}

void expect_same(const tensors::Tensor& found, const torch::Tensor& expected, const char* what) {
  ASSERT_EQ(found.dtype(), own_type(expected.scalar_type())) << what;
  ASSERT_TRUE(found.sizes() == list(expected.sizes()))
      << what << ": " << found.sizes() << " instead of " << expected.sizes();
  const auto copy = theirs(found, expected.options());
  EXPECT_TRUE(torch::allclose(copy.to(torch::kFloat64), expected.to(torch::kFloat64), 1e-5, 1e-6,
                              /*equal_nan=*/true))
      << what << " of " << expected.sizes() << ":\n"
      << copy << "\ninstead of\n"
      << expected;
}

void expect_same(const std::tuple<tensors::Tensor, tensors::Tensor>& found,
                 const std::tuple<torch::Tensor, torch::Tensor>& expected, const char* what) {
  expect_same(std::get<0>(found), std::get<0>(expected), what);
  expect_same(std::get<1>(found), std::get<1>(expected), what);
}

void expect_same(const std::vector<tensors::Tensor>& found,
                 const std::vector<torch::Tensor>& expected, const char* what) {
  ASSERT_EQ(found.size(), expected.size()) << what;
  for (std::size_t i = 0; i < found.size(); ++i) expect_same(found[i], expected[i], what);
}

template <class Function, class... Inputs>
void compare(const char* what, const Function& function, const Inputs&... inputs) {
  expect_same(function(own(inputs)...), function(inputs...), what);
}

/// Sums of at most `terms` products are held to those in float64, within what rounding can do to a
/// sum whatever its order: |x - Σ a b| <= n u Σ |a| |b| (Higham 2002, section 3.1). In single
/// elements, whose terms cancel, LibTorch's own float32 is no nearer.
template <class Function, class... Inputs>
void compare_sums(const char* what, int64_t terms, const Function& function,
                  const Inputs&... inputs) {
  const auto exact = function(inputs.to(torch::kFloat64)...);
  const auto most = function(inputs.to(torch::kFloat64).abs()...);
  const auto found = function(own(inputs)...);
  ASSERT_TRUE(found.sizes() == list(exact.sizes())) << what;
  const auto difference = theirs(found, torch::kFloat32).to(torch::kFloat64) - exact;
  const double unit = std::numeric_limits<float>::epsilon() / 2;
  EXPECT_TRUE(
      difference.abs().le(static_cast<double>(terms + 1) * unit * most).all().template item<bool>())
      << what << ": " << difference;
}

/// Elements that lie in any order, some of them apart.
torch::Tensor drawn_view(const std::vector<int64_t>& sizes, torch::ScalarType type, Lot& lot) {
  std::vector<int64_t> order(sizes.size()), place(sizes.size()), wide;
  std::iota(order.begin(), order.end(), 0);
  std::shuffle(order.begin(), order.end(), lot);
  for (std::size_t d = 0; d < sizes.size(); ++d) {
    wide.push_back(sizes[static_cast<std::size_t>(order[d])] + drawn(0, 2, lot));
    place[static_cast<std::size_t>(order[d])] = static_cast<int64_t>(d);
  }
  auto all = type == torch::kBool    ? torch::rand(wide).lt(0.5)
             : type == torch::kInt64 ? torch::randint(-3, 4, wide, torch::kInt64)
                                     : torch::randn(wide, torch::TensorOptions(type));
  auto view = all.permute(place);
  for (std::size_t d = 0; d < sizes.size(); ++d)
    view = view.narrow(static_cast<int64_t>(d), 0, sizes[d]);
  return lot() % 2 == 0 ? view : view.contiguous();
}

std::vector<int64_t> drawn_sizes(int64_t least, int64_t most, Lot& lot) {
  std::vector<int64_t> sizes(static_cast<std::size_t>(drawn(least, most, lot)));
  for (auto& size : sizes) size = drawn(1, 6, lot);
  return sizes;
}

torch::ScalarType drawn_type(Lot& lot) {
  constexpr torch::ScalarType kTypes[] = {torch::kFloat32, torch::kFloat32, torch::kFloat64,
                                          torch::kInt64};
  return kTypes[lot() % 4];
}

class OwnTensors : public testing::TestWithParam<unsigned> {
 protected:
  OwnTensors() : lot_(GetParam()) { torch::manual_seed(GetParam()); }
  torch::Tensor x(int64_t least = 1, int64_t most = 4, torch::ScalarType type = torch::kFloat32) {
    return drawn_view(drawn_sizes(least, most, lot_), type, lot_);
  }
  torch::Tensor of(const std::vector<int64_t>& sizes, torch::ScalarType type = torch::kFloat32) {
    return drawn_view(sizes, type, lot_);
  }
  /// A tensor that is broadcast against one of these sizes.
  torch::Tensor beside(torch::IntArrayRef sizes, torch::ScalarType type) {
    auto own_sizes = sizes.vec();
    own_sizes.erase(own_sizes.begin(),
                    own_sizes.begin() + drawn(0, static_cast<int64_t>(sizes.size()), lot_));
    for (auto& size : own_sizes)
      if (lot_() % 3 == 0) size = 1;
    return of(own_sizes, type);
  }
  int64_t any(int64_t least, int64_t most) { return drawn(least, most, lot_); }

  Lot lot_;
};

TEST_P(OwnTensors, ViewTheSame) {
  const auto a = x(2, 4);
  const int64_t d = any(-a.dim(), a.dim() - 1), size = a.size(d), at = any(0, size - 1);
  compare(
      "select", [&](const auto& t) { return t.select(d, at - size); }, a);
  compare(
      "index", [&](const auto& t) { return t[t.size(0) - 1]; }, a);
  compare(
      "narrow", [&](const auto& t) { return t.narrow(d, at, size - at); }, a);
  compare(
      "unsqueeze", [&](const auto& t) { return t.unsqueeze(d); }, a);
  compare(
      "squeeze", [&](const auto& t) { return t.squeeze(d); }, a);
  compare(
      "transpose", [&](const auto& t) { return t.transpose(0, d); }, a);
  compare(
      "flatten", [&](const auto& t) { return t.flatten(); }, a);
  compare(
      "flatten some", [&](const auto& t) { return t.flatten(0, 1); }, a);
  compare(
      "reshape",
      [&](const auto& t) {
        return t.reshape({t.size(0), -1, 1});
      },
      a);
  compare(
      "unflatten",
      [&](const auto& t) {
        return t.unflatten(d, {size, -1});
      },
      a);
  compare(
      "chunk", [&](const auto& t) { return t.chunk(3, d); }, a);
  compare(
      "split",
      [&](const auto& t) {
        return t.split_with_sizes({at, size - at}, d);
      },
      a);
  compare(
      "unbind", [&](const auto& t) { return t.unbind(d); }, a);
  compare(
      "flip", [&](const auto& t) { return t.flip(d); }, a);
  const auto b = of({any(1, 4), 1, any(1, 4)});
  compare(
      "expand",
      [&](const auto& t) {
        return t.expand({2, -1, 3, -1});
      },
      b);
  compare(
      "permute",
      [&](const auto& t) {
        return t.permute({2, 0, 1});
      },
      b);
  for (const auto type : {torch::kInt64, torch::kFloat32, torch::kBool})
    expect_same(own(a).to(own_type(type)), a.to(type), "to");
}

TEST_P(OwnTensors, ComputeTheSameOfEachElement) {
  const auto a = x(1, 4, drawn_type(lot_));
  const auto b = beside(a.sizes(), drawn_type(lot_));
  compare(
      "+", [](const auto& s, const auto& t) { return s + t; }, a, b);
  compare(
      "-", [](const auto& s, const auto& t) { return t - s; }, a, b);
  compare(
      "*", [](const auto& s, const auto& t) { return s * t; }, a, b);
  compare(
      "/", [](const auto& s, const auto& t) { return s / (t * t + 1); }, a, b);
  compare(
      "<=", [](const auto& s, const auto& t) { return s <= t; }, a, b);
  compare(
      ">", [](const auto& s, const auto& t) { return s > t; }, a, b);
  compare(
      "minimum", [](const auto& s, const auto& t) { return minimum(s, t); }, a, b);
  compare(
      "with numbers", [](const auto& t) { return 2 - (t + 3) * 2; }, a);
  compare(
      "with fractions", [](const auto& t) { return (0.5 + t) / 3; }, a);
  compare(
      "compared", [](const auto& t) { return t.lt(0.5); }, a);
  compare(
      "at least", [](const auto& t) { return t.ge(1); }, a);
  compare(
      "more", [](const auto& t) { return t.gt(0); }, a);
  compare(
      "abs", [](const auto& t) { return t.abs(); }, a);
  compare(
      "clamp_min", [](const auto& t) { return t.clamp_min(1); }, a);
  compare(
      "clamp", [](const auto& t) { return t.clamp(-1, 1); }, a);
  const auto f = x();
  compare(
      "exp", [](const auto& t) { return t.exp(); }, f);
  compare(
      "log", [](const auto& t) { return t.log(); }, f);
  compare(
      "sqrt", [](const auto& t) { return t.sqrt(); }, f);
  compare(
      "square", [](const auto& t) { return -t.square(); }, f);
  compare(
      "sin", [](const auto& t) { return t.sin(); }, f);
  compare(
      "cos", [](const auto& t) { return t.cos(); }, f);
  compare(
      "sigmoid", [](const auto& t) { return sigmoid(t); }, f);
  compare(
      "tanh", [](const auto& t) { return tanh(t); }, f);
  compare(
      "relu", [](const auto& t) { return relu(t); }, f);
  const auto g = of(f.sizes().vec()), w = of(f.sizes().vec());
  compare(
      "lerp", [](const auto& p, const auto& q, const auto& r) { return lerp(p, q, r); }, f, g, w);
  compare(
      "addcmul", [](const auto& p, const auto& q, const auto& r) { return addcmul(p, q, r); }, f, g,
      w);
  const auto i = x(1, 3, torch::kInt64);
  compare(
      "floor_divide", [](const auto& t) { return t.floor_divide(2); }, i);
}

TEST_P(OwnTensors, ChooseTheSame) {
  const auto a = x(), b = beside(a.sizes(), torch::kFloat32);
  const auto mask = beside(a.sizes(), torch::kBool), other = of(a.sizes().vec(), torch::kBool);
  compare(
      "where", [](const auto& m, const auto& s, const auto& t) { return where(m, s, t); }, mask, a,
      b);
  compare(
      "masked_fill", [](const auto& m, const auto& s) { return s.masked_fill(m, -1.5); }, mask, a);
  compare(
      "masked_fill_",
      [](const auto& m, const auto& s) {
        auto filled = s.clone();
        filled.masked_fill_(m, 2);
        return filled;
      },
      mask, a);
  compare(
      "not, and", [](const auto& s, const auto& t) { return s.logical_not().logical_and(t); }, mask,
      other);
  compare(
      "masked_scatter",
      [](const auto& m, const auto& s, const auto& t) { return s.masked_scatter(m, t); }, other, a,
      of({a.numel()}));
}

TEST_P(OwnTensors, ReduceTheSame) {
  const auto a = x(1, 4, drawn_type(lot_)), f = x();
  const int64_t d = any(-a.dim(), a.dim() - 1), e = any(0, f.dim() - 1);
  const bool keeps = any(0, 1) == 1;
  compare(
      "sum", [&](const auto& t) { return t.sum(d, keeps); }, a);
  compare(
      "sum of booleans", [&](const auto& t) { return t.sum(e, keeps); },
      of(f.sizes().vec(), torch::kBool));
  compare(
      "sum of all", [](const auto& t) { return t.sum(); }, a);
  compare(
      "mean", [&](const auto& t) { return t.mean(e, keeps); }, f);
  compare(
      "amax", [&](const auto& t) { return t.amax(e, keeps); }, f);
  compare(
      "argmax", [&](const auto& t) { return t.argmax(e, keeps); }, f);
  compare(
      "cumsum", [&](const auto& t) { return t.cumsum(e); }, f);
  compare(
      "softmax", [&](const auto& t) { return softmax(t, e); }, f * 5);
  compare(
      "log_softmax", [&](const auto& t) { return log_softmax(t, e); }, f * 5);
  compare(
      "logsumexp", [&](const auto& t) { return logsumexp(t, e); }, f * 5);
  compare(
      "sort", [](const auto& t) { return t.sort(-1, true); }, f);
  compare(
      "topk", [](const auto& t) { return t.topk(t.size(-1), -1); }, f);
  auto some = f.clone();
  some.select(e, 0).fill_(-std::numeric_limits<float>::infinity());
  compare(
      "softmax with -inf", [&](const auto& t) { return softmax(t, e); }, some);
  compare(
      "log_softmax with -inf", [&](const auto& t) { return log_softmax(t, e); }, some);
  compare(
      "logsumexp with -inf", [&](const auto& t) { return logsumexp(t, e); }, some);
  const int64_t width = f.size(-1);
  compare(
      "layer_norm",
      [&](const auto& t, const auto& gain, const auto& bias) {
        return layer_norm(t, {width}, gain, bias, 1e-5);
      },
      f, of({width}), of({width}));
}

TEST_P(OwnTensors, IndexTheSame) {
  const auto a = x(2, 4, drawn_type(lot_));
  const int64_t d = any(0, a.dim() - 1);
  const auto rows = torch::randint(a.size(d), {any(1, 5)}, torch::kInt64);
  compare(
      "index_select", [&](const auto& t, const auto& i) { return t.index_select(d, i); }, a, rows);
  auto sizes = a.sizes().vec();
  sizes[static_cast<std::size_t>(d)] = 3;
  const auto places = torch::randint(a.size(d), sizes, torch::kInt64);
  compare(
      "gather", [&](const auto& t, const auto& i) { return t.gather(d, i); }, a, places);
  compare(
      "scatter_ of a number",
      [&](const auto& t, const auto& i) { return t.clone().scatter_(d, i, 7); }, a, places);
  const auto different = torch::randperm(a.size(d), torch::kInt64).narrow(0, 0, 1);
  sizes[static_cast<std::size_t>(d)] = 1;
  const auto source = of(sizes, a.scalar_type());
  compare(
      "index_copy_",
      [&](const auto& t, const auto& i, const auto& s) { return t.clone().index_copy_(d, i, s); },
      a, different, source);
  compare(
      "index_fill_", [&](const auto& t, const auto& i) { return t.clone().index_fill_(d, i, 4); },
      a, different);
  const auto one = different.reshape(std::vector<int64_t>(sizes.size(), 1)).expand(sizes);
  compare(
      "scatter_",
      [&](const auto& t, const auto& i, const auto& s) { return t.clone().scatter_(d, i, s); }, a,
      one, source);
  const auto ids = torch::randint(a.size(0), {2, 3}, torch::kInt64);
  compare(
      "embedding", [](const auto& t, const auto& i) { return embedding(t, i); },
      a.flatten(1).to(torch::kFloat32), ids);
  compare(
      "one_hot", [&](const auto& i) { return one_hot(i, 7); }, ids);
  compare(
      "a part",
      [](const auto& t) {
        auto changed = t.clone();
        changed[0][0] = t[t.size(0) - 1][0];
        changed[t.size(0) - 1].fill_(2);
        changed[0].add_(t[0]);
        return changed;
      },
      a);
}

TEST_P(OwnTensors, JoinAndPadTheSame) {
  const auto a = x(2, 4);
  const int64_t d = any(0, a.dim() - 1);
  auto sizes = a.sizes().vec();
  sizes[static_cast<std::size_t>(d)] = any(0, 3);
  const auto b = of(sizes);
  expect_same(tensors::cat({own(a), own(b), own(a)}, d), torch::cat({a, b, a}, d), "cat");
  expect_same(tensors::stack({own(a), own(a)}, d), torch::stack({a, a}, d), "stack");
  const int64_t before = any(-1, 3), behind = any(0, 3);
  compare(
      "constant_pad_nd",
      [&](const auto& t) {
        return constant_pad_nd(t, {before, behind, 1, 0}, 1.5);
      },
      a);
}

TEST_P(OwnTensors, MultiplyTheSame) {
  const int64_t b = any(1, 3), n = any(1, 5), k = any(1, 40), m = any(1, 20);
  compare_sums(
      "bmm", k, [](const auto& s, const auto& t) { return bmm(s, t); }, of({b, n, k}),
      of({b, k, m}));
  compare_sums(
      "matmul", k, [](const auto& s, const auto& t) { return s.matmul(t); }, of({b, n, k}),
      of({k}));
  compare_sums(
      "matmul of 4", k, [](const auto& s, const auto& t) { return matmul(s, t); }, of({b, 2, n, k}),
      of({b, 2, k, m}));
  compare_sums(
      "linear", k + 1, [](const auto& s, const auto& w, const auto& c) { return linear(s, w, c); },
      of({b, n, k}), of({m, k}), of({m}));
}

INSTANTIATE_TEST_SUITE_P(Draws, OwnTensors, testing::Range(1U, 41U));

TEST(OwnTensorsAlone, AreMadeTheSame) {
  expect_same(tensors::arange(4), torch::arange(4), "arange");
  expect_same(tensors::arange(1, 5, tensors::kFloat32), torch::arange(1, 5, torch::kFloat32),
              "arange");
  expect_same(tensors::arange(0, 5, 2, tensors::kFloat64), torch::arange(0, 5, 2, torch::kFloat64),
              "arange");
  expect_same(tensors::full({2, 3}, 4, tensors::kInt64), torch::full({2, 3}, 4, torch::kInt64),
              "full");
  expect_same(tensors::zeros({2, 0}), torch::zeros({2, 0}), "zeros");
  expect_same(tensors::ones({}), torch::ones({}), "ones");
  expect_same(tensors::tensor({3, 1}), torch::tensor({3, 1}, torch::kInt64), "tensor");
}

TEST(OwnTensorsAlone, ShareTheirElements) {
  auto a = tensors::zeros({2, 3});
  const auto view = a.select(1, 2), copy = a.clone();
  a.fill_(1);
  EXPECT_EQ(view[1].item<float>(), 1);
  EXPECT_EQ(copy[1][2].item<float>(), 0);
  const auto same = a;
  a.set_data(tensors::full({4}, 2));
  EXPECT_EQ(same.size(0), 4);
  EXPECT_EQ(view[0].item<double>(), 1) << "its elements are kept";
}

TEST(OwnTensorsAlone, RefuseWhatDoesNotFit) {
  const auto a = tensors::zeros({2, 3});
  EXPECT_THROW(a + tensors::zeros({2}), tensors::Error);
  EXPECT_THROW(a.select(2, 0), tensors::Error);
  EXPECT_THROW(a[2], tensors::Error);
  EXPECT_THROW(a.narrow(1, 2, 2), tensors::Error);
  EXPECT_THROW(a.view({4}), tensors::Error);
  EXPECT_THROW(a.t().view({6}), tensors::Error);
  EXPECT_THROW(a.expand({3, 3}), tensors::Error);
  EXPECT_THROW(a.data_ptr<int64_t>(), tensors::Error);
  EXPECT_THROW(a.index_select(0, tensors::tensor({2})), tensors::Error);
  EXPECT_THROW(a.gather(0, tensors::full({1, 3}, -1, tensors::kInt64)), tensors::Error);
  EXPECT_THROW(tensors::bmm(a, a), tensors::Error);
  EXPECT_THROW(a.item<float>(), tensors::Error);
  EXPECT_THROW(tensors::Tensor().sizes(), tensors::Error);
}

}  // namespace
}  // namespace weft
