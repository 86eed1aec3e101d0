#pragma once
// SIGINT and SIGTERM as a question: has somebody asked us to stop?

namespace weft {

/// From now on the first SIGINT or SIGTERM only sets a flag; a second one ends the program at once.
void watch_stop_signals();
/// Whether one has come.
bool stop_requested();
/// 128 + the signal's number, which is how a shell reports it, or 0 if none has come.
int exit_status_after_signal();

}  // namespace weft
