#include "compare/report/folder_page.h"

#include <algorithm>
#include <vector>

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "compare/report/report_files.h"
#include "compare/report/report_page.h"
#include "compare/report/single_run.h"
#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/names.h"
#include "train/run/run_folder.h"

namespace weir {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr int kSchema = 1;
constexpr int kDeepest = 32;  // levels of lists and maps; compare.json has ten

// Files may come from anywhere; what is nested without end would end on the stack.
Json parse(const fs::path& file) {
  const auto check_depth = [&](int depth, Json::parse_event_t, Json&) {
    if (depth > kDeepest) {
      fail(ErrorKind::kData, "{} is damaged: more than {} levels of lists and maps", file.string(),
           kDeepest);
    }
    return true;
  };
  try {
    return Json::parse(read_file(file), check_depth);
  } catch (const Json::exception& error) {
    fail(ErrorKind::kData, "{} is damaged: {}; `weir compare` with its file writes it anew",
         file.string(), error.what());
  }
}

Json read_comparison_file(const fs::path& file) {
  Json json = parse(file);
  const auto has = [&](const char* name, auto is) {
    const auto found = json.find(name);
    return found != json.end() && is(*found);
  };
  const auto is_list = [](const Json& value) { return value.is_array(); };
  const auto is_text = [](const Json& value) { return value.is_string(); };
  const auto is_whole = [](const Json& value) { return value.is_number_integer(); };
  if (!json.is_object() || !has("schema", is_whole)) {
    fail(ErrorKind::kData, "{} was not written by weir compare: it has no schema", file.string());
  }
  if (json["schema"] != kSchema) {
    fail(ErrorKind::kData, "{} has schema {}, and this weir reads schema {}", file.string(),
         json["schema"].dump(), kSchema);
  }
  if (!has("compare", is_text) || !has("answer", is_list) || !has("pairs", is_list) ||
      !has("cells", is_list)) {
    fail(ErrorKind::kData,
         "{} is damaged: expected compare, answer, pairs and cells; `weir compare` with its file "
         "writes it anew",
         file.string());
  }
  return json;
}

bool is_comparison(const fs::path& folder) { return fs::exists(folder / kComparisonFile); }
bool is_run(const fs::path& folder) { return fs::exists(folder / kResultFile); }

// "; in it there are: runs/c-mini, runs/lenet5/0001"
std::string folders_in_it(const fs::path& folder) {
  constexpr int kLevels = 2;
  constexpr size_t kMost = 8;
  std::vector<std::string> names;
  std::error_code ignored;
  fs::recursive_directory_iterator entry(folder, fs::directory_options::skip_permission_denied,
                                         ignored);
  for (; entry != fs::recursive_directory_iterator(); entry.increment(ignored)) {
    const bool has_page = is_comparison(entry->path()) || is_run(entry->path());
    if (has_page) names.push_back(entry->path().string());
    if (has_page || entry.depth() + 1 == kLevels) entry.disable_recursion_pending();
  }
  if (names.empty()) return "";
  std::sort(names.begin(), names.end());
  const std::string more = names.size() > kMost ? ", .." : "";
  names.resize(std::min(names.size(), kMost));
  return "; in it there are: " + join(names) + more;
}

}  // namespace

std::string folder_page(const fs::path& folder) {
  if (is_comparison(folder)) return report_page(read_comparison_file(folder / kComparisonFile));
  if (is_run(folder)) return report_page(single_run_json(folder));
  if (fs::exists(folder / "metrics.csv")) {
    fail(ErrorKind::kData, "{} is a run that is not complete; go on with:  weir train --resume {}",
         folder.string(), folder.string());
  }
  fail(ErrorKind::kData,
       "nothing to report in {}: expected the folder of a comparison, with {}, or of a complete "
       "run, with {}{}",
       folder.string(), kComparisonFile, kResultFile, folders_in_it(folder));
}

}  // namespace weir
