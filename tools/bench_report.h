#pragma once
// What `weft bench` has measured: a table for people, JSON Lines for programs.

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "app/output.h"
#include "config/training_options.h"

namespace weft {

/// A column of the table, and where in a setting's JSON its value is.
struct BenchColumn {
  std::string heading;     ///< first line of the heading
  std::string subheading;  ///< second line
  std::string key;
  double factor = 1;  ///< from the unit in the JSON to that in the table
  int decimals = 0;
};

/// Prints a row for every setting as soon as it is there.
class BenchReport {
 public:
  /// `json_path`: a file that gets an object a line beside the table; "-": they are printed instead
  /// of the table. Throws UserError if the file cannot be written, or is one of `inputs`.
  BenchReport(std::vector<BenchColumn> columns, const std::optional<std::string>& json_path,
              const std::vector<std::string>& inputs);
  /// Adds the facts about the machine to `setting`. Its values are texts, numbers, or null.
  void add(nlohmann::json setting);

 private:
  void print_headings();
  void print_row(const std::vector<std::string>& cells);

  std::vector<BenchColumn> columns_;
  std::optional<Output> json_;
  bool prints_table_;
  bool is_empty_ = true;
};

/// What both kinds of measurement count.
struct BenchCounts {
  double seconds = 0;
  int64_t source_words = 0, target_words = 0;
  int64_t source_pieces = 0, target_pieces = 0;
  double flops = 0;                    ///< that the mathematics needs
  double matmul_flops_per_second = 0;  ///< see MatmulRate
};

/// Counts, rates and the model FLOPs utilisation.
nlohmann::json to_json(const BenchCounts& counts);

/// Of --precision. Throws UserError for a name that is none.
std::vector<Precision> precisions_of(const std::vector<std::string>& names);

}  // namespace weft
