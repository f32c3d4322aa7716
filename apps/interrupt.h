// Ctrl-C and SIGTERM: the first asks for a stop at the next safe place, the second stops at once.
#pragma once

namespace weir {

// From now on the signals are counted instead of ending the process.
void catch_interrupts();

// The signal that asked for a stop (SIGINT, SIGTERM), or 0.
int interrupt_signal();

}  // namespace weir
