// A command of `weir` and its options, in the words of CLI11. Only the files behind these classes
// see CLI11 itself: whoever includes its header compiles all of it, which takes seconds.
#pragma once

#include <deque>
#include <string>
#include <vector>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace weir {

class Option {
 public:
  explicit Option(CLI::Option& option) : option_(&option) {}

  // What --help shows for its value.
  Option* type_name(const std::string& name);
  // Refuses values outside of [least, most].
  Option* range(int least, int most);
  Option* range(double least, double most);
  // Cuts one word into a list.
  Option* delimiter(char separator);
  // Takes so many values.
  Option* expected(int count);
  // false: a list grows by one word each time that the option is named; the next word is not its.
  Option* allow_extra_args(bool allow);
  // Refuses to stand without that one.
  Option* needs(const Option* other);
  // Refuses to stand beside any of these.
  Option* excludes(const std::vector<Option*>& others);

 private:
  CLI::Option* option_;
};

class Command {
 public:
  explicit Command(CLI::App& app) : app_(&app) {}

  // An argument ("config") or an option ("-o,--output"). command.cpp lists the types of `value`.
  template <class T>
  Option* add_option(const std::string& name, T& value, const std::string& help);
  // bool: named or not; int: how often.
  template <class T>
  Option* add_flag(const std::string& name, T& value, const std::string& help);
  // An option that takes one of `words`. They show in --help, in errors and in completions.
  Option* add_choice(const std::string& name, std::string& value,
                     const std::vector<std::string>& words, const std::string& help);
  // The same for one that takes several, with commas between them.
  Option* add_choices(const std::string& name, std::vector<std::string>& values,
                      const std::vector<std::string>& words, const std::string& help);
  // Leaves it out of the help.
  void hide();

  // In the order in which they were added; --help is not among them.
  std::vector<Option*> options();
  CLI::App& app() const { return *app_; }

 private:
  Option* own(CLI::Option& option);

  CLI::App* app_;
  std::deque<Option> options_;  // callers keep pointers
};

}  // namespace weir
