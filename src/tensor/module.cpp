#include "tensor/module.h"

namespace weft::tensors::nn {
namespace {

void add_parameters(const Module& module, const std::string& prefix, NamedItems<Tensor>& all) {
  for (const auto& item : module.named_parameters(/*recurse=*/false))
    all.emplace_back(prefix + item.key(), item.value());
  for (const auto& child : module.named_children())
    add_parameters(*child.value(), prefix + child.key() + ".", all);
}

}  // namespace

Tensor& Module::register_parameter(const std::string& name, Tensor parameter) {
  parameters_.emplace_back(name, std::make_shared<Tensor>(std::move(parameter)));
  return *parameters_.back().second;
}

NamedItems<Tensor> Module::named_parameters(bool recurse) const {
  NamedItems<Tensor> all;
  if (recurse) {
    add_parameters(*this, "", all);
  } else {
    for (const auto& [name, parameter] : parameters_) all.emplace_back(name, *parameter);
  }
  return all;
}

std::vector<Tensor> Module::parameters() const {
  std::vector<Tensor> all;
  for (const auto& item : named_parameters()) all.push_back(item.value());
  return all;
}

void Module::train(bool on) {
  for (const auto& child : children_) child.value()->train(on);
}

}  // namespace weft::tensors::nn
