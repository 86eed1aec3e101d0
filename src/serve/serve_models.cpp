#include "serve/serve_models.h"

#include <ATen/Parallel.h>

#include <iostream>

#include "base/error.h"
#include "base/line_reader.h"
#include "base/log.h"
#include "kernels/parallel.h"
#include "serve/service.h"

namespace weft {
namespace {

std::string read_key(const std::string& path) {
  if (path.empty()) return "";
  const auto lines = read_lines(path);
  if (lines.empty() || lines.front().empty())
    throw UserError({path, 1}, "is empty; expected the key");
  return lines.front();
}

BatcherOptions batcher_options(const ServeTask& task, ServeMetrics& metrics) {
  BatcherOptions options;
  options.max_delay_seconds = task.max_delay_milliseconds / 1000;
  options.batch_lines = task.batch_lines;
  options.most_queued_lines = task.most_queued_lines;
  options.prepare = [threads = at::get_num_threads()] { kernels::use_threads(threads); };
  options.observe = [&metrics](std::size_t lines, double seconds) {
    metrics.count_batch(lines, seconds);
  };
  return options;
}

std::vector<ModelSpec> specs_of(const ServeTask& task) {
  std::vector<ModelSpec> specs;
  for (const auto& model : task.models) specs.push_back(parse_model_spec(model));
  return specs;
}

void require_limits_fit(const ServeTask& task) {
  if (task.limits.lines > task.most_queued_lines)
    throw UserError("--max-lines is " + std::to_string(task.limits.lines) +
                    "; expected at most what the queue holds (--max-queue), " +
                    std::to_string(task.most_queued_lines));
}

}  // namespace

void serve_models(const ServeTask& task) {
  require_limits_fit(task);
  const auto key = read_key(task.api_key_file);
  ServeMetrics metrics;
  ModelSet models(specs_of(task), {task.device, task.alignment_from, at::get_num_threads()},
                  [&metrics](bool loaded) { metrics.count_reload(loaded); });
  HttpServer server(task.http);  // before the batcher, whose replies are on their way to it
  Batcher batcher(batcher_options(task, metrics));
  Service service({task.limits, key}, models, batcher, metrics);
  std::cout << "http://" << server.address() << std::endl;
  log_info("serving at http://" + server.address());
  HttpHandlers handlers;
  handlers.answer = [&](const HttpRequest& request, std::shared_ptr<Reply> reply) {
    service.answer(request, std::move(reply));
  };
  handlers.observe = [&](const std::string& path, int status, double seconds) {
    metrics.count_request(Service::path_label(path), status, seconds);
  };
  handlers.reload = [&] { models.start_reload(); };
  handlers.stop = [&] { service.stop(); };
  server.run(std::move(handlers));
  log_info("stopped");
}

}  // namespace weft
