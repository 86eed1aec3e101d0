#include "train/gradient_buckets.h"

#include <torch/csrc/autograd/function_hook.h>
#include <torch/csrc/autograd/variable.h>
#include <torch/types.h>
#include <torch/utils.h>

#include <algorithm>

#include "kernels/weight_gradients.h"

namespace weft {

namespace {
using torch::autograd::Node;
using torch::autograd::variable_list;

constexpr int64_t kAlignment = 16;  // elements: what vector units like
}  // namespace

/// Called when a gradient has been added to that of a parameter, once in a backward pass.
struct GradientBuckets::Hook : torch::autograd::FunctionPostHook {
  Hook(GradientBuckets& to, std::size_t number) : buckets(to), slot(number) {}
  variable_list operator()(const variable_list& outputs, const variable_list& /*inputs*/) override {
    buckets.completed(slot);
    return outputs;
  }
  GradientBuckets& buckets;
  std::size_t slot;
};

GradientBuckets::GradientBuckets(ProcessGroup& group, const std::vector<torch::Tensor>& parameters,
                                 int64_t bucket_bytes)
    : group_(group) {
  for (auto parameter = parameters.rbegin(); parameter != parameters.rend(); ++parameter)
    if (parameter->requires_grad()) slots_.push_back({*parameter, nullptr});
  lay_out(bucket_bytes);
  add_hooks();
}

void GradientBuckets::lay_out(int64_t bucket_bytes) {
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    auto& slot = slots_[i];
    const int64_t size = slot.parameter.numel();
    const auto bytes = static_cast<int64_t>(slot.parameter.element_size());
    const bool fits =
        !buckets_.empty() && (buckets_.back().elements + size) * bytes <= bucket_bytes;
    if (!fits) buckets_.emplace_back();
    auto& bucket = buckets_.back();
    slot.bucket = buckets_.size() - 1;
    slot.begin = bucket.elements;
    bucket.elements += (size + kAlignment - 1) / kAlignment * kAlignment;
    bucket.slots.push_back(i);
  }
  for (auto& bucket : buckets_) {
    for (const auto slot : bucket.slots) slots_[slot].flag = bucket.elements++;
    const auto& like = slots_[bucket.slots.front()].parameter;
    bucket.values = torch::zeros({bucket.elements}, like.options().requires_grad(false));
  }
}

void GradientBuckets::add_hooks() {
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    const auto accumulator = torch::autograd::impl::grad_accumulator(slots_[i].parameter);
    const auto key = accumulator->add_post_hook(std::make_unique<Hook>(*this, i));
    slots_[i].accumulator = std::shared_ptr<void>(
        nullptr, [accumulator, key](void*) { accumulator->del_post_hook(key); });
  }
}

GradientBuckets::~GradientBuckets() = default;

void GradientBuckets::begin(kernels::WeightGradients& collected) {
  collected_ = &collected;
  next_ = 0;
  for (auto& slot : slots_) slot.is_in = false;
  for (auto& bucket : buckets_) bucket.missing = bucket.slots.size();
}

void GradientBuckets::completed(std::size_t slot) {
  if (collected_ == nullptr || slots_[slot].is_in) return;
  // All that uses the parameter has been through the backward pass: what is collected is complete.
  collected_->finish(slots_[slot].parameter);
  put_in(slot);
  set_out();
}

void GradientBuckets::put_in(std::size_t number) {
  const torch::NoGradGuard no_gradient;
  auto& slot = slots_[number];
  auto& bucket = buckets_[slot.bucket];
  const auto& gradient = slot.parameter.grad();
  auto place = bucket.values.narrow(0, slot.begin, slot.parameter.numel());
  if (gradient.defined()) {
    place.copy_(gradient.reshape(-1));
  } else {
    place.zero_();
  }
  bucket.values.narrow(0, slot.flag, 1).fill_(gradient.defined() ? 1 : 0);
  slot.is_in = true;
  --bucket.missing;
}

void GradientBuckets::set_out() {
  for (; next_ < buckets_.size() && buckets_[next_].missing == 0; ++next_)
    buckets_[next_].sum = group_.start_sum(buckets_[next_].values);
}

void GradientBuckets::finish() {
  early_ = next_;
  for (std::size_t i = 0; i < slots_.size(); ++i)
    if (!slots_[i].is_in) put_in(i);
  set_out();
  collected_ = nullptr;
  for (auto& bucket : buckets_) {
    bucket.sum->wait();
    bucket.sum.reset();
    take_out(bucket);
  }
}

void GradientBuckets::take_out(Bucket& bucket) {
  const auto first = slots_[bucket.slots.front()].flag;
  const auto flags = bucket.values.narrow(0, first, static_cast<int64_t>(bucket.slots.size()))
                         .to(torch::kCPU, torch::kFloat64);
  for (std::size_t i = 0; i < bucket.slots.size(); ++i) {
    auto& slot = slots_[bucket.slots[i]];
    auto& gradient = slot.parameter.mutable_grad();
    if (flags.data_ptr<double>()[i] > 0) {
      gradient =
          bucket.values.narrow(0, slot.begin, slot.parameter.numel()).view(slot.parameter.sizes());
    } else {
      gradient.reset();
    }
  }
}

}  // namespace weft
