#include "nn/fast_path.h"

#include <torch/types.h>
#include <torch/utils.h>

#include "base/error.h"
#include "base/log.h"
#include "config/enum_names.h"
#include "kernels/matmul.h"

namespace weft {
namespace {

thread_local Precision precision_of_thread = Precision::kFloat32;
thread_local bool plain_on_thread = false;

std::string lack_of(Precision precision, const std::string& setting) {
  return setting + " is " + to_name(precision) +
         ", but this processor (or this build of Weft) has no fast " + to_name(precision) +
         " products";
}

}  // namespace

PrecisionGuard::PrecisionGuard(Precision precision) : outer_(precision_of_thread) {
  precision_of_thread = resolved(precision);
}
PrecisionGuard::~PrecisionGuard() { precision_of_thread = outer_; }
Precision current_precision() { return precision_of_thread; }

Precision resolved(Precision precision) {
  if (precision != Precision::kAuto) return precision;
  return kernels::has_products_in(Precision::kBfloat16) ? Precision::kBfloat16
                                                        : Precision::kFloat32;
}

Precision usable_precision(Precision preferred, const std::string& setting) {
  const Precision precision = resolved(preferred);
  if (kernels::has_products_in(precision)) return precision;
  log_warning(lack_of(precision, setting) + "; float32 is used instead");
  return Precision::kFloat32;
}

void require_products_in(Precision precision, const std::string& setting) {
  if (kernels::has_products_in(resolved(precision))) return;
  throw UserError(lack_of(precision, setting) + "; expected auto or float32");
}

PlainGuard::PlainGuard() : outer_(plain_on_thread) { plain_on_thread = true; }
PlainGuard::~PlainGuard() { plain_on_thread = outer_; }

bool use_kernels(const torch::Tensor& x) {
  return x.device().is_cpu() && x.scalar_type() == torch::kFloat32 && !plain_on_thread;
}

bool use_search_kernels(const torch::Tensor& x) {
  return use_kernels(x) && !torch::GradMode::is_enabled();
}

}  // namespace weft
