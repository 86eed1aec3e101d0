#include "stop_signal.h"

#include <atomic>
#include <csignal>
#include <initializer_list>

namespace weft {
namespace {

// A signal handler can reach nothing but static variables; several threads ask.
std::atomic<int> received_signal = 0;
std::atomic<int> somebody_asks = 0;
static_assert(std::atomic<int>::is_always_lock_free, "a signal handler must not wait for a lock");

extern "C" void remember_signal(int signal) {
  if (somebody_asks == 0 || (signal == SIGINT && received_signal != 0)) {
    std::signal(signal, SIG_DFL);
    std::raise(signal);  // delivered when this handler returns
    return;
  }
  if (received_signal == 0) received_signal = signal;
}

}  // namespace

void watch_stop_signals() {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGUSR1, SIGUSR2, SIGXCPU}) {
    struct sigaction action {};
    ::sigaction(signal, nullptr, &action);
    if (action.sa_handler == SIG_IGN) continue;
    action = {};
    action.sa_handler = remember_signal;
    action.sa_flags = SA_RESTART;
    ::sigaction(signal, &action, nullptr);
  }
}

bool stop_requested() {
  somebody_asks = 1;
  return received_signal != 0;
}

void take_for_interrupted() {
  int none = 0;
  received_signal.compare_exchange_strong(none, SIGINT);
}

void disregard_stop_signal() { received_signal = 0; }

int exit_status_after_signal() { return received_signal == 0 ? 0 : 128 + received_signal; }

}  // namespace weft
