// weir report: the page of a comparison or a run, made again from its files.
#include <filesystem>
#include <memory>

#include <fmt/core.h>

#include "apps/commands/commands.h"
#include "apps/config_arguments.h"
#include "apps/events.h"
#include "compare/report/folder_page.h"
#include "compare/report/report_files.h"
#include "core/base/error.h"
#include "core/base/file.h"

namespace weir {
namespace {

namespace fs = std::filesystem;

struct ReportArguments {
  std::vector<std::string> folders;
  std::string file;  // "": report.html in each folder
};

struct Page {
  std::string folder;
  fs::path file;
  std::string html;
};

// All of them, before one is written.
std::vector<Page> make_pages(const ReportArguments& arguments) {
  std::vector<Page> pages;
  for (const std::string& folder : arguments.folders) {
    require_exists(folder);
    require(fs::is_directory(folder), "expected a folder, found the file {}", folder);
    const fs::path file =
        arguments.file.empty() ? fs::path(folder) / kPageFile : fs::path(arguments.file);
    pages.push_back({folder, file, folder_page(folder)});
  }
  return pages;
}

int run(const ReportArguments& arguments, bool json) {
  require(!arguments.folders.empty(),
          "expected the folder of a comparison or a run, such as runs/c-mini\n"
          "see: weir report --help");
  require(arguments.file.empty() || arguments.folders.size() == 1,
          "-o takes the page of one folder, found {} folders", arguments.folders.size());
  for (const Page& page : make_pages(arguments)) {
    write_file_atomic(page.file, page.html);
    if (json) {
      print_event(
          "report",
          {{"folder", page.folder}, {"file", page.file.string()}, {"bytes", page.html.size()}});
    } else {
      print_text(fmt::format("{} written; open it in a browser\n", page.file.string()));
    }
  }
  return 0;
}

}  // namespace

void add_report_command(CommandTree& tree) {
  auto arguments = std::make_shared<ReportArguments>();
  Command* command =
      tree.add(tree.root(), "report", "Make the page of a comparison or a run from its files",
               [arguments, &tree] { return run(*arguments, tree.globals().json); });
  command->add_option("folder", arguments->folders, "Folders of comparisons or runs")
      ->type_name("DIR");
  command
      ->add_option("-o,--output", arguments->file,
                   "Where the page of one folder goes; DIR/report.html by default")
      ->type_name("FILE");
  tree.add_json(*command);
}

}  // namespace weir
