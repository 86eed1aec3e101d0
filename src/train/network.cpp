#include "train/network.h"

#include <ifaddrs.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <future>
#include <memory>
#include <set>
#include <thread>
#include <utility>

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

/// 0 if somebody listens there, or errno.
int connection_error(const addrinfo& address, std::chrono::nanoseconds limit) {
  const Socket socket(address);
  if (socket < 0) return errno;
  using std::chrono::duration_cast, std::chrono::microseconds, std::chrono::seconds;
  const auto left = std::max(duration_cast<microseconds>(limit), microseconds(1));  // 0: no limit
  const auto whole = duration_cast<seconds>(left);
  const timeval patience{whole.count(), (left - whole).count()};  // also of connect()
  ::setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  return ::connect(socket, address.ai_addr, address.ai_addrlen) == 0 ? 0 : errno;
}

/// Whether connection_error() of one of a host's addresses is as wanted. They share the limit, for
/// the first of them may be silent.
template <class IsWanted>
bool any_answers(const std::string& host, int port, std::chrono::nanoseconds limit,
                 IsWanted is_wanted) {
  const auto addresses = addresses_of(host.c_str(), port, SOCK_STREAM);
  int count = 0;
  for (const auto* one = addresses.get(); one != nullptr; one = one->ai_next) ++count;
  for (const auto* one = addresses.get(); one != nullptr; one = one->ai_next)
    if (is_wanted(connection_error(*one, limit / count))) return true;
  return false;
}

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
    const auto left = end - std::chrono::steady_clock::now();
    if (any_answers(host, port, left, [](int error) { return error == 0; })) return true;
    if (std::chrono::steady_clock::now() >= end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
}

bool is_reachable(const std::string& host, int port, std::chrono::milliseconds limit) {
  return any_answers(host, port, limit,
                     [](int error) { return error == 0 || error == ECONNREFUSED; });
}

bool is_known_host(const std::string& host) {
  return addresses_of(host.c_str(), 0, SOCK_STREAM) != nullptr;
}

std::vector<std::string> interfaces() {
  ifaddrs* found = nullptr;
  if (::getifaddrs(&found) != 0) return {};
  const std::unique_ptr<ifaddrs, decltype(&::freeifaddrs)> all(found, &::freeifaddrs);
  std::set<std::string> names;
  for (const auto* one = found; one != nullptr; one = one->ifa_next) {
    if (one->ifa_addr == nullptr) continue;
    const auto family = one->ifa_addr->sa_family;
    if (family == AF_INET || family == AF_INET6) names.insert(one->ifa_name);
  }
  return {names.begin(), names.end()};
}

bool done_in_time(std::chrono::milliseconds limit, std::function<void()> work) {
  std::packaged_task<void()> task(std::move(work));
  auto done = task.get_future();
  std::thread(std::move(task)).detach();
  if (done.wait_for(limit) != std::future_status::ready) return false;
  done.get();
  return true;
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
