#pragma once
// Processes that train together, as threads of a test.

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <functional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "train/launch.h"

namespace weft {

/// Listens at a port of this host that was free, and accepts nobody.
class SilentListener {
 public:
  SilentListener() : descriptor_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* any = reinterpret_cast<sockaddr*>(&address);
    if (::bind(descriptor_, any, size) != 0 || ::listen(descriptor_, 8) != 0 ||
        ::getsockname(descriptor_, any, &size) != 0)
      throw std::runtime_error("cannot listen");
    port_ = ntohs(address.sin_port);
  }
  SilentListener(const SilentListener&) = delete;
  SilentListener& operator=(const SilentListener&) = delete;
  ~SilentListener() { ::close(descriptor_); }
  int port() const { return port_; }

 private:
  int descriptor_;
  int port_ = 0;
};

/// A port that nobody listens at.
inline int free_port() { return SilentListener().port(); }

/// Launches of processes 0 to world - 1 on this host.
inline std::vector<Launch> launches(int64_t world) {
  std::vector<Launch> all;
  const int port = free_port();
  for (int64_t rank = 0; rank < world; ++rank)
    all.push_back({.rank = rank, .world = world, .address = "127.0.0.1", .port = port});
  return all;
}

/// Runs `work` for each launch in a thread of its own. Returns what each threw, "" if nothing.
inline std::vector<std::string> in_threads(const std::vector<Launch>& all,
                                           const std::function<void(const Launch&)>& work) {
  std::vector<std::string> thrown(all.size());
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < all.size(); ++i) {
      threads.emplace_back([&, i] {
        try {
          work(all[i]);
        } catch (const std::exception& error) {
          thrown[i] = error.what();
        }
      });
    }
  }
  return thrown;
}

inline constexpr std::chrono::seconds kPatience{20};

}  // namespace weft
