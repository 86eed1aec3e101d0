// The least server on Boost.Beast: one thread, a coroutine for each connection, the same answer to
// every request.
// clang-format off
#include <utility>  // before the headers of Boost 1.74 that forget it
// clang-format on
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <cstdlib>
namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;

asio::awaitable<void> serve(tcp::socket socket) try {
  boost::beast::flat_buffer buffer;
  socket.set_option(tcp::no_delay(true));
  for (;;) {
    http::request<http::string_body> request;
    co_await http::async_read(socket, buffer, request, asio::use_awaitable);
    http::response<http::string_body> response(http::status::ok, request.version());
    response.set(http::field::content_type, "application/json");
    response.body() = R"({"translations":[{"text":"Der Hund sieht eine Katze."}]})";
    response.keep_alive(request.keep_alive());
    response.prepare_payload();
    co_await http::async_write(socket, response, asio::use_awaitable);
  }
} catch (const boost::system::system_error&) {
  // The client has gone.
}

asio::awaitable<void> listen(tcp::acceptor acceptor) {
  for (;;) {
    auto socket = co_await acceptor.async_accept(asio::use_awaitable);
    asio::co_spawn(acceptor.get_executor(), serve(std::move(socket)), asio::detached);
  }
}

int main(int, char** arguments) {
  asio::io_context context(1);
  const auto port = static_cast<unsigned short>(std::atoi(arguments[1]));
  asio::co_spawn(context, listen({context, {asio::ip::address_v4::loopback(), port}}),
                 asio::detached);
  context.run();
}
