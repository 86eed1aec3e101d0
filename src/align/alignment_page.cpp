#include "align/alignment_page.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <utility>

#include "align/escapes.h"
#include "align/page/embedded.h"
#include "align/svg_text.h"

namespace weft {
namespace {

/// " data-score="-0.5""; "" if there is none.
std::string score_attribute(const std::optional<double>& score) {
  if (!score || !std::isfinite(*score)) return "";
  char text[40];
  std::snprintf(text, sizeof text, " data-score=\"%.6g\"", *score);
  return text;
}

std::string base64(const std::vector<std::uint8_t>& bytes) {
  static constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    const auto byte = [&](std::size_t k) { return at + k < bytes.size() ? bytes[at + k] : 0U; };
    const std::uint32_t bits = byte(0) << 16 | byte(1) << 8 | byte(2);
    for (int shift = 18; shift >= 0; shift -= 6) text += kDigits[bits >> shift & 63];
  }
  const auto padding = (3 - bytes.size() % 3) % 3;
  std::fill_n(text.rbegin(), padding, '=');
  return text;
}

/// 255 is a weight of 1.
std::string weight_bytes(const AlignmentMatrix& matrix) {
  std::vector<std::uint8_t> bytes;
  bytes.reserve(matrix.weights.size());
  for (const float weight : matrix.weights) {
    const float within = weight > 0 ? std::min(weight, 1.0F) : 0.0F;  // not a number: 0
    bytes.push_back(static_cast<std::uint8_t>(std::lround(within * 255)));
  }
  return base64(bytes);
}

/// What align/page/alignments.js reads.
std::string data_of(const PagePanel& panel) {
  nlohmann::json data{{"weights", weight_bytes(panel.matrix)}};
  for (const auto& [name, tokens] :
       {std::pair{"source", &panel.matrix.source}, std::pair{"target", &panel.matrix.target}}) {
    auto& words = data[name] = nlohmann::json::array();
    for (const auto& token : *tokens) words.push_back(shown(token.text));
  }
  auto& links = data["links"] = nlohmann::json::array();
  for (const auto& link : panel.links) links.push_back({link.source, link.target});
  // No "</script>" is in it.
  std::string text;
  const auto json = data.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  for (const char c : json) c == '<' ? text += "\\u003c" : text += c;
  return text;
}

std::string panel_html(const PagePanel& panel) {
  std::string html = "<section" + score_attribute(panel.score) + ">\n";
  if (!panel.name.empty()) html += "<h2>" + xml_text(panel.name) + "</h2>\n";
  html += "<p class=\"strip\" dir=\"auto\">" + xml_text(panel.target) + "</p>\n";
  if (panel.matrix.rows() == 0 || panel.matrix.columns() == 0) return html + "</section>\n";
  html +=
      "<p class=\"told\" aria-live=\"polite\"></p>\n<div class=\"matrix\"></div>\n"
      "<p class=\"save\">";
  if (panel.score && std::isfinite(*panel.score)) {
    char text[64];
    std::snprintf(text, sizeof text, "log probability a word: %.3g", *panel.score);
    html += text;
  }
  return html + "</p>\n<script type=\"application/json\">" + data_of(panel) +
         "</script>\n</section>\n";
}

}  // namespace

std::string page_beginning(std::string_view title) {
  const auto text = xml_text(title);
  return "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>" + text +
         "</title>\n" + std::string(kAlignmentsBegin) + "<h1>" + text + "</h1>\n" +
         std::string(kAlignmentsControls);
}

std::string page_figure(std::size_t number, const PageFigure& figure) {
  const auto n = std::to_string(number);
  // The least probable of the models' translations.
  std::optional<double> score;
  for (const auto& panel : figure.panels)
    if (panel.score && (!score || *panel.score < *score)) score = panel.score;
  std::string html = "<figure data-number=\"" + n + '"' + score_attribute(score) +
                     ">\n<figcaption><b>" + n + ".</b> <p class=\"strip\" dir=\"auto\">" +
                     xml_text(figure.source) + "</p></figcaption>\n<div class=\"panels\">\n";
  for (const auto& panel : figure.panels) {
    check_matrix(panel.matrix);
    html += panel_html(panel);
  }
  return html + "</div></figure>\n";
}

std::string page_end() { return std::string(kAlignmentsEnd); }

}  // namespace weft
