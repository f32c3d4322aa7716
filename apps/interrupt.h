// Ctrl-C and SIGTERM: the first asks for a stop at the next safe place, the second stops at once.
#pragma once

#include <atomic>

namespace weir {

// From now on the signals ask instead of ending the process. Returns what they set.
const std::atomic<bool>& catch_interrupts();

// The exit code of a process that the signal ended, as shells say it: 130 after Ctrl-C, 143 after
// SIGTERM, 0 when none came.
int interrupt_exit_code();

}  // namespace weir
