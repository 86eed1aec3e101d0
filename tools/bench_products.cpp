// weft bench products: who computes each matrix product of a model on this processor, beside who
// else could, and what the processor has no fast products in.

#include <torch/types.h>
#include <torch/utils.h>

#include <algorithm>
#include <memory>
#include <set>
#include <utility>

#include "app/model_sources.h"
#include "base/error.h"
#include "base/stopwatch.h"
#include "bench.h"
#include "bench_report.h"
#include "config/enum_names.h"
#include "kernels/byte_panels.h"
#include "kernels/machine.h"
#include "kernels/matmul.h"
#include "kernels/panel_matrix.h"
#include "model/model_directory.h"
#include "nn/tensor_library.h"
#include "options.h"

namespace weft {
namespace {

using kernels::Write;
using nlohmann::json;

/// y = x W^T with W [outputs, inputs].
struct Shape {
  int64_t inputs, outputs;
  auto operator<=>(const Shape&) const = default;
};

struct BenchProductsArguments {
  std::string model;
  std::vector<int64_t> rows{1, 16, 64, 1000};
  std::vector<std::string> precisions{"float32", "bfloat16", "int8"};
  std::optional<std::string> json_path;
};

/// Of a GRU of 512 units that reads 512 values, or 1024, and of 8,000 tokens.
const std::vector<Shape> kCommonShapes{{512, 1536}, {1024, 1536}, {256, 8000}};

/// Those of the weights that the model multiplies with.
std::vector<Shape> shapes_of(const std::string& directory) {
  const auto parameters = load_model(directory).model->named_parameters();
  const bool is_tied = !parameters.contains("output_weight");
  std::set<Shape> shapes;
  for (const auto& parameter : parameters) {
    const auto& name = parameter.key();
    const bool is_table = name.ends_with("_embedding") && !(is_tied && name == "target_embedding");
    const auto& weight = parameter.value();
    if (weight.dim() == 2 && !is_table) shapes.insert({weight.size(1), weight.size(0)});
  }
  return {shapes.begin(), shapes.end()};
}

/// Floating-point operations a second of a product, the best of some rounds: of one thread, other
/// work can only take away from that.
template <class Multiply>
double rate_of(const Shape& shape, int64_t rows, const Multiply& multiply) {
  constexpr int kRounds = 5;
  constexpr double kRoundSeconds = 0.01;
  multiply();  // compiles the product
  double best = 0;
  for (int round = 0; round < kRounds; ++round) {
    const Stopwatch watch;
    int64_t products = 0;
    do {
      multiply();
      ++products;
    } while (watch.seconds() < kRoundSeconds);
    best = std::max(best, static_cast<double>(2 * products * rows * shape.inputs * shape.outputs) /
                              watch.seconds());
  }
  return best;
}

/// A weight and what it is multiplied with, by each way there is.
class Product {
 public:
  Product(const Shape& shape, int64_t rows)
      : shape_(shape),
        rows_(rows),
        x_(torch::randn({rows, shape.inputs})),
        weight_(torch::randn({shape.outputs, shape.inputs})),
        out_(torch::empty({rows, shape.outputs})) {}

  json measured(Precision precision) {
    const kernels::PackedWeight packed(weight_, kernels::WeightUse::kForward, precision);
    const double chosen =
        rate([&] { packed.multiply_all(x_.data_ptr<float>(), rows_, out_.data_ptr<float>()); });
    const std::string maker = packed.maker();
    return {{"rows", rows_},
            {"inputs", shape_.inputs},
            {"outputs", shape_.outputs},
            {"products", maker},
            {"flops_per_second", chosen},
            {"panel_flops_per_second", maker == "Weft" ? json(chosen) : panel_rate(precision)},
            {"libtorch_flops_per_second", libtorch_rate(precision)}};
  }

 private:
  template <class Multiply>
  double rate(const Multiply& multiply) const {
    return rate_of(shape_, rows_, multiply);
  }

  /// Weft's own; none in bfloat16, and none in bytes where they are no faster than float32.
  json panel_rate(Precision precision) {
    if (precision == Precision::kFloat32) return rate_by<kernels::PanelMatrix>();
    if (precision == Precision::kInt8 && kernels::has_fast_byte_panels())
      return rate_by<kernels::BytePanelMatrix>();
    return nullptr;
  }

  template <class Panels>
  json rate_by() {
    const Panels panels(kernels::MatrixView{weight_.data_ptr<float>(), shape_.inputs,
                                            shape_.outputs, 1, shape_.inputs});
    return rate([&] {
      panels.multiply(x_.data_ptr<float>(), rows_, out_.data_ptr<float>(), Write::kReplace);
    });
  }

  json libtorch_rate(Precision precision) {
    if (precision != Precision::kFloat32) return nullptr;
    const auto transposed = weight_.t();
    return rate([&] { torch::mm_out(out_, x_, transposed); });
  }

  Shape shape_;
  int64_t rows_;
  torch::Tensor x_, weight_, out_;
};

/// What stands in the place of a precision in which the processor has no fast products.
json lacking() {
  json setting{{"products", "none"}};
  for (const char* key : {"rows", "inputs", "outputs", "flops_per_second", "panel_flops_per_second",
                          "libtorch_flops_per_second"})
    setting[key] = nullptr;
  return setting;
}

std::vector<BenchColumn> product_columns() {
  return {{"", "precision", "precision"},
          {"", "rows", "rows"},
          {"", "inputs", "inputs"},
          {"", "outputs", "outputs"},
          {"products", "by", "products"},
          {"their", "GFLOP/s", "flops_per_second", 1e-9, 1},
          {"panels'", "GFLOP/s", "panel_flops_per_second", 1e-9, 1},
          {"LibTorch's", "GFLOP/s", "libtorch_flops_per_second", 1e-9, 1}};
}

void run_bench_products(const BenchProductsArguments& arguments) {
  const auto precisions = precisions_of(arguments.precisions);
  if (std::find(precisions.begin(), precisions.end(), Precision::kAuto) != precisions.end())
    throw UserError("--precision is auto; expected float32, bfloat16 or int8");
  use_machine(1);
  const auto shapes = arguments.model.empty() ? kCommonShapes : shapes_of(arguments.model);
  BenchReport report(product_columns(), arguments.json_path,
                     arguments.model.empty() ? std::vector<std::string>()
                                             : with_model_files({}, {arguments.model}));
  const auto add = [&](Precision precision, json setting) {
    setting["command"] = "products";
    setting["precision"] = to_name(precision);
    setting["machine"]["libtorch"] = libtorch_version();
    report.add(std::move(setting));
  };
  for (const auto precision : precisions) {
    if (!kernels::has_products_in(precision)) {
      add(precision, lacking());
      continue;
    }
    for (const auto& shape : shapes)
      for (const int64_t rows : arguments.rows)
        add(precision, Product(shape, rows).measured(precision));
  }
}

}  // namespace

void add_bench_products_command(CLI::App& bench) {
  auto* command = bench.add_subcommand(
      "products", "Show who computes which matrix product on this processor, and how fast");
  auto arguments = std::make_shared<BenchProductsArguments>();
  command->add_option("-m,--model", arguments->model,
                      "Model directory whose products are measured [those of usual sizes]");
  command
      ->add_option("--rows", arguments->rows,
                   "Numbers of rows (hypotheses, or sentences of a batch), separated by commas")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->check(integer_in(batch_size()))
      ->capture_default_str();
  command->add_option("--precision", arguments->precisions, "Precisions, separated by commas")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->capture_default_str();
  add_bench_json_option(*command, arguments->json_path);
  command->callback([arguments] { run_bench_products(*arguments); });
}

}  // namespace weft
