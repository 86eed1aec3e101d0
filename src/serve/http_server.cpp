#include "serve/http_server.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <sstream>
#include <utility>

#include "base/error.h"
#include "serve/http_session.h"

namespace weft {

class HttpServer::Impl {
 public:
  explicit Impl(HttpServerOptions options) : state_{std::move(options)}, acceptor_(state_.context) {
    error_code error;
    const auto address = asio::ip::make_address(state_.options.host, error);
    if (error)
      throw UserError("--host is '" + state_.options.host +
                      "'; expected an address such as 127.0.0.1");
    const tcp::endpoint endpoint(address, static_cast<unsigned short>(state_.options.port));
    acceptor_.open(endpoint.protocol(), error);
    if (!error) acceptor_.set_option(tcp::acceptor::reuse_address(true), error);
    if (!error) acceptor_.bind(endpoint, error);
    if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
    if (error)
      throw UserError("port " + std::to_string(state_.options.port) + " of " + state_.options.host +
                      " cannot be listened at (" + error.message() + ")");
  }

  tcp::endpoint endpoint() const { return acceptor_.local_endpoint(); }

  void run(HttpHandlers handlers) {
    state_.handlers = std::move(handlers);
    asio::co_spawn(state_.context, accept(), asio::detached);
    asio::co_spawn(state_.context, watch_signals(), asio::detached);
    state_.context.run();
  }

 private:
  asio::awaitable<void> accept();
  asio::awaitable<void> watch_signals();
  void stop();

  HttpServerState state_;
  tcp::acceptor acceptor_;
};

asio::awaitable<void> HttpServer::Impl::accept() {
  error_code error;
  asio::steady_timer pause(state_.context);
  while (acceptor_.is_open()) {
    // More connections wait in the system's queue; so they do if there are no more descriptors.
    if (error || static_cast<int64_t>(state_.sessions.size()) >= state_.options.most_connections) {
      pause.expires_after(std::chrono::milliseconds(5));
      co_await pause.async_wait(into(error));
      error = {};
      continue;
    }
    tcp::socket socket(state_.context);
    co_await acceptor_.async_accept(socket, into(error));
    if (error) continue;
    auto session = std::make_shared<HttpSession>(state_, std::move(socket));
    asio::co_spawn(state_.context, HttpSession::run(std::move(session)), asio::detached);
  }
}

asio::awaitable<void> HttpServer::Impl::watch_signals() {
  asio::signal_set signals(state_.context, SIGTERM, SIGINT, SIGHUP);
  for (;;) {
    error_code error;
    const int signal = co_await signals.async_wait(into(error));
    if (error) co_return;
    if (signal != SIGHUP) break;
    state_.handlers.reload();
  }
  stop();
}

void HttpServer::Impl::stop() {
  state_.stopping = true;
  error_code ignored;
  acceptor_.close(ignored);
  state_.handlers.stop();
  for (auto* session : state_.sessions) session->stop_if_idle();
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
