#include "align/json_reader.h"

#include <nlohmann/json.hpp>
#include <stdexcept>
#include <utility>

namespace weft {
namespace {

using Tokens = std::vector<AlignedToken>;

Tokens tokens_of(const nlohmann::json& side) {
  Tokens tokens;
  for (const auto& token : side.at("tokens"))
    tokens.push_back({token.value("piece", token.at("text").get<std::string>()),
                      {},
                      token.value("end_of_sentence", false)});
  return tokens;
}

ReadAlignment alignment_of(const nlohmann::json& line) {
  ReadAlignment alignment;
  alignment.id = line.at("id").get<std::size_t>();
  if (line.contains("score")) alignment.score = line["score"].get<double>();
  alignment.source = line.at("source").at("text").get<std::string>();
  alignment.target = line.at("target").at("text").get<std::string>();
  if (!line["source"].contains("tokens"))
    throw std::invalid_argument("has '" + alignment.source +
                                "' for its source; expected a text with its tokens");
  auto& matrix = alignment.matrix;
  matrix.source = tokens_of(line["source"]);
  matrix.target = tokens_of(line["target"]);
  for (const auto& row : line.at("matrix"))
    for (const auto& weight : row)
      matrix.weights.push_back(weight.is_null() ? 0 : weight.get<float>());
  if (matrix.weights.size() != matrix.rows() * matrix.columns())
    throw std::invalid_argument("has a matrix of another size than its tokens");
  for (const auto& link : line.at("links")) {
    alignment.links.push_back({link.at(0).get<int>(), link.at(1).get<int>()});
    const auto [source, target, sure] = alignment.links.back();
    if (source < 0 || target < 0 || std::cmp_greater_equal(source, matrix.columns()) ||
        std::cmp_greater_equal(target, matrix.rows()))
      throw std::invalid_argument("has a link beyond its tokens");
  }
  return alignment;
}

}  // namespace

ReadAlignment read_json_alignment(std::string_view line) {
  try {
    return alignment_of(nlohmann::json::parse(line));
  } catch (const nlohmann::json::exception&) {
    throw std::invalid_argument("is no alignment in JSON; expected what --alignment json writes");
  }
}

}  // namespace weft
