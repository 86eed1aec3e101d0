#pragma once
// One connection of the server.

// clang-format off
#include <utility>  // before the headers of Boost 1.74 that forget it
// clang-format on
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <memory>
#include <set>
#include <string>

#include "base/stopwatch.h"
#include "serve/http_server.h"
#include "serve/posted_reply.h"

namespace weft {

class HttpSession;

/// What the connections share, all on one thread.
struct HttpServerState {
  HttpServerOptions options;
  HttpHandlers handlers = {};
  std::set<HttpSession*> sessions = {};
  asio::io_context context{1};  // goes first, and with it the sessions that wait in it
  bool stopping = false;
};

/// One connection.
class HttpSession : public std::enable_shared_from_this<HttpSession> {
 public:
  HttpSession(HttpServerState& server, tcp::socket socket)
      : server_(server), stream_(std::move(socket)) {
    server_.sessions.insert(this);
  }
  HttpSession(const HttpSession&) = delete;
  HttpSession& operator=(const HttpSession&) = delete;
  ~HttpSession() { server_.sessions.erase(this); }

  /// Serves requests until the connection ends. The coroutine, which begins later, holds the
  /// session.
  static asio::awaitable<void> run(std::shared_ptr<HttpSession> session);
  /// Closes the connection if no request has begun.
  void stop_if_idle() {
    if (idle_) stream_.cancel();
  }

 private:
  void expire_after(double seconds) { stream_.expires_after(in_milliseconds(seconds)); }

  /// Reads one request and answers it; false if another one cannot follow.
  asio::awaitable<bool> serve_request();
  /// Waits for the first byte; false if none comes.
  asio::awaitable<bool> wait_for_request();
  asio::awaitable<void> read_request(
      boost::beast::http::request_parser<boost::beast::http::string_body>& parser,
      error_code& error);
  asio::awaitable<bool> answer(std::shared_ptr<AnswerMailbox> mailbox);
  /// False if none comes in time, or the client is gone.
  asio::awaitable<bool> next_part(AnswerMailbox& mailbox, AnswerPart& part);
  asio::awaitable<bool> write_response(HttpResponse response);
  asio::awaitable<bool> write_events(std::shared_ptr<AnswerMailbox> mailbox);
  asio::awaitable<bool> write_text(std::string text);
  asio::awaitable<void> linger();
  void watch_for_end(const std::shared_ptr<AnswerMailbox>& mailbox);
  void observe(int status) { server_.handlers.observe(path_, status, watch_.seconds()); }

  HttpServerState& server_;
  boost::beast::tcp_stream stream_;
  boost::beast::flat_buffer buffer_;
  bool idle_ = false;      // between requests
  bool reading_ = false;   // a request
  bool reads_on_ = false;  // what the client still sends must be read before closing
  // Of the request that is being served:
  Stopwatch watch_;
  std::string path_;
  unsigned version_ = 11;
  bool keep_alive_ = false;
  bool is_head_ = false;
};

}  // namespace weft
