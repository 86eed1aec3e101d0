#pragma once
// How fast a model translates a file, as `weft translate` does it: measured in the process that
// asks.

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "config/config.h"
#include "model/flops.h"

namespace weft {

struct SpeedTask {
  std::string model;  ///< a directory
  std::string input;  ///< a file that has a line with words
  int threads = 0;    ///< 0: as many as the machine has cores
  int64_t beam_size = 1;
  int64_t batch_sentences = 1;
  Precision precision = Precision::kFloat32;
  DeviceChoice device;
};

struct TranslationSpeed {
  int threads = 0;
  std::string products;  ///< who makes those with packed weights
  std::string libtorch;  ///< its version; "": search was without it
  int64_t lines = 0;
  int64_t source_words = 0, target_words = 0, target_pieces = 0;
  Workload steps;
  double flops = 0;                               ///< that the mathematics needs
  double matmul_flops_per_second = 0;             ///< see MatmulRate
  double seconds = 0;                             ///< for the file
  std::chrono::steady_clock::time_point started;  ///< the first line with words was translated
  std::vector<double> latencies;  ///< seconds for each line with words, given alone, in ascending
                                  ///< order; with batches of one sentence alone
  double peak_megabytes = 0;
};

/// Settings as SpeedSettings have them. Throws UserError where the file or the model cannot be
/// used, and NeedsLibTorch.
TranslationSpeed measure_translation(const SpeedTask& task);

/// The first line with a word in it. Throws UserError if there is none.
std::string first_line_of(const std::string& path);

/// What a model can be measured with here.
struct SpeedSettings {
  Config config;                      ///< the model's
  DeviceChoice device;                ///< that the choice stands for
  std::vector<Precision> precisions;  ///< those asked for; if none are, the model's as far as the
                                      ///< device goes. Never kAuto
};

/// Throws UserError where there is no such model or device, or where the device has no fast
/// products in a precision; NeedsLibTorch as need_of_libtorch() does.
SpeedSettings speed_settings(const std::string& model, const DeviceChoice& device,
                             const std::vector<Precision>& precisions);

}  // namespace weft
