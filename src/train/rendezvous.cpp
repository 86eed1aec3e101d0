#ifdef WEFT_DISTRIBUTED

#include "train/rendezvous.h"

#include <thread>
#include <torch/csrc/distributed/c10d/PrefixStore.hpp>
#include <torch/csrc/distributed/c10d/TCPStore.hpp>
#include <vector>

#include "base/error.h"
#include "train/network.h"

namespace weft {
namespace {

using Clock = std::chrono::steady_clock;

std::string seconds_text(std::chrono::milliseconds time) {
  return std::to_string(std::chrono::duration_cast<std::chrono::seconds>(time).count()) + " s";
}

std::string place_of(const Launch& launch) {
  return launch.address + ":" + std::to_string(launch.port);
}

c10::intrusive_ptr<::c10d::Store> open_store(const Launch& launch,
                                             std::chrono::milliseconds timeout) {
  const bool serves = launch.rank == 0 && !launch.served_by_launcher;
  if (serves && !is_free_port(launch.port)) {
    throw UserError("MASTER_PORT is " + std::to_string(launch.port) +
                    ", which is in use on this host; expected a free port");
  }
  if (!serves && !wait_for_listener(launch.address, launch.port, timeout)) {
    throw UserError("process 0 does not answer at " + place_of(launch) +
                    " (MASTER_ADDR, MASTER_PORT) within " + seconds_text(timeout));
  }
  ::c10d::TCPStoreOptions options;
  options.port = static_cast<uint16_t>(launch.port);
  options.isServer = serves;
  options.waitWorkers = false;
  options.timeout = timeout;
  return c10::make_intrusive<::c10d::PrefixStore>(
      launch.store_prefix + "weft", c10::make_intrusive<::c10d::TCPStore>(launch.address, options));
}

std::vector<uint8_t> bytes_of(const std::string& text) { return {text.begin(), text.end()}; }

std::string text_at(::c10d::Store& store, const std::string& key) {
  const auto bytes = store.get(key);
  return {bytes.begin(), bytes.end()};
}

constexpr const char* kWorld = "world";
constexpr const char* kRefused = "refused";

/// The keys under which processes say that they are there.
std::string seat_of(int64_t rank) { return "seat/" + std::to_string(rank); }
std::string address_key(int64_t rank) { return "address/" + std::to_string(rank); }

/// One process's part in the meeting.
class Meeting {
 public:
  Meeting(::c10d::Store& store, const Launch& launch, std::chrono::milliseconds timeout)
      : store_(store), launch_(launch), timeout_(timeout), end_(Clock::now() + timeout) {}

  void count_alike() {
    const auto own = std::to_string(launch_.world);
    if (launch_.rank == 0) store_.set(kWorld, bytes_of(own));
    wait_until([&] { return store_.check({kWorld}); }, [] { return "process 0"; });
    if (const auto first = text_at(store_, kWorld); first != own) {
      refuse("process " + std::to_string(launch_.rank) + " has WORLD_SIZE " + own +
             ", process 0 has " + first + "; expected the same");
    }
  }

  void take_seat(const std::string& address) {
    if (store_.add(seat_of(launch_.rank), 1) > 1) {
      refuse("two processes have RANK " + std::to_string(launch_.rank) +
             "; expected each number once");
    }
    store_.set(address_key(launch_.rank), bytes_of(address));
  }

  std::vector<std::string> wait_for_all() {
    std::vector<std::string> keys, addresses;
    for (int64_t rank = 0; rank < launch_.world; ++rank) keys.push_back(address_key(rank));
    wait_until([&] { return store_.check(keys); }, [&] { return missing(); });
    for (const auto& key : keys) addresses.push_back(text_at(store_, key));
    return addresses;
  }

 private:
  [[noreturn]] void refuse(const std::string& why) {
    store_.set(kRefused, bytes_of(why));
    throw UserError(why);
  }

  std::string missing() {
    std::string ranks;
    for (int64_t rank = 0; rank < launch_.world; ++rank) {
      if (!store_.check({address_key(rank)}))
        ranks += (ranks.empty() ? "process " : ", ") + std::to_string(rank);
    }
    return ranks;
  }

  template <class Condition, class Missing>
  void wait_until(Condition holds, Missing who) {
    while (!holds()) {
      if (store_.check({kRefused})) {
        // The store goes with process 0: others are to read why, too.
        if (launch_.rank == 0) std::this_thread::sleep_for(std::chrono::milliseconds(500));
        throw UserError(text_at(store_, kRefused));
      }
      if (Clock::now() >= end_) {
        throw UserError("of " + std::to_string(launch_.world) + " processes (WORLD_SIZE), " +
                        who() + " did not come within " + seconds_text(timeout_));
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
  }

  ::c10d::Store& store_;
  const Launch& launch_;
  std::chrono::milliseconds timeout_;
  Clock::time_point end_;
};

/// Where a host's name means its own loopback, the others do not reach it there.
std::string reachable_address(const std::string& own, const std::vector<std::string>& all) {
  if (!is_loopback(own)) return own;
  for (const auto& other : all) {
    if (!is_loopback(other)) return address_towards(other);
  }
  return own;
}

}  // namespace

Rendezvous meet(const Launch& launch, std::chrono::milliseconds timeout) {
  try {
    auto store = open_store(launch, timeout);
    Meeting meeting(*store, launch, timeout);
    meeting.count_alike();
    const auto own = address_towards(launch.address);
    meeting.take_seat(own);
    auto reachable = reachable_address(own, meeting.wait_for_all());
    return {std::move(store), std::move(reachable)};
  } catch (const UserError&) {
    throw;
  } catch (const std::exception&) {
    throw UserError("the connection to process 0 at " + place_of(launch) +
                    " (MASTER_ADDR, MASTER_PORT) broke while the processes met");
  }
}

}  // namespace weft

#endif
