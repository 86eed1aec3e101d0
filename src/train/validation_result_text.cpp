#include "train/validation_result_text.h"

#include <cstdio>
#include <cstdlib>
#include <nlohmann/json.hpp>

namespace weft {
namespace {

using nlohmann::json;

/// JSON knows no number that is not finite.
json exact(double number) {
  char text[40];
  std::snprintf(text, sizeof text, "%a", number);
  return text;
}
double number_of(const json& text) { return std::strtod(text.get<std::string>().c_str(), nullptr); }

json exact_if_there(const std::optional<double>& number) {
  return number ? exact(*number) : json();
}

std::optional<double> number_if_there(const json& text) {
  return text.is_null() ? std::nullopt : std::optional(number_of(text));
}

}  // namespace

std::string result_text(const std::optional<ValidationResult>& result) {
  if (!result) return "null";
  return json{{"loss", exact(result->loss)},
              {"perplexity", exact(result->perplexity)},
              {"bleu", exact(result->bleu)},
              {"chrf", exact(result->chrf)},
              {"aer", exact_if_there(result->aer)},
              {"head_aer", exact_if_there(result->head_aer)},
              {"command", exact_if_there(result->command)},
              {"alignment_shift", result->alignment_shift}}
      .dump();
}

std::optional<ValidationResult> result_from(const std::string& text) {
  const auto object = json::parse(text);
  if (object.is_null()) return std::nullopt;
  ValidationResult result;
  result.loss = number_of(object.at("loss"));
  result.perplexity = number_of(object.at("perplexity"));
  result.bleu = number_of(object.at("bleu"));
  result.chrf = number_of(object.at("chrf"));
  result.aer = number_if_there(object.at("aer"));
  result.head_aer = number_if_there(object.at("head_aer"));
  result.command = number_if_there(object.at("command"));
  object.at("alignment_shift").get_to(result.alignment_shift);
  return result;
}

}  // namespace weft
