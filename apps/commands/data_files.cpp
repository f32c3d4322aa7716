// weir data sheet, export, get: datasets to files and back.
#include <chrono>
#include <memory>

#include <fmt/core.h>

#include "apps/commands/commands.h"
#include "apps/dataset_arguments.h"
#include "apps/events.h"
#include "apps/interrupt.h"
#include "apps/terminal.h"
#include "core/base/error.h"
#include "core/base/log.h"
#include "core/base/names.h"
#include "datasets/cifar10_get.h"
#include "datasets/export.h"
#include "datasets/sheet.h"

namespace weir {
namespace {

struct SheetArguments {
  DatasetArguments dataset;
  std::string output, split = "train";
  SheetOptions sheet;
};

int write_sheet(const SheetArguments& arguments) {
  const Dataset set = open_dataset(arguments.dataset);
  const Images& images = arguments.split == "test" ? set.test : set.train;
  const std::string output =
      arguments.output.empty() ? fmt::format("{}.png", set.id) : arguments.output;
  write_png(output, contact_sheet(images, set.classes, arguments.sheet));
  print_text(output + "\n");
  return 0;
}

void add_sheet(CommandTree& tree, Command& group) {
  auto arguments = std::make_shared<SheetArguments>();
  Command* command = tree.add(group, "sheet", "A picture with a few examples of every class",
                              [arguments] { return write_sheet(*arguments); });
  add_dataset_arguments(*command, arguments->dataset);
  command->add_option("-o,--output", arguments->output, "The PNG file; default: NAME.png")
      ->type_name("FILE");
  command->add_choice("--split", arguments->split, {"train", "test"}, "Which pictures");
  command->add_option("--per-class", arguments->sheet.per_class, "Pictures of each class")
      ->type_name("N");
  command->add_option("--scale", arguments->sheet.scale, "Size of a picture's pixel")
      ->type_name("N");
}

struct ExportArguments {
  DatasetArguments dataset;
  std::string format = "cifar-bin", output;
};

int write_export(const ExportArguments& arguments) {
  const Dataset set = open_dataset(arguments.dataset);
  const std::string folder =
      arguments.output.empty() ? fmt::format("{}-{}", set.id, arguments.format) : arguments.output;
  export_dataset(set, arguments.format, folder);
  print_text(folder + "\n");
  return 0;
}

void add_export(CommandTree& tree, Command& group) {
  auto arguments = std::make_shared<ExportArguments>();
  Command* command = tree.add(group, "export", "Write a dataset as files that other programs read",
                              [arguments] { return write_export(*arguments); });
  add_dataset_arguments(*command, arguments->dataset);
  std::vector<std::string> formats;
  for (const ExportFormat& format : export_formats()) formats.emplace_back(format.name);
  command->add_choice("--format", arguments->format, formats, "Form of the files");
  command->add_option("-o,--output", arguments->output, "The folder; it must not exist yet")
      ->type_name("DIR");
}

struct GetArguments {
  std::string name, root;
  std::vector<std::string> mirrors;
};

// One line that is redrawn on a terminal, or a line for every tenth in a pipe.
class DownloadProgress {
 public:
  void show(int64_t done, int64_t total) {
    const auto now = std::chrono::steady_clock::now();
    const int64_t tenth = total > 0 ? 10 * done / total : 0;
    const bool due = is_live(Stream::kErr) ? now - shown_at_ > kRedrawAfter : tenth > shown_tenth_;
    if (!due) return;
    shown_at_ = now;
    shown_tenth_ = tenth;
    const std::string line = total > 0 ? fmt::format("{} of {} MB", done >> 20, total >> 20)
                                       : fmt::format("{} MB", done >> 20);
    if (is_live(Stream::kErr)) {
      fmt::print(stderr, "\r\x1b[K{}\r", line);
      std::fflush(stderr);
    } else {
      log_info("{}", line);
    }
  }

 private:
  static constexpr std::chrono::milliseconds kRedrawAfter{100};
  std::chrono::steady_clock::time_point shown_at_{};
  int64_t shown_tenth_ = 0;
};

int get(const CommandTree& tree, const GetArguments& arguments) {
  const std::vector<std::string> known = {"cifar10"};
  require(arguments.name == "cifar10",
          "expected the dataset to get: cifar10, found '{}'{}; the others are built in or yours",
          arguments.name, did_you_mean(arguments.name, known));
  const std::atomic<bool>& stop = catch_interrupts();
  DownloadProgress progress;
  GetCifar10Options options{.folder = arguments.root, .urls = arguments.mirrors};
  options.transfer.progress = [&](int64_t done, int64_t total) {
    if (tree.globals().quiet == 0) progress.show(done, total);
    return !stop;
  };
  const std::filesystem::path file = get_cifar10(options);
  if (file.empty()) {
    log_warning("stopped; the same command goes on from here");
    return interrupt_exit_code();
  }
  if (tree.globals().json) {
    print_event("dataset", {{"name", arguments.name}, {"file", file.string()}});
  } else {
    print_text(file.string() + "\n");
  }
  return 0;
}

void add_get(CommandTree& tree, Command& group) {
  auto arguments = std::make_shared<GetArguments>();
  Command* command = tree.add(group, "get", "Download a dataset; goes on where it was stopped",
                              [&tree, arguments] { return get(tree, *arguments); });
  command->add_option("name", arguments->name, "cifar10")->type_name("NAME");
  command->add_option("--root", arguments->root, "The folder; default: $WEIR_DATA or ~/.cache/weir")
      ->type_name("DIR");
  command->add_option("--mirror", arguments->mirrors, "Where to get it instead; may be repeated")
      ->type_name("URL");
  tree.add_json(*command);
}

}  // namespace

void add_data_file_commands(CommandTree& tree, Command& group) {
  add_sheet(tree, group);
  add_export(tree, group);
  add_get(tree, group);
}

}  // namespace weir
