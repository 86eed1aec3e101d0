#pragma once
// Short names for Boost's networking, and what coroutines on it need.

// clang-format off
#include <utility>  // before the headers of Boost 1.74 that forget it
// clang-format on
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <cstdint>

namespace weft {

namespace asio = boost::asio;
using boost::system::error_code;
using tcp = asio::ip::tcp;

/// What makes co_await put its error there.
inline auto into(error_code& error) { return asio::redirect_error(asio::use_awaitable, error); }

inline std::chrono::milliseconds in_milliseconds(double seconds) {
  return std::chrono::milliseconds(static_cast<int64_t>(seconds * 1000));
}

}  // namespace weft
