#include "apps/completion.h"

#include <algorithm>

#include <CLI/CLI.hpp>
#include <fmt/core.h>

#include "apps/command_tree.h"
#include "core/base/error.h"
#include "core/base/names.h"

namespace weir {
namespace {

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts(1);
  for (const char c : text) {
    if (c == separator) {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

std::vector<std::string> names_of(const CLI::Option& option) {
  std::vector<std::string> names;
  for (const std::string& name : option.get_lnames()) names.push_back("--" + name);
  for (const std::string& name : option.get_snames()) names.push_back("-" + name);
  return names;
}

void add_options(const CLI::App& command, Completions& out) {
  for (const CLI::Option* option : command.get_options()) {
    const std::vector<std::string> names = names_of(*option);
    for (const std::string& name : names) {
      const bool is_new =
          std::find(out.options.begin(), out.options.end(), name) == out.options.end();
      if (is_new) out.options.push_back(name);  // every command has its own --help
    }
    const std::vector<std::string> words = split(option->get_type_name(), '|');
    if (words.size() < 2) continue;
    for (const std::string& name : names) out.choices.emplace_back(name, words);
  }
}

void collect(const CLI::App& command, std::vector<Completions>& all) {
  Completions own{.path = command_path(command), .commands = {}, .options = {}, .choices = {}};
  const auto children =
      command.get_subcommands([](const CLI::App* child) { return !child->get_group().empty(); });
  for (const CLI::App* child : children) own.commands.push_back(child->get_name());
  for (const CLI::App* at = &command; at != nullptr; at = at->get_parent()) add_options(*at, own);
  all.push_back(std::move(own));
  for (const CLI::App* child : children) collect(*child, all);
}

std::string words_cases(const std::vector<Completions>& all) {
  std::string cases;
  for (const Completions& at : all) {
    cases += fmt::format(
        "    '{}') words='{}' ;;\n", at.path,
        join(at.commands, " ") + (at.commands.empty() ? "" : " ") + join(at.options, " "));
  }
  return cases;
}

std::string choice_cases(const std::vector<Completions>& all) {
  std::string cases;
  for (const Completions& at : all) {
    for (const auto& [option, words] : at.choices) {
      cases += fmt::format("    '{} {}') choices='{}' ;;\n", at.path, option, join(words, " "));
    }
  }
  return cases;
}

std::string command_pattern(const std::vector<Completions>& all) {
  std::string pattern;
  for (const Completions& at : all) pattern += (pattern.empty() ? "'" : "|'") + at.path + "'";
  return pattern;
}

// bash and zsh share the search: `path` is the deepest command before the cursor.
std::string shell_function(const std::vector<Completions>& all) {
  return fmt::format(R"sh(_weir_words() {{
  # $1: the word before the cursor's; $2: the cursor's word; the rest: the words before it.
  local previous=$1 current=$2 path=weir word words='' choices=''
  shift 2
  for word in "$@"; do
    case "$path $word" in
    {}) path="$path $word" ;;
    esac
  done
  case "$path $previous" in
{}  esac
  if [ -n "$choices" ]; then
    printf '%s\n' $choices
    return
  fi
  case "$path" in
{}  esac
  printf '%s\n' $words
  weir __complete "$path" "$current" 2>/dev/null
}}
)sh",
                     command_pattern(all), choice_cases(all), words_cases(all));
}

std::string bash_script(const std::vector<Completions>& all) {
  return "# bash completion for weir:  source <(weir completion bash)\n" + shell_function(all) +
         R"sh(_weir() {
  # Not COMP_WORDS: bash cuts those at '=', and KEY=VALUE is one word here.
  local line=${COMP_LINE:0:COMP_POINT}
  local -a before=($line)
  local current=''
  if [[ $line != *' ' ]]; then
    current=${before[-1]}
    unset 'before[-1]'
  fi
  local found
  found=$(_weir_words "${before[-1]}" "$current" "${before[@]:1}")
  COMPREPLY=($(compgen -W "$found" -- "$current"))
  # What stands before '=' is on the line already.
  [[ $current == *=* ]] && COMPREPLY=("${COMPREPLY[@]#"${current%%=*}="}")
  [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *= ]] && compopt -o nospace
}
complete -o default -F _weir weir
)sh";
}

std::string zsh_script(const std::vector<Completions>& all) {
  return "#compdef weir\n# zsh completion for weir:  source <(weir completion zsh)\n" +
         shell_function(all) + R"sh(_weir() {
  setopt local_options sh_word_split
  local -a found
  found=(${(f)"$(_weir_words "${words[CURRENT-1]}" "${words[CURRENT]}" "${words[@]:1:CURRENT-2}")"})
  compadd -S '' -- ${(M)found:#*=}
  compadd -- ${found:#*=}
  _files
}
compdef _weir weir
)sh";
}

std::string fish_script(const std::vector<Completions>& all) {
  return "# fish completion for weir:  weir completion fish | source\n"
         "function __weir_words\n"
         "  bash -c '" +
         [&all] {
           std::string quoted;  // inside single quotes of fish
           for (const char c : shell_function(all)) {
             quoted += c == '\'' || c == '\\' ? std::string("\\") + c : std::string(1, c);
           }
           return quoted;
         }() +
         "_weir_words \"$@\"' weir (commandline -opc)[-1] (commandline -ct) (commandline "
         "-opc)[2..]\n"
         "end\n"
         "complete -c weir -a '(__weir_words)'\n";
}

}  // namespace

std::vector<Completions> list_completions(const Command& root) {
  std::vector<Completions> all;
  collect(root.app(), all);
  return all;
}

std::string completion_script(const Command& root, const std::string& shell) {
  const std::vector<Completions> all = list_completions(root);
  if (shell == "bash") return bash_script(all);
  if (shell == "zsh") return zsh_script(all);
  return fish_script(all);
}

}  // namespace weir
