#include "align/json_renderer.h"

#include <cmath>
#include <nlohmann/json.hpp>

#include "align/confidence.h"
#include "align/weight_text.h"
#include "base/utf8.h"

namespace weft {
namespace {

using Json = nlohmann::ordered_json;  // keys in the order they are written here

Json token_entry(std::string_view line, const AlignedToken& token, CodePointCounter& counter) {
  const Span characters = counter(token.span);
  const auto text = line.substr(token.span.begin, token.span.end - token.span.begin);
  Json entry;
  entry["text"] = token.end_of_sentence ? token.text : text;
  if (!token.end_of_sentence && token.text != text) entry["piece"] = token.text;
  entry["begin"] = characters.begin;
  entry["end"] = characters.end;
  if (token.end_of_sentence) entry["end_of_sentence"] = true;
  return entry;
}

Json side(std::string_view line, const std::vector<AlignedToken>& tokens) {
  CodePointCounter counter(line);
  Json list = Json::array();
  for (const AlignedToken& token : tokens) list.push_back(token_entry(line, token, counter));
  return {{"text", line}, {"tokens", std::move(list)}};
}

/// A weight as JSON writes a number with a fraction: "0.25", "1.0", "8.57848e-05".
std::string weight_json(float weight) {
  if (!std::isfinite(weight)) return "null";
  std::string text = weight_text(weight);
  if (text.find_first_of(".e") == std::string::npos) text += ".0";
  return text;
}

/// Written straight into text: a long line has millions of weights.
std::string rows(const AlignmentMatrix& matrix) {
  std::string text = "[";
  for (std::size_t row = 0; row < matrix.rows(); ++row) {
    text += row > 0 ? ",[" : "[";
    for (std::size_t column = 0; column < matrix.columns(); ++column) {
      if (column > 0) text += ',';
      text += weight_json(matrix.at(row, column));
    }
    text += ']';
  }
  return text + "]";
}

std::string pairs(const std::vector<Link>& links) {
  std::string text = "[";
  for (const Link& link : links) {
    if (text.size() > 1) text += ',';
    text += '[' + std::to_string(link.source) + ',' + std::to_string(link.target) + ']';
  }
  return text + "]";
}

Json to_object(const Confidence& confidence) {
  // Six digits, as weights have.
  const auto rounded = [](double value) { return std::round(value * 1e6) / 1e6; };
  Json object;
  object["coverage"] = rounded(confidence.coverage);
  object["entropy"] = rounded(confidence.entropy);
  object["unaligned"] = confidence.unaligned;
  object["hallucination"] = confidence.hallucination;
  return object;
}

}  // namespace

std::string render_json(const AlignmentMatrix& matrix, const AlignmentContext& context,
                        const std::vector<Link>& links) {
  Json object;
  object["id"] = context.id;
  if (context.score) object["score"] = *context.score;
  object["source"] =
      matrix.item.empty() ? side(context.source_line, matrix.source) : Json{{"text", matrix.item}};
  if (matrix.grid_rows > 0) object["grid"] = {matrix.grid_rows, matrix.grid_columns};
  object["target"] = side(context.target_line, matrix.target);
  if (context.tagged) object["tagged"] = *context.tagged;
  if (!context.from.empty()) object["from"] = context.from;
  if (context.from == "attention" && matrix.item.empty())
    object["confidence"] = to_object(confidence_of(drop_end_of_sentence(matrix)));
  std::string text = object.dump();
  text.pop_back();  // the brace that ends it
  return text + ",\"matrix\":" + rows(matrix) + ",\"links\":" + pairs(links) + "}";
}

}  // namespace weft
