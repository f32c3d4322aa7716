#include "apps/command_tree.h"

#include <algorithm>
#include <utility>

#include <CLI/CLI.hpp>

#include "apps/events.h"
#include "core/base/error.h"
#include "core/base/names.h"

namespace weir {
namespace {

constexpr const char* kIntroduction =
    "weir trains small convolutional networks on the CPU.\n\n"
    "  weir train                                   try it now: built-in pictures, no download\n"
    "  weir train configs/lenet5.yaml train.epochs=5   a configuration, with one value changed\n"
    "  weir predict runs/lenet5/0001 photo.png      what a trained network sees\n"
    "  weir bench configs/lenet5.yaml --layers      where the time of a training step goes\n";

std::vector<std::string> option_names(const CLI::App& command) {
  std::vector<std::string> names;
  for (const CLI::App* at = &command; at != nullptr; at = at->get_parent()) {
    for (const CLI::Option* option : at->get_options()) {
      for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
      for (const std::string& name : option->get_snames()) names.push_back("-" + name);
    }
  }
  return names;
}

std::vector<std::string> command_names(const CLI::App& command) {
  std::vector<std::string> names;
  for (const CLI::App* child : command.get_subcommands([](const CLI::App*) { return true; })) {
    if (!child->get_group().empty()) names.push_back(child->get_name());
  }
  return names;
}

// What is wrong with a word that no command took.
std::string describe_leftover(const CLI::App& command, const std::string& word) {
  const std::string name = word.substr(0, word.find('='));
  if (word.size() > 1 && word[0] == '-') {
    return fmt::format("unknown option '{}'{}", name, did_you_mean(name, option_names(command)));
  }
  const std::vector<std::string> commands = command_names(command);
  if (commands.empty()) return fmt::format("unexpected argument '{}'", word);
  const std::string hint = did_you_mean(word, commands);
  return fmt::format("unknown command '{}'{}", word,
                     hint.empty() ? "; there are: " + join(commands) : hint);
}

// `word` as a shell reads it back.
std::string shell_quoted(const std::string& word) {
  constexpr const char* kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./=,:@%+";
  if (!word.empty() && word.find_first_not_of(kPlain) == std::string::npos) return word;
  std::string out = "'";
  for (const char c : word) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

}  // namespace

const CLI::App* chosen_command(const CLI::App& root) {
  const CLI::App* command = &root;
  while (!command->get_subcommands().empty()) command = command->get_subcommands().front();
  return command;
}

std::string command_path(const CLI::App& command) {
  const CLI::App* parent = command.get_parent();
  return parent ? command_path(*parent) + " " + command.get_name() : command.get_name();
}

CommandTree::CommandTree() : app_(std::make_unique<CLI::App>(kIntroduction, "weir")), root_(*app_) {
  app_->allow_extras();
  app_->set_version_flag("--version", "weir " WEIR_VERSION);
  app_->get_formatter()->column_width(34);
  add_global_options();
}

CommandTree::~CommandTree() = default;

void CommandTree::add_global_options() {
  root_.add_flag("-q,--quiet", globals_.quiet, "Fewer lines on stderr; -qq: only errors");
  root_.add_flag("-v,--verbose", globals_.verbose, "More lines on stderr");
  root_.add_choice("--color", globals_.color, {"auto", "always", "never"}, "Colours");
  root_.add_option("--threads", globals_.threads, "Threads to use; results do not depend on it")
      ->range(1, 1024)
      ->type_name("N");
}

Command* CommandTree::add(Command& parent, const std::string& name, const std::string& help,
                          std::function<int()> run) {
  CLI::App* app = parent.app().add_subcommand(name, help);
  app->allow_extras()->fallthrough();
  actions_[app] = std::move(run);
  return &commands_.emplace_back(*app);
}

Command* CommandTree::add_group(const std::string& name, const std::string& help) {
  Command* group = add(root_, name, help, nullptr);
  actions_[&group->app()] = [group] {
    print_text(group->app().help("weir"));
    return 0;
  };
  return group;
}

void CommandTree::add_json(Command& command) {
  command.add_flag("--json", globals_.json, "Results as JSON, one object for each line");
}

void CommandTree::check_leftovers() const {
  const CLI::App* command = chosen_command(*app_);
  const std::vector<std::string> leftovers = app_->remaining(true);
  if (leftovers.empty()) return;
  fail(ErrorKind::kUsage, "{}\nsee: {} --help", describe_leftover(*command, leftovers.front()),
       command_path(*command));
}

bool CommandTree::parse(std::vector<std::string> arguments) {
  command_line_ = app_->get_name();
  for (const std::string& word : arguments) command_line_ += " " + shell_quoted(word);
  std::reverse(arguments.begin(), arguments.end());  // CLI11 takes them from the back
  try {
    app_->parse(std::move(arguments));
  } catch (const CLI::Success& help_or_version) {
    app_->exit(help_or_version);
    return false;
  } catch (const CLI::ParseError& error) {
    fail(ErrorKind::kUsage, "{}\nsee: {} --help", error.what(),
         command_path(*chosen_command(*app_)));
  }
  check_leftovers();
  return true;
}

int CommandTree::run() {
  apply(globals_);
  const auto action = actions_.find(chosen_command(*app_));
  if (action != actions_.end()) return action->second();
  print_text(app_->help());
  return 0;
}

}  // namespace weir
