#include "serve/request_job.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/log.h"
#include "config/enum_names.h"
#include "serve/languages.h"
#include "serve/request_error.h"

namespace weft {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kMostAnswerBytes = 64 << 20;

std::vector<LinePair> line_pairs(const std::vector<RequestLine>& lines) {
  std::vector<LinePair> pairs;
  for (const auto& line : lines) pairs.push_back({line.source, line.target});
  return pairs;
}

/// `object` with one more member, whose value is JSON already.
std::string with_member(const Json& object, const std::string& name, const std::string& json) {
  auto text = object.dump();
  text.pop_back();
  return text + (object.empty() ? "" : ",") + Json(name).dump() + ':' + json + '}';
}

std::string joined_by(char separator, const std::vector<std::string>& parts) {
  std::string text;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) text += separator;
    text += parts[i];
  }
  return text;
}

}  // namespace

RequestJob::RequestJob(PreparedRequest prepared, std::shared_ptr<Reply> reply)
    : LineJob(prepared.model, prepared.options, line_pairs(prepared.lines)),
      request_(std::move(prepared.request)),
      model_(std::move(prepared.model)),
      tags_(std::move(prepared.tags)),
      reply_(std::move(reply)),
      answers_(prepared.lines.size()) {
  for (const auto& line : prepared.lines) text_of_line_.push_back(line.text);
}

void RequestJob::send_event(const std::string& name, const std::string& data) {
  if (!std::exchange(has_events_, true)) reply_->start_events();
  reply_->send_event(name, data);
}

void RequestJob::take(std::size_t index, TranslatedLine line) {
  auto& answer = answers_[index];
  if (tags_) {
    answer.texts = tags_->put_back(index, line, model_->rendering());
  } else {
    for (const auto& translation : line.n_best) answer.texts.push_back(translation.text);
  }
  if (request_.form == RequestForm::kWeft) answer.json = line_json(index, line, answer.texts);
  bytes_ += answer.json.size();
  if (bytes_ > kMostAnswerBytes)
    throw RequestError("the answer is longer than " + std::to_string(kMostAnswerBytes) +
                           " bytes; expected fewer lines, n_best or alignments at a time",
                       413);
  if (!request_.streams) return;
  send_event("line", answer.json);
  answer = {};
}

std::string RequestJob::alignment_json(std::size_t index, const TranslatedLine& line,
                                       const Translation& translation,
                                       const std::string* tagged) const {
  const std::string from = to_name(model_->alignment_from());
  AlignmentContext context{index, translation.log_prob, line.source, translation.text,
                           from,  std::nullopt};
  if (tagged != nullptr) context.tagged = *tagged;
  return render(translation.alignment, context, AlignmentFormat::kJson, model_->rendering());
}

std::string RequestJob::score_json(const TranslatedLine& line) {
  const auto& scored = line.n_best.front();
  Json object{{"log_prob", scored.log_prob}, {"score", scored.score}, {"tokens", scored.tokens}};
  if (line.cut_tokens > 0) object["cut_tokens"] = line.cut_tokens;
  object["word_log_probs"] = scored.word_log_probs;
  return object.dump();
}

std::string RequestJob::line_json(std::size_t index, const TranslatedLine& line,
                                  const std::vector<std::string>& texts) const {
  if (options().aligns_given) return alignment_json(index, line, line.n_best.front(), nullptr);
  if (options().scores_given) return score_json(line);
  std::vector<std::string> list;
  for (std::size_t k = 0; k < line.n_best.size(); ++k) {
    const auto& translation = line.n_best[k];
    Json entry{{"text", texts[k]},
               {"log_prob", translation.log_prob},
               {"score", translation.score},
               {"finished", translation.finished}};
    list.push_back(
        request_.with_alignment
            ? with_member(entry, "alignment",
                          alignment_json(index, line, translation, tags_ ? &texts[k] : nullptr))
            : entry.dump());
  }
  Json object;
  if (request_.streams) object = {{"text", text_of_line_[index]}, {"line", index}};
  object["source"] = line.source;
  if (line.cut_tokens > 0) object["cut_tokens"] = line.cut_tokens;
  return with_member(object, "n_best", '[' + joined_by(',', list) + ']');
}

std::string RequestJob::joined(std::size_t text, std::size_t k) const {
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < answers_.size(); ++i) {
    const auto& texts = answers_[i].texts;  // a blank line has one
    if (text_of_line_[i] == text) lines.push_back(texts[std::min(k, texts.size() - 1)]);
  }
  return joined_by('\n', lines);
}

std::string RequestJob::own_answer() const {
  std::vector<std::string> texts;
  for (std::size_t text = 0; text < request_.texts.texts.size(); ++text) {
    std::vector<std::string> lines;
    for (std::size_t i = 0; i < answers_.size(); ++i)
      if (text_of_line_[i] == text) lines.push_back(answers_[i].json);
    Json object = Json::object();
    if (request_.targets.empty()) object["text"] = joined(text, 0);
    texts.push_back(with_member(object, "lines", '[' + joined_by(',', lines) + ']'));
  }
  return with_member({{"model", model_->spec().name}},
                     options().aligns_given   ? "alignments"
                     : options().scores_given ? "scores"
                                              : "translations",
                     '[' + joined_by(',', texts) + ']');
}

std::string RequestJob::libretranslate_answer() const {
  Json texts = Json::array(), alternatives = Json::array();
  for (std::size_t text = 0; text < request_.texts.texts.size(); ++text) {
    texts.push_back(joined(text, 0));
    std::size_t most = 0;
    for (std::size_t i = 0; i < answers_.size(); ++i)
      if (text_of_line_[i] == text) most = std::max(most, answers_[i].texts.size());
    auto& others = alternatives.emplace_back(Json::array());
    for (std::size_t k = 1; k < most; ++k) others.push_back(joined(text, k));
  }
  Json object;
  if (request_.n_best > 1)
    object["alternatives"] = request_.texts.is_list ? alternatives : alternatives[0];
  if (request_.source_language.empty()) {
    object["detectedLanguage"] = {{"confidence", 0}, {"language", model_->spec().source_language}};
    if (request_.texts.is_list)
      object["detectedLanguage"] = Json(texts.size(), object["detectedLanguage"]);
  }
  object["translatedText"] = request_.texts.is_list ? texts : texts[0];
  return object.dump();
}

std::string RequestJob::deepl_answer() const {
  Json list = Json::array();
  for (std::size_t text = 0; text < request_.texts.texts.size(); ++text)
    list.push_back({{"detected_source_language", in_capitals(model_->spec().source_language)},
                    {"text", joined(text, 0)}});
  return Json{{"translations", list}}.dump();
}

void RequestJob::finish() {
  if (request_.streams) {
    send_event("done", Json{{"lines", answers_.size()}}.dump());
    reply_->end_events();
    return;
  }
  const auto body = request_.form == RequestForm::kWeft             ? own_answer()
                    : request_.form == RequestForm::kLibreTranslate ? libretranslate_answer()
                                                                    : deepl_answer();
  reply_->send({200, body + '\n'});
}

void RequestJob::take_failure(const std::exception& failure) {
  const auto* refusal = dynamic_cast<const RequestError*>(&failure);
  if (refusal == nullptr) log_warning("a request failed: " + std::string(failure.what()));
  const auto response = refusal != nullptr
                            ? error_response(refusal->status(), refusal->what())
                            : error_response(500, "the text could not be translated");
  if (!has_events_) {
    reply_->send(response);
    return;
  }
  send_event("error", response.body.substr(0, response.body.size() - 1));
  reply_->end_events();
}

}  // namespace weft
