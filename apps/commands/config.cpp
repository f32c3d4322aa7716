// weir config: what a configuration means, whether it is right, and what can stand in one.
#include <memory>

#include <fmt/core.h>

#include "apps/commands/commands.h"
#include "apps/config_arguments.h"
#include "apps/events.h"
#include "core/base/error.h"
#include "core/base/log.h"
#include "models/registry.h"
#include "train/config/config_errors.h"
#include "train/config/emit.h"
#include "train/config/reference.h"

namespace weir {
namespace {

using Words = std::vector<std::string>;

int show(const Words& words, bool with_origins) {
  const LoadedConfig loaded = load_config(sort_config_arguments(words));
  for (const std::string& warning : loaded.warnings) log_warning("{}", warning);
  print_text(with_origins ? to_yaml_with_origins(loaded) : to_yaml(loaded.config));
  return 0;
}

// The model too, for pictures as CIFAR-10 has them or of the configured size: shapes that cannot
// work are found here and not when training starts.
void validate_model(const Config& config) {
  ModelOptions model = config.model;
  if (config.data.name == "image_folder") {
    model.in_height = model.in_width = config.data.image_size;
  }
  build_model(model);
}

int validate(const CommandTree& tree, const Words& files) {
  require(!files.empty(), "expected configuration files\nsee: weir config validate --help");
  std::string problems;
  for (const std::string& file : files) {
    try {
      validate_model(load_config_and_warn({.file = file, .overrides = {}}));
      if (tree.globals().json) print_event("config", {{"file", file}, {"ok", true}});
      if (!tree.globals().json) print_text(file + ": ok\n");
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::kUsage) throw;
      problems += (problems.empty() ? "" : "\n") + std::string(error.what());
      if (tree.globals().json) print_event("config", {{"file", file}, {"ok", false}});
    }
  }
  if (!problems.empty()) fail(ErrorKind::kUsage, "{}", problems);
  return 0;
}

int show_difference(const CommandTree& tree, const Words& files) {
  require(files.size() == 2,
          "expected two configuration files, found {}\nsee: weir config diff "
          "--help",
          files.size());
  const Config a = load_config({.file = files[0], .overrides = {}}).config;
  const Config b = load_config({.file = files[1], .overrides = {}}).config;
  for (const ConfigDifference& key : diff(a, b)) {
    if (tree.globals().json) {
      print_event("difference", {{"key", key.key}, {"a", key.a}, {"b", key.b}});
    } else {
      const auto value = [](const std::string& text) {
        return text.empty() ? "(does not apply)" : text;
      };
      print_text(fmt::format("{}\n  - {}\n  + {}\n", key.key, value(key.a), value(key.b)));
    }
  }
  return 0;
}

void add_show(CommandTree& tree, Command& group) {
  struct Arguments {
    Words words;
    bool origins = false;
  };
  auto arguments = std::make_shared<Arguments>();
  Command* command = tree.add(group, "show", "Every key with its value, defaults included",
                              [arguments] { return show(arguments->words, arguments->origins); });
  command->add_option("config", arguments->words, "A configuration, and values to change in it")
      ->type_name("[CONFIG] [KEY=VALUE...]");
  command->add_flag("--origins", arguments->origins, "Say where each value comes from");
}

// A subcommand whose arguments are files.
void add_files_command(CommandTree& tree, Command& group, const std::string& name,
                       const std::string& help, int (*action)(const CommandTree&, const Words&)) {
  auto files = std::make_shared<Words>();
  Command* command =
      tree.add(group, name, help, [&tree, files, action] { return action(tree, *files); });
  command->add_option("configs", *files, "Configuration files")->type_name("CONFIG...");
  tree.add_json(*command);
}

void add_keys(CommandTree& tree, Command& group) {
  auto format = std::make_shared<std::string>("text");
  Command* command =
      tree.add(group, "keys", "Every key: what it takes, its default, what it does", [format] {
        print_text(*format == "md" ? keys_as_markdown() : keys_as_text());
        return 0;
      });
  command->add_choice("--format", *format, {"text", "md"}, "Form of the list");
}

}  // namespace

void add_config_commands(CommandTree& tree) {
  Command* group = tree.add_group("config", "Configurations: show, validate, diff, keys, schema");
  add_show(tree, *group);
  add_files_command(tree, *group, "validate", "Check files; every problem is listed", validate);
  add_files_command(tree, *group, "diff", "Where two configurations differ", show_difference);
  add_keys(tree, *group);
  tree.add(*group, "schema", "JSON Schema, for completion in an editor", [] {
    print_text(config_schema());
    return 0;
  });
}

}  // namespace weir
