#include <torch/types.h>

#include <memory>
#include <utility>
#include <vector>

#include "nn/deep_transition_cell.h"
#include "nn/elman_cell.h"
#include "nn/gru_cell.h"
#include "nn/layer_norm_cell.h"
#include "nn/light_cell.h"
#include "nn/lstm_cell.h"
#include "nn/recurrent_cell.h"

namespace weft {
namespace {

RecurrentCell make_transition(CellType type, const CellSize& size) {
  switch (type) {
    case CellType::kGru:
      return std::make_shared<GruCellImpl>(size);
    case CellType::kLstm:
      return std::make_shared<LstmCellImpl>(size);
    case CellType::kRnn:
      return std::make_shared<ElmanCellImpl>(size);
    case CellType::kGruResetBefore:
      return std::make_shared<GruResetBeforeCellImpl>(size);
    case CellType::kLnGru:
      return std::make_shared<LayerNormGruCellImpl>(size);
    case CellType::kLnLstm:
      return std::make_shared<LayerNormLstmCellImpl>(size);
    case CellType::kMlstm:
      return std::make_shared<MultiplicativeLstmCellImpl>(size);
    case CellType::kSru:
      return std::make_shared<SruCellImpl>(size);
    case CellType::kSsru:
      return std::make_shared<SsruCellImpl>(size);
  }
  TORCH_CHECK(false, "unknown cell type ", static_cast<int>(type));
}

RecurrentCell make_transitions(const CellOptions& options, int64_t inputs) {
  if (options.transition_depth == 1) return make_transition(options.type, {inputs, options.hidden});
  std::vector<RecurrentCell> transitions;
  for (int64_t k = 0; k < options.transition_depth; ++k)
    transitions.push_back(make_transition(options.type, {k == 0 ? inputs : 0, options.hidden}));
  return std::make_shared<DeepTransitionCellImpl>(std::move(transitions));
}

}  // namespace

RecurrentCell make_cell(const CellOptions& options, int64_t inputs) {
  auto cell = make_transitions(options, inputs);
  cell->set_recurrent_dropout(options.dropout);
  return cell;
}

}  // namespace weft
