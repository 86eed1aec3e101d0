#pragma once
// By the name of LibTorch's header: functions with gradients, of which only the values are
// computed.

#include <torch/utils.h>

#include <map>
#include <string>
#include <utility>

namespace weft::tensors::autograd {

using tensor_list = std::vector<Tensor>;
using variable_list = tensor_list;

/// What a function keeps for its gradients: nothing.
struct AutogradContext {
  struct Value {
    template <class T>
    Value& operator=(const T& /*value*/) {
      return *this;
    }
    int64_t toInt() const { return 0; }
    bool toBool() const { return false; }
  };
  std::map<std::string, Value> saved_data;
  void save_for_backward(const tensor_list& /*tensors*/) {}
  void mark_non_differentiable(const tensor_list& /*tensors*/) {}
  static tensor_list get_saved_variables() { return {}; }
  static bool needs_input_grad(std::size_t /*input*/) { return false; }
};

template <class Kind>
struct Function {
  template <class... Arguments>
  static auto apply(Arguments&&... arguments) {
    AutogradContext context;
    return Kind::forward(&context, std::forward<Arguments>(arguments)...);
  }
};

}  // namespace weft::tensors::autograd
