#pragma once
// Requests and answers, whatever carries them.

#include <string>
#include <utility>
#include <vector>

namespace weft {

struct HttpRequest {
  std::string method;
  std::string path;  ///< without the query
  std::string query;
  std::string content_type, accept, authorization;
  std::string body;
};

struct HttpResponse {
  int status = 200;
  std::string body;
  std::string content_type = "application/json";
  std::vector<std::pair<std::string, std::string>> headers = {};
};

/// Where the answer to one request goes: send(), or start_events() and the rest. From any thread; a
/// reply that is gone without an answer is answered with 500.
class Reply {
 public:
  virtual ~Reply() = default;
  virtual void send(HttpResponse response) = 0;
  /// Server-sent events follow.
  virtual void start_events() = 0;
  /// `data`: one line.
  virtual void send_event(const std::string& name, const std::string& data) = 0;
  virtual void end_events() = 0;
  /// Nobody waits for it any more: the client is gone, or has waited too long.
  virtual bool is_abandoned() const = 0;
};

/// {"error": message}.
HttpResponse error_response(int status, const std::string& message);

}  // namespace weft
