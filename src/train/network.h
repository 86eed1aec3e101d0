#pragma once
// What is asked of the network before LibTorch uses it, which tells of trouble in many lines.

#include <chrono>
#include <string>

namespace weft {

/// Whether a process can listen at a TCP port of this host.
bool is_free_port(int port);

/// Waits until somebody listens there; false if nobody does for `limit`.
bool wait_for_listener(const std::string& host, int port, std::chrono::milliseconds limit);

/// The address of this host that packets to `host` leave from; "" if no way leads there.
std::string address_towards(const std::string& host);

/// Whether an address (no name) means the host itself.
bool is_loopback(const std::string& address);

}  // namespace weft
