#include "bench_report.h"

#include <algorithm>
#include <cstdio>
#include <iostream>
#include <thread>
#include <utility>

#include "base/error.h"
#include "base/messages.h"
#include "base/resources.h"
#include "base/version.h"
#include "config/enum_names.h"

namespace weft {
namespace {

using nlohmann::json;

constexpr const char* kNothing = "-";
constexpr std::size_t kGap = 2;

json machine_facts() {
  return {{"processor", processor_name()},
          {"cores", std::thread::hardware_concurrency()},
          {"weft", version()}};
}

std::string cell_text(const json& value, const BenchColumn& column) {
  if (value.is_null()) return kNothing;
  if (value.is_string()) return value.get<std::string>();
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", column.decimals, value.get<double>() * column.factor);
  return text;
}

std::size_t width(const BenchColumn& column) {
  constexpr std::size_t kLeast = 8;  // room for the values
  return std::max({column.heading.size(), column.subheading.size(), kLeast});
}

}  // namespace

BenchReport::BenchReport(std::vector<BenchColumn> columns,
                         const std::optional<std::string>& json_path,
                         const std::vector<std::string>& inputs)
    : columns_(std::move(columns)), prints_table_(json_path != "-") {
  require_output_is_no_input("-", inputs);
  if (json_path) json_.emplace(*json_path, inputs);
}

void BenchReport::add(json setting) {
  setting["machine"].update(machine_facts());
  const bool is_first = std::exchange(is_empty_, false);
  if (json_) {
    if (is_first) json_->start();
    json_->stream() << setting << '\n';
    json_->flush();
  }
  if (!prints_table_) return;
  if (is_first) print_headings();
  std::vector<std::string> cells;
  for (const auto& column : columns_) cells.push_back(cell_text(setting.at(column.key), column));
  print_row(cells);
}

void BenchReport::print_headings() {
  std::vector<std::string> headings, subheadings;
  for (const auto& column : columns_) {
    headings.push_back(column.heading);
    subheadings.push_back(column.subheading);
  }
  print_row(headings);
  print_row(subheadings);
}

void BenchReport::print_row(const std::vector<std::string>& cells) {
  std::string row;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const auto room = width(columns_[i]) + (i == 0 ? 0 : kGap);
    row += std::string(room - std::min(room, cells[i].size()), ' ') + cells[i];
  }
  std::cout << row << std::endl;
}

json to_json(const BenchCounts& counts) {
  const double flops_per_second = counts.flops / counts.seconds;
  json result{{"seconds", counts.seconds},
              {"flops", counts.flops},
              {"flops_per_second", flops_per_second},
              {"matmul_flops_per_second", counts.matmul_flops_per_second},
              {"model_flops_utilisation", flops_per_second / counts.matmul_flops_per_second}};
  const auto add = [&](const std::string& name, int64_t count) {
    result[name] = count;
    result[name + "_per_second"] = static_cast<double>(count) / counts.seconds;
  };
  add("source_words", counts.source_words);
  add("target_words", counts.target_words);
  add("source_pieces", counts.source_pieces);
  add("target_pieces", counts.target_pieces);
  return result;
}

std::vector<Precision> precisions_of(const std::vector<std::string>& names) {
  std::vector<Precision> precisions;
  for (const auto& name : names) {
    if (!from_name(name, precisions.emplace_back()))
      throw UserError("--precision: " + unknown_name("precision", name, all_names<Precision>()));
  }
  return precisions;
}

}  // namespace weft
