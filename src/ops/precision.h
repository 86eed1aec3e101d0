#pragma once
// In which precision a device has fast products.

#include <torch/types.h>

#include <string>
#include <vector>

#include "config/training_options.h"

namespace weft {

/// Whether the device has fast products in this precision; kAuto is none.
bool has_products_in(Precision precision, const torch::Device& device);

/// Whose products with packed weights the device gets in this precision: "oneDNN", "Weft" or
/// "LibTorch".
std::string maker_of_products(Precision precision, const torch::Device& device);

/// What kAuto stands for: on a processor bfloat16 where it has fast products in it, otherwise
/// float32. Every other precision is itself.
Precision resolved(Precision precision, const torch::Device& device = torch::kCPU);

/// A precision that a file prefers, as far as the device goes: float32, and a line in the log
/// that names `setting`, where it has no fast products in `preferred`. Never kAuto.
Precision usable_precision(Precision preferred, const std::string& setting,
                           const torch::Device& device = torch::kCPU);

/// Those that the precision of a translation can be in, and of a training: int8 has no gradients.
inline const std::vector<Precision> kTranslationPrecisions{Precision::kFloat32,
                                                           Precision::kBfloat16, Precision::kInt8};
inline const std::vector<Precision> kTrainingPrecisions{Precision::kFloat32, Precision::kBfloat16};

/// A precision that a person demands: throws UserError, which names `setting` and those of
/// `choices` that the device is fast in, where it has no fast products in that one.
void require_products_in(Precision precision, const std::string& setting,
                         const torch::Device& device = torch::kCPU,
                         const std::vector<Precision>& choices = kTranslationPrecisions);

}  // namespace weft
