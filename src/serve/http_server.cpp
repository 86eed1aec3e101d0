#include "serve/http_server.h"

#include <sys/socket.h>

#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <deque>
#include <optional>
#include <set>
#include <sstream>

#include "base/error.h"
#include "base/number_text.h"
#include "base/stopwatch.h"

namespace weft {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using boost::system::error_code;
using tcp = asio::ip::tcp;

constexpr std::uint32_t kMostHeaderBytes = 16 << 10;

/// What makes co_await put its error there.
auto into(error_code& error) { return asio::redirect_error(asio::use_awaitable, error); }

std::chrono::milliseconds in_milliseconds(double seconds) {
  return std::chrono::milliseconds(static_cast<int64_t>(seconds * 1000));
}

/// A part of an answer, as the session writes it.
struct Part {
  enum class Kind { kWhole, kStart, kEvent, kEnd } kind = Kind::kWhole;
  HttpResponse response = {};
  std::string event = {};
};

/// The parts of one answer, on their way from other threads to the session.
struct Mailbox {
  explicit Mailbox(asio::io_context& context) : wake(context) {}
  std::deque<Part> parts;   // the server's thread alone
  asio::steady_timer wake;  // cancelled when a part has come
  std::atomic<bool> abandoned = false;
};

class PostedReply : public Reply {
 public:
  PostedReply(asio::io_context& context, std::shared_ptr<Mailbox> mailbox)
      : context_(context), mailbox_(std::move(mailbox)) {}
  PostedReply(const PostedReply&) = delete;
  PostedReply& operator=(const PostedReply&) = delete;
  ~PostedReply() override {
    if (!ended_) post({Part::Kind::kWhole, error_response(500, "no answer was made"), ""});
  }
  void send(HttpResponse response) override {
    ended_ = true;
    post({Part::Kind::kWhole, std::move(response), ""});
  }
  void start_events() override { post({Part::Kind::kStart}); }
  void send_event(const std::string& name, const std::string& data) override {
    post({Part::Kind::kEvent, {}, "event: " + name + "\ndata: " + data + "\n\n"});
  }
  void end_events() override {
    ended_ = true;
    post({Part::Kind::kEnd});
  }
  bool is_abandoned() const override { return mailbox_->abandoned; }

 private:
  void post(Part part) {
    asio::post(context_, [mailbox = mailbox_, part = std::move(part)]() mutable {
      mailbox->parts.push_back(std::move(part));
      mailbox->wake.cancel();
    });
  }

  asio::io_context& context_;
  std::shared_ptr<Mailbox> mailbox_;
  std::atomic<bool> ended_ = false;
};

HttpRequest plain_request(http::request<http::string_body>&& message) {
  const auto text = [&](http::field field) { return std::string(message[field]); };
  HttpRequest request;
  request.method = std::string(message.method_string());
  const std::string target(message.target());
  const auto query = target.find('?');
  request.path = target.substr(0, query);
  if (query != std::string::npos) request.query = target.substr(query + 1);
  request.content_type = text(http::field::content_type);
  request.accept = text(http::field::accept);
  request.authorization = text(http::field::authorization);
  request.body = std::move(message.body());
  return request;
}

/// What to say of a request that cannot be read; nothing to a client that is gone.
std::optional<HttpResponse> reading_mistake(const error_code& error,
                                            const HttpServerOptions& options) {
  if (error == asio::error::operation_aborted)
    return error_response(
        408, "the request did not come within " + shortest_number(options.request_seconds) + " s");
  if (error == http::error::end_of_stream || error == http::error::partial_message ||
      error.category() != make_error_code(http::error::end_of_stream).category())
    return std::nullopt;
  if (error == http::error::body_limit)
    return error_response(413, "the request's body is longer than " +
                                   std::to_string(options.most_body_bytes) + " bytes");
  if (error == http::error::header_limit || error == http::error::buffer_overflow)
    return error_response(431, "the request's headers are longer than " +
                                   std::to_string(kMostHeaderBytes) + " bytes");
  return error_response(400, "this is no request of HTTP/1.1 (" + error.message() + ")");
}

}  // namespace

class HttpServer::Impl {
 public:
  explicit Impl(HttpServerOptions options) : options_(std::move(options)), acceptor_(context_) {
    error_code error;
    const auto address = asio::ip::make_address(options_.host, error);
    if (error)
      throw UserError("--host is '" + options_.host + "'; expected an address such as 127.0.0.1");
    const tcp::endpoint endpoint(address, static_cast<unsigned short>(options_.port));
    acceptor_.open(endpoint.protocol(), error);
    if (!error) acceptor_.set_option(tcp::acceptor::reuse_address(true), error);
    if (!error) acceptor_.bind(endpoint, error);
    if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
    if (error)
      throw UserError("port " + std::to_string(options_.port) + " of " + options_.host +
                      " cannot be listened at (" + error.message() + ")");
  }

  tcp::endpoint endpoint() const { return acceptor_.local_endpoint(); }

  void run(HttpHandlers handlers) {
    handlers_ = std::move(handlers);
    asio::co_spawn(context_, accept(), asio::detached);
    asio::co_spawn(context_, watch_signals(), asio::detached);
    context_.run();
  }

 private:
  class Session;

  asio::awaitable<void> accept();
  asio::awaitable<void> watch_signals();
  void stop();

  HttpServerOptions options_;
  HttpHandlers handlers_;
  asio::io_context context_{1};
  tcp::acceptor acceptor_;
  std::set<Session*> sessions_;
  bool stopping_ = false;
};

/// One connection.
class HttpServer::Impl::Session : public std::enable_shared_from_this<Session> {
 public:
  Session(Impl& server, tcp::socket socket) : server_(server), stream_(std::move(socket)) {
    server_.sessions_.insert(this);
  }
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  ~Session() { server_.sessions_.erase(this); }

  /// The coroutine, which begins later, holds the session.
  static asio::awaitable<void> run(std::shared_ptr<Session> session) {
    error_code ignored;
    session->stream_.socket().set_option(tcp::no_delay(true), ignored);
    while (co_await session->serve_request() && !session->server_.stopping_) continue;
    co_await session->linger();
  }
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
  asio::awaitable<void> read_request(http::request_parser<http::string_body>& parser,
                                     error_code& error);
  asio::awaitable<bool> answer(std::shared_ptr<Mailbox> mailbox);
  /// False if none comes in time, or the client is gone.
  asio::awaitable<bool> next_part(Mailbox& mailbox, Part& part);
  asio::awaitable<bool> write_response(HttpResponse response);
  asio::awaitable<bool> write_events(std::shared_ptr<Mailbox> mailbox);
  asio::awaitable<bool> write_text(std::string text);
  asio::awaitable<void> linger();
  void watch_for_end(const std::shared_ptr<Mailbox>& mailbox);
  void observe(int status) { server_.handlers_.observe(path_, status, watch_.seconds()); }

  Impl& server_;
  beast::tcp_stream stream_;
  beast::flat_buffer buffer_;
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

asio::awaitable<void> HttpServer::Impl::accept() {
  error_code error;
  asio::steady_timer pause(context_);
  while (acceptor_.is_open()) {
    // More connections wait in the system's queue; so they do if there are no more descriptors.
    if (error || static_cast<int64_t>(sessions_.size()) >= options_.most_connections) {
      pause.expires_after(std::chrono::milliseconds(5));
      co_await pause.async_wait(into(error));
      error = {};
      continue;
    }
    tcp::socket socket(context_);
    co_await acceptor_.async_accept(socket, into(error));
    if (error) continue;
    auto session = std::make_shared<Session>(*this, std::move(socket));
    asio::co_spawn(context_, Session::run(std::move(session)), asio::detached);
  }
}

asio::awaitable<void> HttpServer::Impl::watch_signals() {
  asio::signal_set signals(context_, SIGTERM, SIGINT, SIGHUP);
  for (;;) {
    error_code error;
    const int signal = co_await signals.async_wait(into(error));
    if (error) co_return;
    if (signal != SIGHUP) break;
    handlers_.reload();
  }
  stop();
}

void HttpServer::Impl::stop() {
  stopping_ = true;
  error_code ignored;
  acceptor_.close(ignored);
  handlers_.stop();
  for (auto* session : sessions_) session->stop_if_idle();
}

asio::awaitable<bool> HttpServer::Impl::Session::wait_for_request() {
  if (buffer_.size() > 0) co_return true;
  error_code error;
  idle_ = true;
  expire_after(server_.options_.idle_seconds);
  const auto count = co_await stream_.async_read_some(buffer_.prepare(4096), into(error));
  idle_ = false;
  error_code ignored;
  if (error == asio::error::operation_aborted && stream_.socket().available(ignored) > 0)
    co_return true;  // it came just before the server was stopped
  if (error) co_return false;
  buffer_.commit(count);
  co_return true;
}

asio::awaitable<void> HttpServer::Impl::Session::read_request(
    http::request_parser<http::string_body>& parser, error_code& error) {
  parser.header_limit(kMostHeaderBytes);
  parser.body_limit(server_.options_.most_body_bytes);
  // The stream's own limit would close the socket, over which the client is still to be told.
  stream_.expires_never();
  asio::steady_timer limit(server_.context_, in_milliseconds(server_.options_.request_seconds));
  limit.async_wait([session = shared_from_this()](const error_code& cancelled) {
    if (!cancelled && session->reading_) session->stream_.cancel();
  });
  co_await http::async_read_header(stream_, buffer_, parser, into(error));
  if (error) co_return;
  path_ = std::string(parser.get().target().substr(0, parser.get().target().find('?')));
  if (beast::iequals(parser.get()[http::field::expect], "100-continue")) {
    static constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
    co_await asio::async_write(stream_, asio::buffer(kContinue), into(error));
    if (error) co_return;
  }
  co_await http::async_read(stream_, buffer_, parser, into(error));
}

asio::awaitable<bool> HttpServer::Impl::Session::serve_request() {
  if (!co_await wait_for_request()) co_return false;
  watch_ = {};
  path_.clear();
  version_ = 11;
  keep_alive_ = is_head_ = false;
  http::request_parser<http::string_body> parser;
  error_code error;
  reading_ = true;
  co_await read_request(parser, error);
  reading_ = false;
  if (error) {
    auto mistake = reading_mistake(error, server_.options_);
    if (mistake) {
      reads_on_ = true;
      co_await write_response(std::move(*mistake));
    }
    co_return false;
  }
  auto message = parser.release();
  version_ = message.version();
  keep_alive_ = message.keep_alive();
  is_head_ = message.method() == http::verb::head;
  auto mailbox = std::make_shared<Mailbox>(server_.context_);
  auto reply = std::make_shared<PostedReply>(server_.context_, mailbox);
  server_.handlers_.answer(plain_request(std::move(message)), std::move(reply));
  const bool answered = co_await answer(mailbox);
  mailbox->abandoned = true;
  co_return answered&& keep_alive_;
}

asio::awaitable<bool> HttpServer::Impl::Session::next_part(Mailbox& mailbox, Part& part) {
  mailbox.wake.expires_after(in_milliseconds(server_.options_.answer_seconds));
  while (mailbox.parts.empty()) {
    error_code error;
    co_await mailbox.wake.async_wait(into(error));
    if (!error || mailbox.abandoned) co_return false;
  }
  part = std::move(mailbox.parts.front());
  mailbox.parts.pop_front();
  co_return true;
}

/// A client that closes its side while it waits wants no answer any more.
void HttpServer::Impl::Session::watch_for_end(const std::shared_ptr<Mailbox>& mailbox) {
  stream_.socket().async_wait(
      tcp::socket::wait_read, [self = shared_from_this(), mailbox](const error_code& error) {
        if (error || mailbox->abandoned) return;
        char byte = 0;
        const auto count =
            ::recv(self->stream_.socket().native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
        const bool is_gone = count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR);
        if (!is_gone) return;
        mailbox->abandoned = true;
        mailbox->wake.cancel();
      });
}

asio::awaitable<bool> HttpServer::Impl::Session::answer(std::shared_ptr<Mailbox> mailbox) {
  stream_.expires_never();
  if (mailbox->parts.empty()) watch_for_end(mailbox);
  Part part;
  const bool came = co_await next_part(*mailbox, part);
  error_code ignored;
  stream_.socket().cancel(ignored);
  if (!came && mailbox->abandoned) {
    observe(499);  // as nginx counts a client that did not wait
    co_return false;
  }
  if (!came) {
    mailbox->abandoned = true;
    co_return co_await write_response(error_response(503, "there was no answer in time"));
  }
  if (part.kind == Part::Kind::kWhole) co_return co_await write_response(std::move(part.response));
  co_return co_await write_events(mailbox);
}

asio::awaitable<bool> HttpServer::Impl::Session::write_response(HttpResponse response) {
  http::response<http::string_body> message(static_cast<http::status>(response.status), version_);
  message.set(http::field::content_type, response.content_type);
  for (const auto& [name, value] : response.headers) message.set(name, value);
  keep_alive_ = keep_alive_ && !server_.stopping_;
  message.keep_alive(keep_alive_);
  message.content_length(response.body.size());
  if (!is_head_) message.body() = std::move(response.body);
  error_code error;
  expire_after(server_.options_.request_seconds);
  co_await http::async_write(stream_, message, into(error));
  observe(response.status);
  co_return !error;
}

asio::awaitable<bool> HttpServer::Impl::Session::write_text(std::string text) {
  error_code error;
  expire_after(server_.options_.request_seconds);
  if (version_ < 11) {
    co_await asio::async_write(stream_, asio::buffer(text), into(error));
  } else {
    co_await asio::async_write(stream_, http::make_chunk(asio::buffer(text)), into(error));
  }
  co_return !error;
}

asio::awaitable<bool> HttpServer::Impl::Session::write_events(std::shared_ptr<Mailbox> mailbox) {
  http::response<http::empty_body> message(http::status::ok, version_);
  message.set(http::field::content_type, "text/event-stream");
  message.set(http::field::cache_control, "no-store");
  message.keep_alive(false);
  keep_alive_ = false;
  if (version_ >= 11) message.chunked(true);
  http::response_serializer<http::empty_body> serializer(message);
  error_code error;
  expire_after(server_.options_.request_seconds);
  co_await http::async_write_header(stream_, serializer, into(error));
  bool written = !error, ended = false;
  while (written && !ended) {
    stream_.expires_never();
    Part part;
    if (!co_await next_part(*mailbox, part)) break;
    ended = part.kind != Part::Kind::kEvent;
    if (!ended) written = co_await write_text(std::move(part.event));
  }
  if (written && ended && version_ >= 11) {
    expire_after(server_.options_.request_seconds);
    co_await asio::async_write(stream_, http::make_chunk_last(), into(error));
  }
  observe(written && ended ? 200 : 499);
  co_return false;
}

/// Closes so that the client can read the answer: one that is still sending would be told of a
/// reset instead.
asio::awaitable<void> HttpServer::Impl::Session::linger() {
  error_code error;
  stream_.socket().shutdown(tcp::socket::shutdown_send, error);
  constexpr double kSeconds = 2;
  constexpr std::size_t kMostBytes = 16 << 20;
  expire_after(kSeconds);
  for (std::size_t read = 0; reads_on_ && !error && read < kMostBytes;) {
    buffer_.clear();
    read += co_await stream_.async_read_some(buffer_.prepare(1 << 16), into(error));
  }
  stream_.close();
}

HttpServer::HttpServer(HttpServerOptions options)
    : impl_(std::make_unique<Impl>(std::move(options))) {}
HttpServer::~HttpServer() = default;
int HttpServer::port() const { return impl_->endpoint().port(); }
std::string HttpServer::address() const {
  std::ostringstream text;
  text << impl_->endpoint();
  return text.str();
}
void HttpServer::run(HttpHandlers handlers) { impl_->run(std::move(handlers)); }

}  // namespace weft
