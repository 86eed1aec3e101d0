#include "align/json_renderer.h"

#include <charconv>
#include <nlohmann/json.hpp>

#include "align/weight_text.h"
#include "base/utf8.h"

namespace weft {
namespace {

using Json = nlohmann::ordered_json;  // keys in the order they are written here

/// The double whose shortest form is weight_text(weight), which the JSON writer then prints.
double rounded(float weight) {
  const std::string text = weight_text(weight);
  double value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

Json side(std::string_view line, const std::vector<AlignedToken>& tokens) {
  Json list = Json::array();
  for (const AlignedToken& token : tokens) {
    const Span characters = to_code_points(line, token.span);
    Json entry{{"text", token.text}, {"begin", characters.begin}, {"end", characters.end}};
    if (token.end_of_sentence) entry["end_of_sentence"] = true;
    list.push_back(std::move(entry));
  }
  return {{"text", line}, {"tokens", std::move(list)}};
}

Json rows(const AlignmentMatrix& matrix) {
  Json all = Json::array();
  for (std::size_t row = 0; row < matrix.rows(); ++row) {
    Json weights = Json::array();
    for (std::size_t column = 0; column < matrix.columns(); ++column) {
      weights.push_back(rounded(matrix.at(row, column)));
    }
    all.push_back(std::move(weights));
  }
  return all;
}

}  // namespace

std::string render_json(const AlignmentMatrix& matrix, const AlignmentContext& context,
                        const std::vector<Link>& links) {
  Json object;
  object["id"] = context.id;
  if (context.score) object["score"] = *context.score;
  object["source"] = side(context.source_line, matrix.source);
  object["target"] = side(context.target_line, matrix.target);
  object["matrix"] = rows(matrix);
  object["links"] = Json::array();
  for (const Link& link : links) object["links"].push_back(Json::array({link.source, link.target}));
  return object.dump();
}

}  // namespace weft
