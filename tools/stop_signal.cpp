#include "stop_signal.h"

#include <csignal>

namespace weft {
namespace {

// A signal handler can reach nothing but a static variable.
volatile std::sig_atomic_t received_signal = 0;

extern "C" void remember_signal(int signal) {
  received_signal = signal;
  std::signal(signal, SIG_DFL);
}

}  // namespace

void watch_stop_signals() {
  std::signal(SIGINT, remember_signal);
  std::signal(SIGTERM, remember_signal);
}

bool stop_requested() { return received_signal != 0; }

int exit_status_after_signal() { return received_signal == 0 ? 0 : 128 + received_signal; }

}  // namespace weft
