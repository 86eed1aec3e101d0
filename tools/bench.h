#pragma once
// The kinds of `weft bench`, and the options they share.

#include <CLI/CLI.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "config/config.h"

namespace weft {

void add_bench_products_command(CLI::App& bench);
void add_bench_train_command(CLI::App& bench);
void add_bench_translate_command(CLI::App& bench);

/// Where the shared options go.
struct BenchOptions {
  std::vector<int>& threads;
  std::vector<std::string>& precisions;
  std::optional<DeviceChoice>& device;
  std::optional<std::string>& json_path;
  int64_t& measured_from;
};

/// Throws UserError, with `file`, of a model that reads several sources: what is counted is of one.
void require_one_source(const std::string& file, const Config& config);

/// `other_device`: what stands for the device when it is not given.
void add_bench_options(CLI::App& command, const BenchOptions& options,
                       const std::string& other_device);

/// --json.
void add_bench_json_option(CLI::App& command, std::optional<std::string>& path);

}  // namespace weft
