#pragma once
// What is asked of the network before LibTorch uses it, which tells of trouble in many lines.

#include <chrono>
#include <functional>
#include <string>
#include <vector>

namespace weft {

/// Whether a process can listen at a TCP port of this host.
bool is_free_port(int port);

/// Waits until somebody listens there; false if nobody does for `limit`.
bool wait_for_listener(const std::string& host, int port, std::chrono::milliseconds limit);

/// Whether a packet gets there and back within `limit`: somebody listens, or the host says that
/// nobody does.
bool is_reachable(const std::string& host, int port, std::chrono::milliseconds limit);

/// Whether this host knows an address of a host's name.
bool is_known_host(const std::string& host);

/// Names of the interfaces of this host that have an address.
std::vector<std::string> interfaces();

/// Does work that a silent network may never let end, in a thread of its own. False if it is not
/// done in time: then the thread is left behind with what the work holds. Throws what the work
/// does.
bool done_in_time(std::chrono::milliseconds limit, std::function<void()> work);

/// The address of this host that packets to `host` leave from; "" if no way leads there.
std::string address_towards(const std::string& host);

/// Whether an address (no name) means the host itself.
bool is_loopback(const std::string& address);

}  // namespace weft
