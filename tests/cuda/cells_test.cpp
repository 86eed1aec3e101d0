// cuDNN's layers and LibTorch's fused cells against the plain cells.

#include <gtest/gtest.h>
#include <torch/types.h>
#include <torch/utils.h>

#include <optional>
#include <tuple>

#include "cuda/gpu.h"
#include "nn/fast_path.h"
#include "nn/random_module.h"
#include "nn/recurrent_cell.h"

namespace weft {
namespace {

constexpr int64_t kInputs = 6, kHidden = 5, kLength = 7, kSentences = 4;

class GpuCell : public GpuFixture<::testing::TestWithParam<std::tuple<CellType, Direction>>> {
 protected:
  /// Outputs, and the gradients of inputs, initial state and parameters; `plain`: of the equations.
  std::vector<torch::Tensor> results(bool plain, bool step_by_step) {
    const auto [type, direction] = GetParam();
    auto cell = make_cell({type, kHidden}, kInputs);
    randomize(*cell, 1);
    cell->to(torch::kFloat32);
    cell->to(gpu_);
    const auto given = [&](at::IntArrayRef shape, uint64_t seed) {
      return random_tensor(shape, seed).to(gpu_, torch::kFloat32).requires_grad_();
    };
    const auto inputs = given({kSentences, kLength, kInputs}, 2);
    const auto initial = given({kSentences, cell->state_width()}, 3);
    const auto mask = mask_of({7, 1, 4, 6}, kLength).to(gpu_);
    std::optional<PlainGuard> guard;
    if (plain) guard.emplace();
    const auto outputs =
        step_by_step ? cell->output(cell->sequence(cell->project(inputs), initial, mask, direction))
                     : cell->read(inputs, initial, mask, direction);
    (outputs * random_tensor(outputs.sizes(), 4).to(gpu_, torch::kFloat32)).sum().backward();
    std::vector<torch::Tensor> all{outputs, inputs.grad(), initial.grad()};
    for (const auto& parameter : cell->parameters()) all.push_back(parameter.grad());
    return all;
  }

  void expect_plain(bool step_by_step) {
    const auto found = results(false, step_by_step), expected = results(true, step_by_step);
    ASSERT_EQ(found.size(), expected.size());
    for (std::size_t i = 0; i < found.size(); ++i)
      EXPECT_LT(relative_distance(found[i], expected[i]), 1e-4) << i;
  }
};

INSTANTIATE_TEST_SUITE_P(Kinds, GpuCell,
                         ::testing::Combine(::testing::Values(CellType::kGru, CellType::kLstm),
                                            ::testing::Values(Direction::kForward,
                                                              Direction::kBackward)),
                         [](const auto& tested) {
                           return to_name(std::get<0>(tested.param)) +
                                  (std::get<1>(tested.param) == Direction::kForward ? "_forward"
                                                                                    : "_backward");
                         });

TEST_P(GpuCell, ReadsASequenceAsThePlainCellDoes) { expect_plain(/*step_by_step=*/false); }

TEST_P(GpuCell, TakesStepsAsThePlainCellDoes) { expect_plain(/*step_by_step=*/true); }

}  // namespace
}  // namespace weft
