#include "serve/http_session.h"

#include <sys/socket.h>

#include <boost/asio/write.hpp>
#include <cerrno>
#include <optional>
#include <utility>

#include "base/number_text.h"

namespace weft {
namespace {

namespace beast = boost::beast;
namespace http = boost::beast::http;

constexpr std::uint32_t kMostHeaderBytes = 16 << 10;

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

asio::awaitable<void> HttpSession::run(std::shared_ptr<HttpSession> session) {
  error_code ignored;
  session->stream_.socket().set_option(tcp::no_delay(true), ignored);
  while (co_await session->serve_request() && !session->server_.stopping) continue;
  co_await session->linger();
}

asio::awaitable<bool> HttpSession::wait_for_request() {
  if (buffer_.size() > 0) co_return true;
  error_code error;
  idle_ = true;
  expire_after(server_.options.idle_seconds);
  const auto count = co_await stream_.async_read_some(buffer_.prepare(4096), into(error));
  idle_ = false;
  error_code ignored;
  if (error == asio::error::operation_aborted && stream_.socket().available(ignored) > 0)
    co_return true;  // it came just before the server was stopped
  if (error) co_return false;
  buffer_.commit(count);
  co_return true;
}

asio::awaitable<void> HttpSession::read_request(http::request_parser<http::string_body>& parser,
                                                error_code& error) {
  parser.header_limit(kMostHeaderBytes);
  parser.body_limit(server_.options.most_body_bytes);
  // The stream's own limit would close the socket, over which the client is still to be told.
  stream_.expires_never();
  asio::steady_timer limit(server_.context, in_milliseconds(server_.options.request_seconds));
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

asio::awaitable<bool> HttpSession::serve_request() {
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
    auto mistake = reading_mistake(error, server_.options);
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
  auto mailbox = std::make_shared<AnswerMailbox>(server_.context);
  auto reply = std::make_shared<PostedReply>(server_.context, mailbox);
  server_.handlers.answer(plain_request(std::move(message)), std::move(reply));
  const bool answered = co_await answer(mailbox);
  mailbox->abandoned = true;
  co_return answered&& keep_alive_;
}

asio::awaitable<bool> HttpSession::next_part(AnswerMailbox& mailbox, AnswerPart& part) {
  mailbox.wake.expires_after(in_milliseconds(server_.options.answer_seconds));
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
void HttpSession::watch_for_end(const std::shared_ptr<AnswerMailbox>& mailbox) {
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

asio::awaitable<bool> HttpSession::answer(std::shared_ptr<AnswerMailbox> mailbox) {
  stream_.expires_never();
  if (mailbox->parts.empty()) watch_for_end(mailbox);
  AnswerPart part;
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
  if (part.kind == AnswerPart::Kind::kWhole)
    co_return co_await write_response(std::move(part.response));
  co_return co_await write_events(mailbox);
}

asio::awaitable<bool> HttpSession::write_response(HttpResponse response) {
  http::response<http::string_body> message(static_cast<http::status>(response.status), version_);
  message.set(http::field::content_type, response.content_type);
  for (const auto& [name, value] : response.headers) message.set(name, value);
  keep_alive_ = keep_alive_ && !server_.stopping;
  message.keep_alive(keep_alive_);
  message.content_length(response.body.size());
  if (!is_head_) message.body() = std::move(response.body);
  error_code error;
  expire_after(server_.options.request_seconds);
  co_await http::async_write(stream_, message, into(error));
  observe(response.status);
  co_return !error;
}

asio::awaitable<bool> HttpSession::write_text(std::string text) {
  error_code error;
  expire_after(server_.options.request_seconds);
  if (version_ < 11) {
    co_await asio::async_write(stream_, asio::buffer(text), into(error));
  } else {
    co_await asio::async_write(stream_, http::make_chunk(asio::buffer(text)), into(error));
  }
  co_return !error;
}

asio::awaitable<bool> HttpSession::write_events(std::shared_ptr<AnswerMailbox> mailbox) {
  http::response<http::empty_body> message(http::status::ok, version_);
  message.set(http::field::content_type, "text/event-stream");
  message.set(http::field::cache_control, "no-store");
  message.keep_alive(false);
  keep_alive_ = false;
  if (version_ >= 11) message.chunked(true);
  http::response_serializer<http::empty_body> serializer(message);
  error_code error;
  expire_after(server_.options.request_seconds);
  co_await http::async_write_header(stream_, serializer, into(error));
  bool written = !error, ended = false;
  while (written && !ended) {
    stream_.expires_never();
    AnswerPart part;
    if (!co_await next_part(*mailbox, part)) break;
    ended = part.kind != AnswerPart::Kind::kEvent;
    if (!ended) written = co_await write_text(std::move(part.event));
  }
  if (written && ended && version_ >= 11) {
    expire_after(server_.options.request_seconds);
    co_await asio::async_write(stream_, http::make_chunk_last(), into(error));
  }
  observe(written && ended ? 200 : 499);
  co_return false;
}

/// Closes so that the client can read the answer: one that is still sending would be told of a
/// reset instead.
asio::awaitable<void> HttpSession::linger() {
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

}  // namespace weft
