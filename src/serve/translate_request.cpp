#include "serve/translate_request.h"

#include <algorithm>
#include <utility>

#include "serve/request_error.h"

namespace weft {
namespace {

/// What a list of translations may be long.
Range list_lengths(const RequestLimits& limits) {
  return within(1, static_cast<double>(limits.beam_size));
}

std::string language_or_any(std::optional<std::string> code) {
  return !code || *code == "auto" ? "" : std::move(*code);
}

/// Translations that are drawn, instead of the best.
void read_sampling(Fields& fields, const RequestLimits& limits, TranslateRequest& request) {
  request.samples = fields.integer("samples", list_lengths(limits));
  auto& sampling = request.sampling;
  const auto temperature = fields.number("temperature", above_up_to(0, 100));
  const auto top_p = fields.number("top_p", above_up_to(0, 1));
  const auto top_k = fields.integer("top_k", within(0, 1e6));
  if (!request.samples) {
    if (temperature || top_p || top_k)
      throw RequestError("'temperature', 'top_p' and 'top_k' are of 'samples', which is not given");
    return;
  }
  for (const char* name : {"n_best", "beam_size"})
    if (fields.has(name))
      throw RequestError("the request has both 'samples' and '" + std::string(name) + "'");
  sampling.method = SamplingMethod::kGumbel;
  sampling.temperature = temperature.value_or(sampling.temperature);
  sampling.top_p = top_p.value_or(sampling.top_p);
  sampling.top_k = top_k.value_or(sampling.top_k);
}

TranslateRequest read_own_request(Fields& fields, const RequestLimits& limits) {
  TranslateRequest request;
  request.texts = *fields.texts("text");
  request.model = fields.text("model").value_or("");
  request.source_language = language_or_any(fields.text("source_language"));
  request.target_language = language_or_any(fields.text("target_language"));
  request.beam_size = fields.integer("beam_size", list_lengths(limits));
  request.n_best = fields.integer("n_best", list_lengths(limits));
  read_sampling(fields, limits, request);
  request.with_alignment = fields.flag("alignment").value_or(false);
  request.keeps_tags = fields.flag("tags").value_or(false);
  request.streams = fields.flag("stream").value_or(false);
  fields.require_all_known();
  return request;
}

/// The field that must be there.
template <class Value>
Value required(std::optional<Value> value, const std::string& name) {
  if (!value) throw RequestError("the request has no '" + name + "'");
  return std::move(*value);
}

TranslateRequest read_libretranslate_request(Fields& fields, const RequestLimits& limits) {
  TranslateRequest request;
  request.form = RequestForm::kLibreTranslate;
  request.texts = *fields.texts("q");
  request.source_language = language_or_any(required(fields.text("source"), "source"));
  request.target_language = required(fields.text("target"), "target");
  const auto format = fields.text("format").value_or("text");
  if (format != "text" && format != "html")
    throw RequestError("'format' is '" + format + "'; expected text or html");
  request.keeps_tags = format == "html";
  // A number that is preferred, says its documentation: fewer are no mistake.
  const auto alternatives = fields.integer("alternatives", within(0, 1000)).value_or(0);
  request.n_best = std::min(alternatives + 1, limits.beam_size);
  return request;
}

std::vector<std::string> split_lines(const std::string& text) {
  std::vector<std::string> lines(1);
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\n' && text[i] != '\r') {
      lines.back() += text[i];
      continue;
    }
    if (text[i] == '\r' && i + 1 < text.size() && text[i + 1] == '\n') ++i;
    lines.emplace_back();
  }
  return lines;
}

}  // namespace

TranslateRequest read_translate_request(Fields& fields, const RequestLimits& limits) {
  if (fields.has("text") && fields.has("q"))
    throw RequestError("the request has both 'text' (Weft's form) and 'q' (LibreTranslate's)");
  if (fields.has("q")) return read_libretranslate_request(fields, limits);
  if (fields.has("text")) return read_own_request(fields, limits);
  throw RequestError(
      "the request has no 'text' (nor LibreTranslate's 'q'); JSON needs the header Content-Type: "
      "application/json");
}

TranslateRequest read_deepl_request(Fields& fields) {
  TranslateRequest request;
  request.form = RequestForm::kDeepL;
  request.texts = required(fields.texts("text"), "text");
  request.texts.is_list = true;
  request.source_language = language_or_any(fields.text("source_lang"));
  request.target_language = required(fields.text("target_lang"), "target_lang");
  const auto tags = fields.text("tag_handling").value_or("");
  if (!tags.empty() && tags != "xml" && tags != "html")
    throw RequestError("'tag_handling' is '" + tags + "'; expected xml or html");
  request.keeps_tags = !tags.empty();
  if (fields.has("glossary_id"))
    throw RequestError("'glossary_id' is given; there are no glossaries here");
  const auto formality = fields.text("formality").value_or("default");
  if (formality == "more" || formality == "less")
    throw RequestError("'formality' is '" + formality + "'; the models here have no choice of it");
  return request;
}

namespace {

TranslateRequest read_pair_request(Fields& fields) {
  TranslateRequest request;
  request.texts = required(fields.texts("source"), "source");
  request.model = fields.text("model").value_or("");
  request.source_language = language_or_any(fields.text("source_language"));
  request.target_language = language_or_any(fields.text("target_language"));
  auto targets = required(fields.texts("target"), "target");
  fields.require_all_known();
  if (targets.is_list != request.texts.is_list ||
      targets.texts.size() != request.texts.texts.size())
    throw RequestError("'source' has " + std::to_string(request.texts.texts.size()) +
                       " texts and 'target' " + std::to_string(targets.texts.size()) +
                       "; expected as many, both lists or both texts");
  request.targets = std::move(targets.texts);
  return request;
}

}  // namespace

TranslateRequest read_align_request(Fields& fields) {
  auto request = read_pair_request(fields);
  request.with_alignment = true;
  return request;
}

TranslateRequest read_score_request(Fields& fields) {
  auto request = read_pair_request(fields);
  request.scores = true;
  return request;
}

std::vector<RequestLine> lines_of(const TranslateRequest& request, const RequestLimits& limits) {
  std::vector<RequestLine> lines;
  const auto check = [&](const std::string& line) {
    if (line.size() > limits.line_bytes)
      throw RequestError("line " + std::to_string(lines.size() + 1) + " has " +
                             std::to_string(line.size()) + " bytes; expected at most " +
                             std::to_string(limits.line_bytes),
                         413);
  };
  for (std::size_t k = 0; k < request.texts.texts.size(); ++k) {
    auto sources = split_lines(request.texts.texts[k]);
    std::vector<std::string> targets(sources.size());
    if (!request.targets.empty()) targets = split_lines(request.targets[k]);
    if (targets.size() != sources.size())
      throw RequestError("text " + std::to_string(k + 1) + " has " +
                         std::to_string(sources.size()) + " lines and its translation " +
                         std::to_string(targets.size()));
    for (std::size_t i = 0; i < sources.size(); ++i) {
      check(sources[i]);
      check(targets[i]);
      lines.push_back({k, std::move(sources[i]), std::move(targets[i])});
      if (lines.size() > limits.lines)
        throw RequestError("the request has more than " + std::to_string(limits.lines) + " lines",
                           413);
    }
  }
  return lines;
}

}  // namespace weft
