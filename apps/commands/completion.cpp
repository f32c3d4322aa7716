// weir completion: shell completion scripts; weir __complete: the words that those scripts ask for.
#include "apps/completion.h"

#include <algorithm>
#include <memory>

#include <fmt/core.h>

#include "apps/commands/commands.h"
#include "apps/events.h"
#include "apps/pool_walk/walk.h"
#include "datasets/catalog.h"
#include "train/config/reference.h"

namespace weir {
namespace {

// Commands whose arguments may be KEY=VALUE with any key.
bool takes_keys(const std::string& path) {
  return path == "weir train" || path == "weir compare" || path == "weir summary" ||
         path == "weir config show";
}

// Commands that take the name of a dataset and keys of `data:`.
bool takes_dataset(const std::string& path) {
  return path.starts_with("weir data ") && path != "weir data list" && path != "weir data get";
}

std::vector<std::string> dynamic_words(const std::string& path, const std::string& prefix) {
  if (takes_keys(path)) return complete_override(prefix);
  if (path == "weir pool") return pool_words();
  if (path == "weir data get") return {"cifar10"};
  std::vector<std::string> words;
  if (takes_dataset(path)) {
    for (const CatalogEntry& entry : dataset_catalog()) words.emplace_back(entry.name);
  }
  if ((takes_dataset(path) && path != "weir data verify") || path == "weir eval") {
    const std::string key = prefix.starts_with("data.") ? prefix : "data.";
    for (std::string& word : complete_override(key)) words.push_back(std::move(word));
  }
  return words;
}

int print_words(const std::string& path, const std::string& prefix) {
  for (const std::string& word : dynamic_words(path, prefix)) {
    if (word.starts_with(prefix)) print_text(word + "\n");
  }
  return 0;
}

void add_scripts(CommandTree& tree) {
  Command* group = tree.add_group("completion", "Scripts that complete `weir` in a shell");
  for (const char* shell : {"bash", "zsh", "fish"}) {
    tree.add(*group, shell, fmt::format("Completion for {}", shell), [&tree, shell] {
      print_text(completion_script(tree.root(), shell));
      return 0;
    });
  }
}

void add_words(CommandTree& tree) {
  struct Arguments {
    std::string path, prefix;
  };
  auto arguments = std::make_shared<Arguments>();
  Command* command = tree.add(tree.root(), "__complete", "For the completion scripts", [arguments] {
    return print_words(arguments->path, arguments->prefix);
  });
  command->hide();  // not in the help
  command->add_option("path", arguments->path, "The command so far");
  command->add_option("prefix", arguments->prefix, "What the word begins with");
}

}  // namespace

void add_completion_commands(CommandTree& tree) {
  add_scripts(tree);
  add_words(tree);
}

}  // namespace weir
