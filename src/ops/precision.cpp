#include "ops/precision.h"

#include <torch/types.h>

#include "base/error.h"
#include "base/log.h"
#include "base/messages.h"
#include "config/enum_names.h"
#include "kernels/matmul.h"

namespace weft {
namespace {

std::string lack_of(Precision precision, const std::string& setting, const torch::Device& device) {
  const std::string where =
      device.is_cpu() ? "this processor (or this build of Weft)" : "a GPU (" + device.str() + ")";
  return setting + " is " + to_name(precision) + ", but " + where + " has no fast " +
         to_name(precision) + " products";
}

}  // namespace

bool has_products_in(Precision precision, const torch::Device& device) {
  if (device.is_cpu()) return kernels::has_products_in(precision);
  return precision == Precision::kFloat32 || precision == Precision::kBfloat16;
}

std::string maker_of_products(Precision precision, const torch::Device& device) {
  return device.is_cpu() ? kernels::maker_of_products(precision) : "LibTorch";
}

Precision resolved(Precision precision, const torch::Device& device) {
  if (precision != Precision::kAuto) return precision;
  if (!device.is_cpu()) return Precision::kFloat32;
  return kernels::has_products_in(Precision::kBfloat16) ? Precision::kBfloat16
                                                        : Precision::kFloat32;
}

Precision usable_precision(Precision preferred, const std::string& setting,
                           const torch::Device& device) {
  const Precision precision = resolved(preferred, device);
  if (has_products_in(precision, device)) return precision;
  log_warning(lack_of(precision, setting, device) + "; float32 is used instead");
  return Precision::kFloat32;
}

void require_products_in(Precision precision, const std::string& setting,
                         const torch::Device& device, const std::vector<Precision>& choices) {
  if (has_products_in(resolved(precision, device), device)) return;
  std::vector<std::string> names{to_name(Precision::kAuto)};
  for (const auto choice : choices)
    if (has_products_in(choice, device)) names.push_back(to_name(choice));
  throw UserError(lack_of(precision, setting, device) + "; expected " + join_alternatives(names));
}

}  // namespace weft
