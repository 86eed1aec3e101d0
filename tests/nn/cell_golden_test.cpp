// Cells against PyTorch's and against their papers' equations: tests/golden/nn/make_cells.py.

#include <gtest/gtest.h>
#include <torch/types.h>
#include <torch/utils.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "config/enum_names.h"
#include "nn/random_module.h"
#include "nn/recurrent_cell.h"

namespace weft {
namespace {

using nlohmann::json;

constexpr double kTolerance = 1e-12;

const json& cases() {
  static const json all = json::parse(std::ifstream(WEFT_GOLDEN "/nn/cells.json"));
  return all;
}

torch::Tensor tensor_of(const json& numbers) {
  return torch::tensor(numbers.at("values").get<std::vector<double>>(), torch::kFloat64)
      .reshape(numbers.at("shape").get<std::vector<int64_t>>());
}

class CellGoldenTest : public ::testing::TestWithParam<std::size_t> {
 protected:
  CellGoldenTest() {
    EXPECT_TRUE(from_name(case_.at("cell").get<std::string>(), options_.type));
    options_.hidden = 4;
    options_.transition_depth = case_.at("depth");
    cell_ = make_cell(options_, 3);
    cell_->to(torch::kFloat64);
    torch::NoGradGuard no_grad;
    for (auto& item : cell_->named_parameters())
      item.value().copy_(tensor_of(case_.at("weights").at(item.key())));
  }

  const json& case_ = cases().at(GetParam());
  CellOptions options_;
  RecurrentCell cell_;
};

std::string name_of_case(const ::testing::TestParamInfo<std::size_t>& tested) {
  const json& golden = cases().at(tested.param);
  return golden.at("cell").get<std::string>() + "_depth_" +
         std::to_string(golden.at("depth").get<int>());
}

INSTANTIATE_TEST_SUITE_P(Cases, CellGoldenTest, ::testing::Range<std::size_t>(0, cases().size()),
                         name_of_case);

TEST_P(CellGoldenTest, HasTheParametersValuesAndGradientsOfTheReference) {
  EXPECT_EQ(cell_->named_parameters().size(), case_.at("weights").size());
  const auto input = tensor_of(case_.at("input"));
  const auto initial = tensor_of(case_.at("initial")).requires_grad_();
  const auto mask = mask_of(case_.at("lengths"), input.size(1));
  std::vector<torch::Tensor> outputs;
  for (const auto direction : {Direction::kForward, Direction::kBackward}) {
    const auto states = cell_->sequence({}, cell_->project({}, input), initial, mask, direction);
    outputs.push_back(cell_->output(states) * mask.unsqueeze(2));
  }
  const auto both = torch::stack(outputs);  // [2, B, S, H]
  EXPECT_LT(distance(both, tensor_of(case_.at("outputs"))), kTolerance);
  (both * tensor_of(case_.at("weighting"))).sum().backward();
  EXPECT_LT(distance(initial.grad(), tensor_of(case_.at("initial_gradient"))), kTolerance);
  for (const auto& item : cell_->named_parameters()) {
    const auto expected = tensor_of(case_.at("gradients").at(item.key()));
    EXPECT_GT(expected.abs().max().item<double>(), 1e-4) << item.key() << " says nothing";
    EXPECT_LT(distance(item.value().grad(), expected), kTolerance) << item.key();
  }
}

}  // namespace
}  // namespace weft
