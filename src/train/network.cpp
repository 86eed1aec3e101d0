#include "train/network.h"

#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>
#include <thread>

namespace weft {
namespace {

using Addresses = std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)>;

Addresses addresses_of(const char* host, int port, int type, int flags = 0) {
  addrinfo wanted{};
  wanted.ai_socktype = type;
  wanted.ai_flags = flags;
  addrinfo* found = nullptr;
  const bool known = ::getaddrinfo(host, std::to_string(port).c_str(), &wanted, &found) == 0;
  return {known ? found : nullptr, &::freeaddrinfo};
}

/// A descriptor that closes itself.
class Socket {
 public:
  explicit Socket(const addrinfo& address)
      : descriptor_(::socket(address.ai_family, address.ai_socktype | SOCK_CLOEXEC, 0)) {}
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  ~Socket() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  operator int() const { return descriptor_; }

 private:
  int descriptor_;
};

}  // namespace

bool is_free_port(int port) {
  const auto addresses = addresses_of(nullptr, port, SOCK_STREAM, AI_PASSIVE);
  for (const auto* one = addresses.get(); one != nullptr; one = one->ai_next) {
    const Socket socket(*one);
    const int on = 1;
    ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (one->ai_family == AF_INET6) ::setsockopt(socket, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
    const bool failed = socket >= 0 && (::bind(socket, one->ai_addr, one->ai_addrlen) != 0 ||
                                        ::listen(socket, 1) != 0);
    if (failed && errno == EADDRINUSE) return false;
  }
  return true;
}

bool wait_for_listener(const std::string& host, int port, std::chrono::milliseconds limit) {
  const auto end = std::chrono::steady_clock::now() + limit;
  while (true) {
    const auto addresses = addresses_of(host.c_str(), port, SOCK_STREAM);
    for (const auto* one = addresses.get(); one != nullptr; one = one->ai_next) {
      const Socket socket(*one);
      const auto left =
          std::chrono::duration_cast<std::chrono::seconds>(end - std::chrono::steady_clock::now());
      const timeval patience{std::max<time_t>(1, left.count()), 0};  // also of connect()
      ::setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
      if (socket >= 0 && ::connect(socket, one->ai_addr, one->ai_addrlen) == 0) return true;
    }
    if (std::chrono::steady_clock::now() >= end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
}

std::string address_towards(const std::string& host) {
  constexpr int kAnyPort = 9;  // nothing is sent
  const auto addresses = addresses_of(host.c_str(), kAnyPort, SOCK_DGRAM);
  for (const auto* one = addresses.get(); one != nullptr; one = one->ai_next) {
    const Socket socket(*one);
    sockaddr_storage own{};
    socklen_t size = sizeof own;
    std::array<char, NI_MAXHOST> text{};
    if (socket >= 0 && ::connect(socket, one->ai_addr, one->ai_addrlen) == 0 &&
        ::getsockname(socket, reinterpret_cast<sockaddr*>(&own), &size) == 0 &&
        ::getnameinfo(reinterpret_cast<sockaddr*>(&own), size, text.data(), text.size(), nullptr, 0,
                      NI_NUMERICHOST) == 0)
      return text.data();
  }
  return "";
}

bool is_loopback(const std::string& address) {
  return address.starts_with("127.") || address == "::1";
}

}  // namespace weft
