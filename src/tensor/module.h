#pragma once
// Modules, as LibTorch has them: blocks that own named parameters and other blocks.

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "tensor/tensor.h"

namespace weft::tensors {

/// Named values in their order.
template <class Value>
class NamedItem {
 public:
  NamedItem(std::string key, Value value) : key_(std::move(key)), value_(std::move(value)) {}
  const std::string& key() const { return key_; }
  const Value& value() const { return value_; }

 private:
  std::string key_;
  Value value_;
};
template <class Value>
using NamedItems = std::vector<NamedItem<Value>>;

namespace nn {

class Module {
 public:
  Module() = default;
  Module(const Module&) = default;
  virtual ~Module() = default;

  Tensor& register_parameter(const std::string& name, Tensor parameter);
  /// A module, or a holder of one; returns it.
  template <class Kind>
  std::shared_ptr<Kind> register_module(const std::string& name, std::shared_ptr<Kind> module) {
    children_.emplace_back(name, module);
    return module;
  }
  template <class Holder, class = typename Holder::Held>
  Holder register_module(const std::string& name, Holder holder) {
    register_module(name, holder.ptr());
    return holder;
  }

  /// With those of the modules below: names joined by dots.
  NamedItems<Tensor> named_parameters(bool recurse = true) const;
  std::vector<Tensor> parameters() const;
  const NamedItems<std::shared_ptr<Module>>& named_children() const { return children_; }

  /// Nothing learns here.
  static constexpr bool is_training() { return false; }
  virtual void train(bool on = true);
  void eval() { train(false); }
  static void to(Device /*device*/) {}

 private:
  std::vector<std::pair<std::string, std::shared_ptr<Tensor>>> parameters_;
  NamedItems<std::shared_ptr<Module>> children_;
};

/// What TORCH_MODULE makes: a shared module that is called as a function is.
template <class Kind>
class ModuleHolder {
 public:
  using Held = Kind;
  ModuleHolder(std::nullptr_t) {}
  ModuleHolder(std::shared_ptr<Kind> module) : module_(std::move(module)) {}
  template <class First, class... Rest>
  requires(!std::is_same_v<std::decay_t<First>, ModuleHolder> &&
           std::is_constructible_v<Kind, First, Rest...>) explicit ModuleHolder(First&& first,
                                                                                Rest&&... rest)
      : module_(std::make_shared<Kind>(std::forward<First>(first), std::forward<Rest>(rest)...)) {}

  explicit operator bool() const { return module_ != nullptr; }
  bool is_empty() const { return module_ == nullptr; }
  Kind* operator->() const { return module_.get(); }
  Kind& operator*() const { return *module_; }
  const std::shared_ptr<Kind>& ptr() const { return module_; }
  template <class... Arguments>
  auto operator()(Arguments&&... arguments) const {
    return module_->forward(std::forward<Arguments>(arguments)...);
  }

 private:
  std::shared_ptr<Kind> module_;
};

}  // namespace nn
}  // namespace weft::tensors
