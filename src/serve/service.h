#pragma once
// What the server answers: which path does what.

#include <atomic>
#include <memory>
#include <string>

#include "serve/batcher.h"
#include "serve/http.h"
#include "serve/model_set.h"
#include "serve/request_job.h"
#include "serve/serve_metrics.h"

namespace weft {

struct ServiceOptions {
  RequestLimits limits;
  std::string api_key;  ///< that requests must carry; "": none
};

/// All but the texts come at once; those go through the batcher. On one thread.
class Service {
 public:
  Service(ServiceOptions options, const ModelSet& models, Batcher& batcher,
          const ServeMetrics& metrics)
      : options_(std::move(options)), models_(models), batcher_(batcher), metrics_(metrics) {}

  void answer(const HttpRequest& request, std::shared_ptr<Reply> reply);
  /// From now on /healthz says that the server is stopping.
  void stop() { stopping_ = true; }

  /// The path as metrics name it: those that there are, and "other".
  static std::string path_label(const std::string& path);

 private:
  struct Route;
  static const std::vector<Route>& routes();

  void translate(const HttpRequest& request, const std::shared_ptr<Reply>& reply);
  void translate_as_deepl(const HttpRequest& request, const std::shared_ptr<Reply>& reply);
  void align(const HttpRequest& request, const std::shared_ptr<Reply>& reply);
  void score(const HttpRequest& request, const std::shared_ptr<Reply>& reply);
  void detect(const HttpRequest& request, const std::shared_ptr<Reply>& reply);
  void show_models(const HttpRequest& request, const std::shared_ptr<Reply>& reply);
  void show_languages(const HttpRequest& request, const std::shared_ptr<Reply>& reply);
  void show_deepl_languages(const HttpRequest& request, const std::shared_ptr<Reply>& reply);
  void show_health(const HttpRequest& request, const std::shared_ptr<Reply>& reply);
  void show_metrics(const HttpRequest& request, const std::shared_ptr<Reply>& reply);
  void show_description(const HttpRequest& request, const std::shared_ptr<Reply>& reply);
  void show_page(const HttpRequest& request, const std::shared_ptr<Reply>& reply);

  void answer_or_throw(const HttpRequest& request, const std::shared_ptr<Reply>& reply);
  /// Throws RequestError unless the request carries the key.
  void require_key(const HttpRequest& request, Fields* fields) const;
  std::unique_ptr<Fields> fields_of(const HttpRequest& request) const;
  std::shared_ptr<ServedModel> model_for(const TranslateRequest& request) const;
  void submit(TranslateRequest request, std::shared_ptr<Reply> reply);

  ServiceOptions options_;
  const ModelSet& models_;
  Batcher& batcher_;
  const ServeMetrics& metrics_;
  bool stopping_ = false;
};

}  // namespace weft
