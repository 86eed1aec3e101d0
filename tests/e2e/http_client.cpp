#include "e2e/http_client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <system_error>

namespace weft::e2e {

HttpConnection::HttpConnection(int port)
    : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const timeval limit{60, 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  const int at_once = 1;
  ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &at_once, sizeof at_once);
  if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    ::close(socket_);
    throw std::system_error(errno, std::generic_category(), "connect");
  }
}

HttpConnection::~HttpConnection() { ::close(socket_); }

void HttpConnection::send(const std::string& bytes) {
  for (std::size_t sent = 0; sent < bytes.size();) {
    const auto count = ::send(socket_, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
    if (count <= 0) return;
    sent += static_cast<std::size_t>(count);
  }
}

void HttpConnection::close_sending() { ::shutdown(socket_, SHUT_WR); }

bool HttpConnection::receive_more() {
  std::array<char, 1 << 16> buffer;
  const auto count = ::recv(socket_, buffer.data(), buffer.size(), 0);
  if (count > 0) received_.append(buffer.data(), static_cast<std::size_t>(count));
  return count > 0;
}

std::string HttpConnection::take_line() {
  std::size_t end = 0;
  while ((end = received_.find("\r\n")) == std::string::npos)
    if (!receive_more()) return "";
  auto line = received_.substr(0, end);
  received_.erase(0, end + 2);
  return line;
}

std::string HttpConnection::take(std::size_t bytes) {
  while (received_.size() < bytes && receive_more()) continue;
  auto taken = received_.substr(0, bytes);
  received_.erase(0, taken.size());
  return taken;
}

HttpAnswer HttpConnection::receive(bool has_body) {
  HttpAnswer answer;
  const auto first = take_line();
  if (!first.starts_with("HTTP/1.")) return answer;
  answer.status = std::stoi(first.substr(9, 3));
  for (auto line = take_line(); !line.empty(); line = take_line()) {
    const auto colon = line.find(": ");
    auto name = line.substr(0, colon);
    std::transform(name.begin(), name.end(), name.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    answer.headers[name] = line.substr(colon + 2);
  }
  if (answer.status == 100) return receive(has_body);
  if (!has_body) return answer;
  if (answer.headers["transfer-encoding"] == "chunked") {
    for (;;) {
      const auto length = take_line();
      const auto size = length.empty() ? 0 : std::stoul(length, nullptr, 16);
      answer.body += take(size);
      take_line();
      if (size == 0) return answer;
    }
  }
  if (answer.headers.contains("content-length"))
    answer.body = take(std::stoul(answer.headers["content-length"]));
  return answer;
}

HttpAnswer HttpConnection::ask(const std::string& method, const std::string& path,
                               const std::string& body, const std::string& headers) {
  send(method + ' ' + path + " HTTP/1.1\r\nHost: test\r\n" + headers +
       "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
  return receive(method != "HEAD");
}

HttpAnswer ask(int port, const std::string& method, const std::string& path,
               const std::string& body, const std::string& headers) {
  return HttpConnection(port).ask(method, path, body, headers);
}

}  // namespace weft::e2e
