#ifdef WEFT_DISTRIBUTED

#include "train/rendezvous.h"

#include <algorithm>
#include <atomic>
#include <memory>
#include <numeric>
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

bool serves(const Launch& launch) { return launch.rank == 0 && !launch.served_by_launcher; }

[[noreturn]] void throw_no_answer(const Launch& launch, std::chrono::milliseconds timeout) {
  throw UserError("process 0 does not answer at " + place_of(launch) +
                  " (MASTER_ADDR, MASTER_PORT) within " + seconds_text(timeout));
}

[[noreturn]] void throw_not_its_own(const Launch& launch) {
  throw UserError("process 0 does not reach itself at " + place_of(launch) +
                  "; expected MASTER_ADDR to be an address of the host of process 0, and "
                  "MASTER_PORT a port that it may use");
}

void require_free_port(const Launch& launch) {
  if (!is_free_port(launch.port)) {
    throw UserError("MASTER_PORT is " + std::to_string(launch.port) +
                    ", which is in use on this host; expected a free port");
  }
}

/// Waits until process 0 can be met, which finds out whether its own place is in order.
void find_place(const Launch& launch, std::chrono::milliseconds timeout) {
  const auto require_known_host = [&] {
    if (!is_known_host(launch.address))
      throw UserError("MASTER_ADDR is " + launch.address + ", a host that is not known here");
  };
  if (!serves(launch)) {
    if (wait_for_listener(launch.address, launch.port, timeout)) return;
    require_known_host();
    throw_no_answer(launch, timeout);
  }
  require_known_host();
  require_free_port(launch);
  if (!is_reachable(launch.address, launch.port, timeout)) throw_not_its_own(launch);
}

c10::intrusive_ptr<::c10d::Store> open_store(const Launch& launch,
                                             std::chrono::milliseconds timeout) {
  ::c10d::TCPStoreOptions options;
  options.port = static_cast<uint16_t>(launch.port);
  options.isServer = serves(launch);
  options.waitWorkers = false;
  options.timeout = timeout;
  try {
    return c10::make_intrusive<::c10d::PrefixStore>(
        launch.store_prefix + "weft",
        c10::make_intrusive<::c10d::TCPStore>(launch.address, options));
  } catch (const std::exception&) {
    if (!serves(launch)) throw;
    require_free_port(launch);  // another may have been faster
    throw_not_its_own(launch);
  }
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

  /// Their number, and the program: another one may compute or say something else.
  void compare() {
    const auto own = std::to_string(launch_.world);
    if (launch_.rank == 0) store_.set(kWorld, bytes_of(own + " " + launch_.version));
    wait_until([&] { return store_.check({kWorld}); }, [] { return "process 0"; });
    const auto told = text_at(store_, kWorld);
    const auto blank = std::min(told.find(' '), told.size());
    const auto first = told.substr(0, blank),
               version = told.substr(std::min(blank + 1, told.size()));
    const auto who = "process " + std::to_string(launch_.rank);
    if (first != own)
      refuse(who + " has WORLD_SIZE " + own + ", process 0 has " + first + "; expected the same");
    if (version != launch_.version) {
      refuse(who + " is Weft " + launch_.version + ", process 0 is Weft " + version +
             "; expected the same");
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

constexpr const char* kCall = "call";
constexpr const char* kMissing = "missing";
std::string here_key(int64_t rank) { return "here/" + std::to_string(rank); }

/// How often a call is looked for, how long process 0 hears who is there, and how long what it has
/// heard is waited for; the last longer than that, because the store may not answer at all.
constexpr std::chrono::milliseconds kLooking(300), kHearing(2000), kWaiting(5000), kLimit(7000);

/// Calls `done` again and again until it returns true, or for so long.
template <class Done>
bool try_for(std::chrono::milliseconds limit, Done done) {
  const auto end = Clock::now() + limit;
  while (!done()) {
    if (Clock::now() >= end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return true;
}

}  // namespace

struct Roll::Book {
  Launch launch;
  Rendezvous met;
  std::atomic<bool> is_closed = false;

  /// Waits for a call, and answers it.
  void attend() {
    do {
      std::this_thread::sleep_for(kLooking);
      if (is_closed) return;
    } while (!met.store->check({kCall}));
    met.store->set(here_key(launch.rank), bytes_of("1"));
    if (launch.rank == 0) met.store->set(kMissing, bytes_of(text_of(silent())));
  }

  std::vector<int64_t> silent() {
    std::vector<int64_t> ranks(static_cast<std::size_t>(launch.world));
    std::iota(ranks.begin(), ranks.end(), 0);
    try_for(kHearing, [&] {
      std::erase_if(ranks, [&](int64_t rank) { return met.store->check({here_key(rank)}); });
      return ranks.empty();
    });
    return ranks;
  }

  std::string text_of(const std::vector<int64_t>& ranks) const {
    std::string who;
    for (const auto rank : ranks) {
      who += (who.empty() ? "; no sign of life from process " : ", ") + std::to_string(rank) +
             " at " + met.addresses[static_cast<std::size_t>(rank)];
    }
    return who;
  }
};

Roll::Roll(const Launch& launch, const Rendezvous& met)
    : book_(std::make_shared<Book>(launch, met)) {
  std::thread([book = book_] {
    try {
      book->attend();
    } catch (const std::exception&) {
      // The store is gone, with whoever serves it.
    }
  }).detach();
}

Roll::~Roll() { book_->is_closed = true; }

std::string Roll::missing() const {
  auto text = std::make_shared<std::string>(book_->text_of({0}));  // unless it tells otherwise
  const auto ask = [book = book_, text] {
    auto& store = *book->met.store;
    store.set(kCall, bytes_of("1"));
    if (try_for(kWaiting, [&] { return store.check({kMissing}); }))
      *text = text_at(store, kMissing);
    // The store goes with process 0: others are to read it, too.
    if (book->launch.rank == 0) std::this_thread::sleep_for(std::chrono::milliseconds(300));
  };
  try {
    if (done_in_time(kLimit, ask)) return *text;
  } catch (const std::exception&) {
    // As above.
  }
  return book_->text_of({0});
}

Rendezvous meet(const Launch& launch, std::chrono::milliseconds timeout) {
  find_place(launch, timeout);
  const auto met = std::make_shared<Rendezvous>();
  const auto work = [launch, timeout, met] {
    met->store = open_store(launch, timeout);
    Meeting meeting(*met->store, launch, timeout);
    meeting.compare();
    const auto own = address_towards(launch.address);
    meeting.take_seat(own);
    met->addresses = meeting.wait_for_all();
    met->own_address = reachable_address(own, met->addresses);
  };
  try {
    // The store itself waits for an answer without end.
    if (!done_in_time(timeout + std::chrono::seconds(1), work)) throw_no_answer(launch, timeout);
    return *met;
  } catch (const UserError&) {
    throw;
  } catch (const std::exception&) {
    throw UserError("the connection to process 0 at " + place_of(launch) +
                    " (MASTER_ADDR, MASTER_PORT) broke while the processes met");
  }
}

}  // namespace weft

#endif
