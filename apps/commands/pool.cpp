// weir pool: one pooling layer on a small grid, window by window.
#include <iostream>
#include <memory>

#include <fmt/core.h>
#include <unistd.h>

#include "apps/commands/commands.h"
#include "apps/events.h"
#include "apps/playground_page.h"
#include "apps/pool_walk/report.h"
#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/names.h"
#include "models/layer_kinds.h"

namespace weir {
namespace {

struct PoolArguments {
  std::string word, grid = "4x4", dy, page;
  std::string kernel_size, stride, padding, dilation;  // "2" or "2x3"; "": not said
  std::vector<std::string> settings;
  std::optional<uint64_t> seed;
  bool ceil_mode = false, backward = false, step = false;
};

std::vector<std::string> split(std::string text, char separator) {
  std::vector<std::string> items;
  size_t end;
  while ((end = text.find(separator)) != std::string::npos) {
    items.push_back(text.substr(0, end));
    text.erase(0, end + 1);
  }
  items.push_back(text);
  return items;
}

// "3", "2x3" or "[2, 3]", as the layer's argument.
SpecValue value_of(std::string text) {
  if (text.starts_with('[') && text.ends_with(']')) text = text.substr(1, text.size() - 2);
  const bool is_pair = text.find_first_not_of("0123456789x") == std::string::npos;
  const std::vector<std::string> items = split(text, is_pair ? 'x' : ',');
  if (items.size() == 1) return {.text = text, .items = {}, .is_list = false, .place = ""};
  SpecValue value{.text = text, .items = {}, .is_list = true, .place = ""};
  for (const std::string& item : items) {
    const size_t begin = item.find_first_not_of(' ');
    value.items.push_back(begin == std::string::npos ? "" : item.substr(begin));
  }
  return value;
}

// Most windows of examples are 2x2, so -k may be left out where the layer asks for it.
bool asks_for_kernel(const std::string& word) {
  return find_layer_kind(word)->bare == "kernel_size" && word != "gem_pool2d" &&
         word != "fractional_max_pool2d";
}

LayerSpec layer_of(const PoolArguments& arguments) {
  LayerSpec layer{.kind = find_pool_word(arguments.word)};
  if (asks_for_kernel(layer.kind)) layer.args["kernel_size"] = value_of("2");
  const std::pair<const char*, std::string> sizes[] = {{"kernel_size", arguments.kernel_size},
                                                       {"stride", arguments.stride},
                                                       {"padding", arguments.padding},
                                                       {"dilation", arguments.dilation}};
  for (const auto& [name, text] : sizes) {
    if (!text.empty()) layer.args[name] = value_of(text);
  }
  if (arguments.ceil_mode) layer.args["ceil_mode"] = value_of("true");
  for (const std::string& setting : arguments.settings) {
    const size_t equals = setting.find('=');
    require(equals != std::string::npos && equals > 0,
            "--set: expected KEY=VALUE such as norm_type=3, found '{}'", setting);
    layer.args[setting.substr(0, equals)] = value_of(setting.substr(equals + 1));
  }
  return layer;
}

// False for q, and when there is no more input.
bool wants_next_page() {
  fmt::print(stderr, "Enter: next, q: quit ");
  std::string line;
  return std::getline(std::cin, line) && line != "q";
}

void show(const std::vector<std::string>& pages, bool one_by_one) {
  for (size_t i = 0; i < pages.size(); ++i) {
    if (i > 0 && one_by_one && !wants_next_page()) return;
    print_text((i > 0 ? "\n" : "") + pages[i]);
  }
}

int write_page(const std::string& file, bool json) {
  write_file_atomic(file, kPlaygroundPage);
  if (json) {
    print_event("pool_page", {{"file", file}});
  } else {
    print_text(fmt::format("{} written; open it in a browser\n", file));
  }
  return 0;
}

int run(const PoolArguments& arguments, bool json) {
  if (!arguments.page.empty()) return write_page(arguments.page, json);
  require(!arguments.word.empty(),
          "expected an operator such as max, or --page FILE; there are: {}", join(pool_words()));
  PoolWalkOptions options{.layer = layer_of(arguments),
                          .input = find_grid(arguments.grid, "--grid"),
                          .seed = arguments.seed};
  if (!arguments.dy.empty()) options.upstream = find_grid(arguments.dy, "--dy");
  const bool backward = arguments.backward || options.upstream.has_value();
  const PoolWalk walk = walk_pool(options);
  if (json) {
    print_walk_events(options, walk, backward);
    return 0;
  }
  const bool has_person = ::isatty(STDIN_FILENO) == 1 && ::isatty(STDOUT_FILENO) == 1;
  show(pages_of(options, walk, backward), arguments.step && has_person);
  return 0;
}

void add_window_options(Command& command, PoolArguments& arguments) {
  command.add_option("-k,--kernel-size", arguments.kernel_size, "Size of the window; 2")
      ->type_name("N|HxW");
  command.add_option("-s,--stride", arguments.stride, "From one window to the next; that size")
      ->type_name("N|HxW");
  command.add_option("-p,--padding", arguments.padding, "Cells around the grid; 0")
      ->type_name("N|HxW");
  command.add_option("--dilation", arguments.dilation, "From one cell of a window to the next; 1")
      ->type_name("N|HxW");
  command.add_flag("--ceil", arguments.ceil_mode, "Round up: the last window may hang over");
  command
      .add_option("--set", arguments.settings,
                  "Another argument of the layer, such as norm_type=3 or output_size=2")
      ->allow_extra_args(false)
      ->type_name("KEY=VALUE");
}

}  // namespace

void add_pool_command(CommandTree& tree) {
  auto arguments = std::make_shared<PoolArguments>();
  Command* command = tree.add(tree.root(), "pool", "Pool a small grid, one window at a time",
                              [arguments, &tree] { return run(*arguments, tree.globals().json); });
  command
      ->add_option("op", arguments->word,
                   "Any pooling of `layers:`, such as max, avg_pool or gem_pool2d")
      ->type_name("OP");
  command
      ->add_option("--grid", arguments->grid,
                   fmt::format("{} (built in), a file, or rows such as \"1 3; 5 6\"; 4x4",
                               join(built_in_grids())))
      ->type_name("NAME|FILE|ROWS");
  add_window_options(*command, *arguments);
  command->add_flag("--backward", arguments->backward, "Send a gradient of ones back, too");
  command->add_option("--dy", arguments->dy, "Send this one back")->type_name("FILE|ROWS");
  command->add_option("--seed", arguments->seed, "Draw as training does, with this seed")
      ->type_name("N");
  command->add_flag("--step", arguments->step, "Wait for Enter after each window; q quits");
  const std::vector<Option*> of_walks = command->options();
  command->add_option("--page", arguments->page, "Write the Pooling Playground, for a browser")
      ->excludes(of_walks)
      ->type_name("FILE");
  tree.add_json(*command);
}

}  // namespace weir
