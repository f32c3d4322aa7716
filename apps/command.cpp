#include "apps/command.h"

#include <algorithm>
#include <cstdint>
#include <optional>

#include <CLI/CLI.hpp>
#include <fmt/core.h>

#include "core/base/names.h"

namespace weir {
namespace {

// What is wrong with a word that is none of `words`; "" for one that is.
auto one_of(const std::vector<std::string>& words) {
  return [words](const std::string& word) -> std::string {
    if (std::find(words.begin(), words.end(), word) != words.end()) return "";
    return fmt::format("expected one of {}, found '{}'{}", join(words), word,
                       did_you_mean(word, words));
  };
}

}  // namespace

Option* Option::type_name(const std::string& name) {
  option_->type_name(name);
  return this;
}

Option* Option::range(int least, int most) {
  option_->check(CLI::Range(least, most));
  return this;
}

Option* Option::range(double least, double most) {
  option_->check(CLI::Range(least, most));
  return this;
}

Option* Option::delimiter(char separator) {
  option_->delimiter(separator);
  return this;
}

Option* Option::expected(int count) {
  option_->expected(count);
  return this;
}

Option* Option::allow_extra_args(bool allow) {
  option_->allow_extra_args(allow);
  return this;
}

Option* Option::needs(const Option* other) {
  option_->needs(other->option_);
  return this;
}

Option* Option::excludes(const std::vector<Option*>& others) {
  for (const Option* other : others) option_->excludes(other->option_);
  return this;
}

template <class T>
Option* Command::add_option(const std::string& name, T& value, const std::string& help) {
  return own(*app_->add_option(name, value, help));
}

template <class T>
Option* Command::add_flag(const std::string& name, T& value, const std::string& help) {
  return own(*app_->add_flag(name, value, help));
}

template Option* Command::add_option(const std::string&, int&, const std::string&);
template Option* Command::add_option(const std::string&, double&, const std::string&);
template Option* Command::add_option(const std::string&, uint64_t&, const std::string&);
template Option* Command::add_option(const std::string&, std::string&, const std::string&);
template Option* Command::add_option(const std::string&, std::optional<int>&, const std::string&);
template Option* Command::add_option(const std::string&, std::optional<double>&,
                                     const std::string&);
template Option* Command::add_option(const std::string&, std::optional<uint64_t>&,
                                     const std::string&);
template Option* Command::add_option(const std::string&, std::vector<int>&, const std::string&);
template Option* Command::add_option(const std::string&, std::vector<std::string>&,
                                     const std::string&);
template Option* Command::add_flag(const std::string&, bool&, const std::string&);
template Option* Command::add_flag(const std::string&, int&, const std::string&);

Option* Command::add_choice(const std::string& name, std::string& value,
                            const std::vector<std::string>& words, const std::string& help) {
  return own(
      *app_->add_option(name, value, help)->check(one_of(words), "")->type_name(join(words, "|")));
}

Option* Command::add_choices(const std::string& name, std::vector<std::string>& values,
                             const std::vector<std::string>& words, const std::string& help) {
  return own(*app_->add_option(name, values, help)
                  ->delimiter(',')
                  ->allow_extra_args(false)
                  ->check(one_of(words), "")
                  ->type_name(join(words, "|")));
}

void Command::hide() { app_->group(""); }

std::vector<Option*> Command::options() {
  std::vector<Option*> all;
  for (Option& option : options_) all.push_back(&option);
  return all;
}

Option* Command::own(CLI::Option& option) { return &options_.emplace_back(option); }

}  // namespace weir
