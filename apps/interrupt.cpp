#include "apps/interrupt.h"

#include <signal.h>
#include <unistd.h>

namespace weir {
namespace {

std::atomic<bool> requested{false};
std::atomic<int> exit_code{0};
static_assert(std::atomic<bool>::is_always_lock_free && std::atomic<int>::is_always_lock_free,
              "a signal handler may not lock");

void on_signal(int signal) {
  if (requested.exchange(true)) ::_exit(128 + signal);
  exit_code = 128 + signal;
}

}  // namespace

const std::atomic<bool>& catch_interrupts() {
  struct sigaction action {};
  action.sa_handler = on_signal;
  action.sa_flags = SA_RESTART;
  ::sigemptyset(&action.sa_mask);
  ::sigaction(SIGINT, &action, nullptr);
  ::sigaction(SIGTERM, &action, nullptr);
  return requested;
}

int interrupt_exit_code() { return exit_code; }

}  // namespace weir
