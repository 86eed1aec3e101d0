#include "nn/light_cell.h"

#include <torch/nn/init.h>
#include <torch/nn/module.h>
#include <torch/types.h>

#include <vector>

#include "nn/new_parameter.h"

namespace weft {
namespace {

/// The positions of a sequence in the order in which it is read.
std::vector<int64_t> reading_order(int64_t length, Direction direction) {
  std::vector<int64_t> order;
  for (int64_t i = 0; i < length; ++i)
    order.push_back(direction == Direction::kForward ? i : length - 1 - i);
  return order;
}

/// x [B, S, H], where `keep` [B, S, 1] is false replaced by what was read before, at first
/// `initial`.
torch::Tensor carried(const torch::Tensor& x, const torch::Tensor& initial,
                      const torch::Tensor& keep, Direction direction) {
  std::vector<torch::Tensor> rows(static_cast<std::size_t>(x.size(1)));
  auto row = initial;
  for (const int64_t t : reading_order(x.size(1), direction)) {
    row = torch::where(keep.select(1, t), x.select(1, t), row);
    rows[static_cast<std::size_t>(t)] = row;
  }
  return torch::stack(rows, 1);
}

}  // namespace

SruCellImpl::SruCellImpl(const CellSize& size)
    : GatedCellImpl(size, {4, 0}),
      peephole(register_parameter("peephole", new_parameter({2 * size.hidden}))) {}

void SruCellImpl::initialize() {
  GatedCellImpl::initialize();
  torch::nn::init::zeros_(peephole);
}

torch::Tensor SruCellImpl::start(const torch::Tensor& hidden) const {
  return torch::cat({hidden, hidden}, -1);  // what is carried on is c
}

torch::Tensor SruCellImpl::next_state(const ComputeContext& /*compute*/, const torch::Tensor& gates,
                                      const torch::Tensor& state, const StateFactors& /*factors*/) {
  const auto x = gates.chunk(4, 1);  // f, r, c, h: [N, H] each
  const auto v = peephole.chunk(2);
  const auto memory = state.narrow(1, hidden(), hidden());
  const auto forget = torch::sigmoid(torch::addcmul(x[0], v[0], memory));
  const auto reset = torch::sigmoid(torch::addcmul(x[1], v[1], memory));
  const auto next = torch::lerp(x[2], memory, forget);
  return torch::cat({torch::lerp(x[3], next, reset), next}, 1);  // [N, 2H]
}

torch::Tensor SruCellImpl::sequence(const ComputeContext& /*compute*/, const torch::Tensor& gates,
                                    const torch::Tensor& initial, const torch::Tensor& mask,
                                    Direction direction) {
  const auto x = gates.chunk(4, 2);  // f, r, c, h: [B, S, H] each
  const auto v = peephole.chunk(2);
  const auto keep = mask.unsqueeze(2);  // [B, S, 1]
  std::vector<torch::Tensor> before(static_cast<std::size_t>(gates.size(1)));
  auto after = before;
  auto memory = initial.narrow(1, hidden(), hidden());
  for (const int64_t t : reading_order(gates.size(1), direction)) {
    before[static_cast<std::size_t>(t)] = memory;
    const auto forget = torch::sigmoid(torch::addcmul(x[0].select(1, t), v[0], memory));
    const auto next = torch::lerp(x[2].select(1, t), memory, forget);
    memory = torch::where(keep.select(1, t), next, memory);
    after[static_cast<std::size_t>(t)] = memory;
  }
  // No step needs the output of the one before: all outputs at once.
  const auto memories = torch::stack(after, 1);
  const auto reset = torch::sigmoid(torch::addcmul(x[1], v[1], torch::stack(before, 1)));
  const auto outputs = torch::lerp(x[3], memories, reset);
  const auto first = initial.narrow(1, 0, hidden());
  return torch::cat({carried(outputs, first, keep, direction), memories}, 2);  // [B, S, 2H]
}

torch::Tensor SsruCellImpl::output(const torch::Tensor& state) const { return torch::relu(state); }

torch::Tensor SsruCellImpl::next_state(const ComputeContext& /*compute*/,
                                       const torch::Tensor& gates, const torch::Tensor& state,
                                       const StateFactors& /*factors*/) {
  const auto x = gates.chunk(2, 1);  // f, c: [N, H] each
  const auto forget = torch::sigmoid(x[0]);
  return torch::addcmul((1 - forget) * x[1], forget, state);
}

torch::Tensor SsruCellImpl::sequence(const ComputeContext& /*compute*/, const torch::Tensor& gates,
                                     const torch::Tensor& initial, const torch::Tensor& mask,
                                     Direction direction) {
  const auto x = gates.chunk(2, 2);  // f, c: [B, S, H] each
  // An open forget gate carries the state over unchanged.
  const auto forget = torch::sigmoid(x[0]).masked_fill(mask.logical_not().unsqueeze(2), 1);
  const auto added = (1 - forget) * x[1];
  std::vector<torch::Tensor> states(static_cast<std::size_t>(gates.size(1)));
  auto state = initial;
  for (const int64_t t : reading_order(gates.size(1), direction)) {
    state = torch::addcmul(added.select(1, t), forget.select(1, t), state);
    states[static_cast<std::size_t>(t)] = state;
  }
  return torch::stack(states, 1);  // [B, S, H]
}

}  // namespace weft
