#pragma once
// HTTP/1.1 over TCP.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "serve/http.h"

namespace weft {

struct HttpServerOptions {
  std::string host = "127.0.0.1";  ///< an address
  int64_t port = 0;                ///< 0: any that is free
  std::size_t most_body_bytes = 1 << 20;
  int64_t most_connections = 1024;
  double request_seconds = 10;  ///< in which a request must have come, and in which a part of an
                                ///< answer must have been taken
  double answer_seconds = 120;  ///< in which an answer must begin; between events of a stream too
  double idle_seconds = 60;     ///< without a request, after which a connection is closed
};

/// What the server asks of the program. All are called on the thread of run(), and must not wait.
struct HttpHandlers {
  std::function<void(const HttpRequest&, std::shared_ptr<Reply>)> answer;
  /// After each answer, those of the server itself too. `path` is "" if the request had none.
  std::function<void(const std::string& path, int status, double seconds)> observe;
  std::function<void()> reload;  ///< SIGHUP
  std::function<void()> stop;    ///< SIGTERM, SIGINT
};

/// Connections share one thread; whoever answers has others. Answers with 400, 408, 413, 431 and
/// 503 by itself what is no request, comes too slowly, is too large or cannot be answered in time.
class HttpServer {
 public:
  /// Listens. Throws UserError if the address cannot be had.
  explicit HttpServer(HttpServerOptions options);
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;
  ~HttpServer();

  /// "127.0.0.1:8080".
  std::string address() const;
  int port() const;

  /// Serves until SIGTERM or SIGINT has come and every request that had come by then is answered. A
  /// second such signal ends the program.
  void run(HttpHandlers handlers);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace weft
