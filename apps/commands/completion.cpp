// weir completion: shell completion scripts; weir __complete: the words that those scripts ask for.
#include "apps/completion.h"

#include <memory>

#include "apps/commands/commands.h"
#include "apps/events.h"
#include "core/base/error.h"

namespace weir {
namespace {

void add_completion(CommandTree& tree) {
  CLI::App* group = tree.add_group("completion", "Scripts that complete `weir` in a shell");
  for (const char* shell : {"bash", "zsh", "fish"}) {
    tree.add(*group, shell, fmt::format("Completion for {}", shell), [&tree, shell] {
      print_text(completion_script(tree.root(), shell));
      return 0;
    });
  }
}

}  // namespace

void add_completion_commands(CommandTree& tree) { add_completion(tree); }

}  // namespace weir
