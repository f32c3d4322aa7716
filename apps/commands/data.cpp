// weir data: what datasets there are, what is in them, and whether they are intact.
#include <algorithm>
#include <memory>

#include <fmt/core.h>

#include "apps/commands/commands.h"
#include "apps/dataset_arguments.h"
#include "apps/events.h"
#include "apps/terminal.h"
#include "core/base/error.h"
#include "datasets/catalog.h"
#include "datasets/channel_statistics.h"
#include "datasets/cifar10_location.h"
#include "datasets/verify.h"

namespace weir {
namespace {

using Json = nlohmann::ordered_json;

// Where the set would come from, or "" when it is not here.
std::string source_of(std::string_view name) {
  if (name == "synth10") return "built in";
  if (name == "image_folder") return "data.root=FOLDER";
  const auto found = find_cifar10(data_roots(""));
  if (found) return found->path.string();
  return name == "auto" ? "synth10, built in" : "";
}

int list(const CommandTree& tree) {
  for (const CatalogEntry& entry : dataset_catalog()) {
    const std::string source = source_of(entry.name);
    if (tree.globals().json) {
      print_event("dataset", {{"name", entry.name},
                              {"description", entry.description},
                              {"source", source.empty() ? Json() : Json(source)}});
      continue;
    }
    const std::string state =
        source.empty() ? fmt::format("not here; get it:  weir data get {}", entry.name) : source;
    print_text(fmt::format("{:<14}{}\n{:14}{}\n", entry.name, entry.description, "", state));
  }
  return 0;
}

std::vector<int> class_counts(const Images& images, size_t classes) {
  std::vector<int> counts(classes);
  for (const int label : images.labels) ++counts[static_cast<size_t>(label)];
  return counts;
}

Json describe(const Dataset& set) {
  const ChannelStatistics colours = channel_statistics(set.train);
  return {{"id", set.id},
          {"source", set.source},
          {"sha256", set.sha256},
          {"classes", set.classes},
          {"shape", {set.train.channels, set.train.height, set.train.width}},
          {"train", set.train.count()},
          {"test", set.test.count()},
          {"train_per_class", class_counts(set.train, set.classes.size())},
          {"test_per_class", class_counts(set.test, set.classes.size())},
          {"mean", colours.mean},
          {"std", colours.std}};
}

std::string description_text(const Dataset& set) {
  const ChannelStatistics colours = channel_statistics(set.train);
  const std::vector<int> train = class_counts(set.train, set.classes.size());
  const std::vector<int> test = class_counts(set.test, set.classes.size());
  std::string out =
      fmt::format("{}\nsource    {}\nsha256    {}\npictures  {} train, {} test\n", set.id,
                  set.source, set.sha256, set.train.count(), set.test.count());
  out += fmt::format("shape     {}x{}x{}  (channels, height, width)\n", set.train.channels,
                     set.train.height, set.train.width);
  out += "colour    mean";
  for (const float value : colours.mean) out += fmt::format(" {:.4f}", value);
  out += "  std";
  for (const float value : colours.std) out += fmt::format(" {:.4f}", value);
  out += "  (training pictures, 0 to 1)\n\nclass                 train    test\n";
  for (size_t i = 0; i < set.classes.size(); ++i) {
    out += fmt::format("{:<20}{:>7} {:>7}\n", set.classes[i], train[i], test[i]);
  }
  return out;
}

int info(const CommandTree& tree, const DatasetArguments& arguments) {
  const Dataset set = open_dataset(arguments);
  if (tree.globals().json) {
    print_event("dataset", describe(set));
  } else {
    print_text(description_text(set));
  }
  return 0;
}

int verify(const CommandTree& tree, const std::string& name, const std::string& root) {
  const std::vector<Check> checks = verify_dataset({.name = name, .root = root});
  for (const Check& check : checks) {
    if (tree.globals().json) {
      print_event("check", {{"name", check.name}, {"ok", check.ok}, {"detail", check.detail}});
      continue;
    }
    const std::string verdict = check.ok ? styled("ok    ", Style::kGreen, Stream::kOut)
                                         : styled("FAILED", Style::kRed, Stream::kOut);
    print_text(fmt::format("{}  {}{}{}\n", verdict, check.name, check.detail.empty() ? "" : ": ",
                           check.detail));
  }
  const auto failed =
      std::count_if(checks.begin(), checks.end(), [](const Check& check) { return !check.ok; });
  if (failed > 0) fail(ErrorKind::kData, "{}: {} of {} checks failed", name, failed, checks.size());
  return 0;
}

void add_list(CommandTree& tree, Command& group) {
  Command* command = tree.add(group, "list", "The datasets, and whether they are on this machine",
                              [&tree] { return list(tree); });
  tree.add_json(*command);
}

void add_info(CommandTree& tree, Command& group) {
  auto arguments = std::make_shared<DatasetArguments>();
  Command* command = tree.add(group, "info", "Classes, counts, colours and checksum of a dataset",
                              [&tree, arguments] { return info(tree, *arguments); });
  add_dataset_arguments(*command, *arguments);
  tree.add_json(*command);
}

void add_verify(CommandTree& tree, Command& group) {
  struct Options {
    std::string name = "auto", root;
  };
  auto options = std::make_shared<Options>();
  Command* command =
      tree.add(group, "verify", "Check a dataset's files: sizes, checksums, labels",
               [&tree, options] { return verify(tree, options->name, options->root); });
  command->add_option("name", options->name, "cifar10, synth10, image_folder or auto");
  command->add_option("--root", options->root, "The folder that holds it")->type_name("DIR");
  tree.add_json(*command);
}

}  // namespace

void add_data_commands(CommandTree& tree) {
  Command* group = tree.add_group("data", "Datasets: list, info, verify, sheet, export, get");
  add_list(tree, *group);
  add_info(tree, *group);
  add_verify(tree, *group);
  add_data_file_commands(tree, *group);
}

}  // namespace weir
