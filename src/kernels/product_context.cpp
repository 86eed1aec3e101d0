#include "kernels/product_context.h"

namespace weft::kernels {

void save_context(torch::autograd::AutogradContext* autograd, const ProductContext& context) {
  auto& saved = autograd->saved_data;
  saved["precision"] = static_cast<int64_t>(context.precision);
  saved["frozen"] = reinterpret_cast<int64_t>(context.frozen);
  saved["collector"] = reinterpret_cast<int64_t>(context.collector);
}

ProductContext saved_context(torch::autograd::AutogradContext* autograd) {
  const auto& saved = autograd->saved_data;
  return {static_cast<Precision>(saved.at("precision").toInt()),
          reinterpret_cast<FrozenWeights*>(saved.at("frozen").toInt()),
          reinterpret_cast<WeightGradients*>(saved.at("collector").toInt())};
}

}  // namespace weft::kernels
