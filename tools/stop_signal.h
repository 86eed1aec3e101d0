#pragma once
// Signals as a question: has somebody asked us to stop?

namespace weft {

/// What terminals and batch systems send before they kill: SIGINT, SIGTERM, SIGHUP, SIGUSR1,
/// SIGUSR2 and SIGXCPU. A signal that was ignored when the program started stays ignored, as with
/// nohup, and SIGINT with a background job.
///
/// Until stop_requested() is asked for the first time there is nothing to be saved, and a signal
/// ends the program at once. From then on it only sets a flag; so does every one that follows, but
/// for a further SIGINT, with which a person at a terminal means it.
void watch_stop_signals();
/// Whether one has come. May be asked by several threads at once.
bool stop_requested();
/// Work was given up because another process has got a signal: as if this one had been interrupted
/// from the keyboard, if none has come.
void take_for_interrupted();
/// Work was done to its end all the same: exit_status_after_signal() is 0 again.
void disregard_stop_signal();
/// 128 + the signal's number, which is how a shell reports it, or 0 if none has come.
int exit_status_after_signal();

}  // namespace weft
