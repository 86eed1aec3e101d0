#include "serve/service.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "base/version.h"
#include "config/enum_names.h"
#include "serve/embedded.h"
#include "serve/languages.h"
#include "serve/request_error.h"

namespace weft {
namespace {

using Json = nlohmann::ordered_json;

bool is_deepl_path(const std::string& path) { return path.starts_with("/v2/"); }

/// Takes as long whatever the two have in common.
bool is_same_secret(const std::string& given, const std::string& key) {
  unsigned difference = given.size() == key.size() ? 0 : 1;
  for (std::size_t i = 0; i < given.size(); ++i)
    difference |= static_cast<unsigned char>(given[i] ^ key[i % key.size()]);
  return difference == 0;
}

std::string names_of(const ServedModels& models) {
  std::string names;
  for (const auto& model : models) names += (names.empty() ? "" : ", ") + model->spec().name;
  return names;
}

std::string language_or_unknown(const std::string& code) { return code.empty() ? "?" : code; }

/// A pair is refused that would give more weights than this: a matrix of 2,000 words each way.
constexpr std::size_t kMostPairBytes = std::size_t{1} << 22;  // of one side times the other's

void require_small_enough(const std::vector<RequestLine>& lines) {
  for (std::size_t i = 0; i < lines.size(); ++i)
    if (lines[i].source.size() * lines[i].target.size() > kMostPairBytes)
      throw RequestError("pair " + std::to_string(i + 1) + " is too long to be aligned", 413);
}

void send_json(const std::shared_ptr<Reply>& reply, const Json& body) {
  reply->send({200, body.dump() + '\n'});
}

}  // namespace

struct Service::Route {
  std::string method, path;
  void (Service::*answer)(const HttpRequest&, const std::shared_ptr<Reply>&);
  bool is_open = false;  // without the key too
};

const std::vector<Service::Route>& Service::routes() {
  static const std::vector<Route> all{
      {"GET", "/", &Service::show_page, true},
      {"GET", "/openapi.json", &Service::show_description, true},
      {"GET", "/healthz", &Service::show_health, true},
      {"GET", "/metrics", &Service::show_metrics},
      {"GET", "/models", &Service::show_models},
      {"GET", "/languages", &Service::show_languages},
      {"GET", "/v2/languages", &Service::show_deepl_languages},
      // With a body, which may hold the key.
      {"POST", "/translate", &Service::translate, true},
      {"POST", "/v2/translate", &Service::translate_as_deepl, true},
      {"POST", "/align", &Service::align, true},
      {"POST", "/score", &Service::score, true},
      {"POST", "/detect", &Service::detect, true},
  };
  return all;
}

std::string Service::path_label(const std::string& path) {
  const auto& all = routes();
  const bool known =
      std::any_of(all.begin(), all.end(), [&](const Route& route) { return route.path == path; });
  return known ? path : "other";
}

void Service::answer(const HttpRequest& request, std::shared_ptr<Reply> reply) {
  try {
    answer_or_throw(request, reply);
  } catch (const RequestError& error) {
    auto response = error_response(error.status(), error.what());
    if (is_deepl_path(request.path))  // where its clients look for it
      response.body = Json{{"message", error.what()}, {"error", error.what()}}.dump() + '\n';
    if (error.status() == 429) {
      const auto seconds = std::max(1.0, std::ceil(batcher_.seconds_of_queue()));
      response.headers.emplace_back("Retry-After", std::to_string(static_cast<int64_t>(seconds)));
    }
    reply->send(std::move(response));
  }
}

void Service::answer_or_throw(const HttpRequest& request, const std::shared_ptr<Reply>& reply) {
  const auto method = request.method == "HEAD" ? "GET" : request.method;
  std::string allowed;
  for (const auto& route : routes()) {
    if (route.path != request.path) continue;
    if (route.method == method) {
      if (!route.is_open) require_key(request, nullptr);
      (this->*route.answer)(request, reply);
      return;
    }
    allowed = route.method == "GET" ? "GET, HEAD" : route.method;
  }
  if (allowed.empty())
    throw RequestError("there is nothing at this path (/openapi.json lists all)", 404);
  auto response = error_response(405, "this path takes " + allowed + " alone");
  response.headers.emplace_back("Allow", allowed);
  reply->send(std::move(response));
}

void Service::require_key(const HttpRequest& request, Fields* fields) const {
  const auto in_body = fields != nullptr ? fields->text("api_key") : std::nullopt;
  if (options_.api_key.empty()) return;
  if (in_body && is_same_secret(*in_body, options_.api_key)) return;
  for (const std::string scheme : {"Bearer ", "DeepL-Auth-Key "})
    if (request.authorization.starts_with(scheme) &&
        is_same_secret(request.authorization.substr(scheme.size()), options_.api_key))
      return;
  throw RequestError(
      "the request does not carry the key of this server (Authorization: Bearer KEY)",
      is_deepl_path(request.path) ? 403 : 401);
}

std::unique_ptr<Fields> Service::fields_of(const HttpRequest& request) const {
  auto fields = read_fields(request.content_type, request.body);
  require_key(request, fields.get());
  return fields;
}

void Service::translate(const HttpRequest& request, const std::shared_ptr<Reply>& reply) {
  const auto fields = fields_of(request);
  auto wanted = read_translate_request(*fields, options_.limits);
  if (wanted.form == RequestForm::kWeft &&
      request.accept.find("text/event-stream") != std::string::npos)
    wanted.streams = true;
  submit(std::move(wanted), reply);
}

void Service::translate_as_deepl(const HttpRequest& request, const std::shared_ptr<Reply>& reply) {
  submit(read_deepl_request(*fields_of(request)), reply);
}

void Service::align(const HttpRequest& request, const std::shared_ptr<Reply>& reply) {
  submit(read_align_request(*fields_of(request)), reply);
}

void Service::score(const HttpRequest& request, const std::shared_ptr<Reply>& reply) {
  submit(read_score_request(*fields_of(request)), reply);
}

void Service::detect(const HttpRequest& request, const std::shared_ptr<Reply>& /*reply*/) {
  fields_of(request);
  throw RequestError("languages are not detected here; name the source language", 501);
}

std::shared_ptr<ServedModel> Service::model_for(const TranslateRequest& request) const {
  const auto models = models_.models();
  ServedModels fitting;
  for (const auto& model : models) {
    const auto& spec = model->spec();
    const auto fits = [](const std::string& asked, const std::string& known) {
      return asked.empty() || is_language(asked, known);
    };
    if ((request.model.empty() || request.model == spec.name) &&
        fits(request.source_language, spec.source_language) &&
        fits(request.target_language, spec.target_language))
      fitting.push_back(model);
  }
  // Of several with the languages that are asked for, the first is meant.
  const bool is_told = !request.model.empty() || !request.target_language.empty();
  const bool from_one = std::all_of(fitting.begin(), fitting.end(), [&](const auto& model) {
    return model->spec().source_language == fitting.front()->spec().source_language;
  });
  if (fitting.size() == 1 || (is_told && !fitting.empty() && from_one)) return fitting.front();
  std::string asked = request.model.empty() ? "" : " called '" + request.model + "'";
  if (!request.source_language.empty() || !request.target_language.empty())
    asked += " from " + language_or_unknown(request.source_language) + " to " +
             language_or_unknown(request.target_language);
  throw RequestError(fitting.empty()
                         ? "there is no model" + asked + "; there are: " + names_of(models)
                         : "several models fit; expected 'model' or the languages: " +
                               names_of(fitting));
}

void Service::submit(TranslateRequest request, std::shared_ptr<Reply> reply) {
  if (request.texts.texts.empty()) throw RequestError("the list of texts is empty");
  PreparedRequest prepared;
  prepared.model = model_for(request);
  prepared.lines = lines_of(request, options_.limits);
  const auto& model = *prepared.model;
  auto& options = prepared.options;
  options.scores_given = request.scores;
  options.aligns_given = !request.targets.empty() && !request.scores;
  options.with_alignment = request.with_alignment || request.keeps_tags;
  options.beam_size = request.beam_size.value_or(model.beam_size());
  options.n_best = request.n_best.value_or(1);
  options.sampling = request.sampling;
  if (request.samples) options.n_best = options.beam_size = *request.samples;
  if (request.scores) options.beam_size = 1;
  if (request.form != RequestForm::kWeft)
    options.n_best = std::min(options.n_best, options.beam_size);
  if (options.n_best > options.beam_size)
    throw RequestError("'n_best' is " + std::to_string(options.n_best) +
                       "; expected at most the beam size, " + std::to_string(options.beam_size));
  if (options.with_alignment && !model.no_alignments().empty())
    throw RequestError("'" + model.spec().name + "' gives no alignments, which " +
                       (request.with_alignment ? "are asked for" : "tags need"));
  if (options.aligns_given) require_small_enough(prepared.lines);
  std::vector<std::string> sources;
  for (auto& line : prepared.lines) sources.push_back(line.source);
  if (const auto mistake = first_mistake(sources, model.factors()))
    throw RequestError("line " + std::to_string(mistake->index + 1) + ": " + mistake->message);
  if (request.keeps_tags) {
    if (model.factors().count > 0) throw RequestError("tags cannot be kept in words with factors");
    prepared.tags.emplace(sources);
    for (std::size_t i = 0; i < sources.size(); ++i)
      prepared.lines[i].source = std::move(sources[i]);
  }
  prepared.request = std::move(request);
  auto job = std::make_shared<RequestJob>(std::move(prepared), std::move(reply));
  if (!batcher_.submit(std::move(job)))
    throw RequestError("the queue is full; try again later", 429);
}

void Service::show_models(const HttpRequest& /*request*/, const std::shared_ptr<Reply>& reply) {
  Json list = Json::array();
  for (const auto& model : models_.models()) {
    const auto& spec = model->spec();
    Json entry{{"name", spec.name}};
    if (!spec.source_language.empty()) {
      entry["source_language"] = spec.source_language;
      entry["target_language"] = spec.target_language;
    }
    entry["beam_size"] = model->beam_size();
    if (model->no_alignments().empty()) entry["alignment_from"] = to_name(model->alignment_from());
    list.push_back(std::move(entry));
  }
  send_json(reply, {{"version", version()}, {"models", list}});
}

/// LibreTranslate's.
void Service::show_languages(const HttpRequest& /*request*/, const std::shared_ptr<Reply>& reply) {
  std::map<std::string, std::set<std::string>> targets;
  for (const auto& model : models_.models())
    if (!model->spec().source_language.empty())
      targets[model->spec().source_language].insert(model->spec().target_language);
  Json list = Json::array();
  for (const auto& [code, to] : targets)
    list.push_back({{"code", code}, {"name", language_name(code)}, {"targets", to}});
  send_json(reply, list);
}

void Service::show_deepl_languages(const HttpRequest& request,
                                   const std::shared_ptr<Reply>& reply) {
  const bool are_targets = request.query == "type=target";
  std::set<std::string> codes;
  for (const auto& model : models_.models()) {
    const auto& spec = model->spec();
    const auto& code = are_targets ? spec.target_language : spec.source_language;
    if (!code.empty()) codes.insert(code);
  }
  Json list = Json::array();
  for (const auto& code : codes) {
    Json entry{{"language", in_capitals(code)}, {"name", language_name(code)}};
    if (are_targets) entry["supports_formality"] = false;
    list.push_back(std::move(entry));
  }
  send_json(reply, list);
}

void Service::show_health(const HttpRequest& /*request*/, const std::shared_ptr<Reply>& reply) {
  if (stopping_) throw RequestError("the server is stopping", 503);
  send_json(reply, {{"status", "ok"}});
}

void Service::show_metrics(const HttpRequest& /*request*/, const std::shared_ptr<Reply>& reply) {
  reply->send({200, metrics_.text(batcher_.queued_lines()), "text/plain; version=0.0.4"});
}

void Service::show_description(const HttpRequest& /*request*/,
                               const std::shared_ptr<Reply>& reply) {
  reply->send({200, std::string(kDescriptionFile)});
}

void Service::show_page(const HttpRequest& /*request*/, const std::shared_ptr<Reply>& reply) {
  reply->send({200,
               std::string(kPageFile),
               "text/html; charset=utf-8",
               {{"Content-Security-Policy",
                 "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; "
                 "img-src data:; connect-src 'self'; base-uri 'none'; form-action 'none'; "
                 "frame-ancestors 'none'"},
                {"X-Content-Type-Options", "nosniff"},
                {"Cache-Control", "no-cache"}}});
}

}  // namespace weft
