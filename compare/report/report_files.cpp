#include "compare/report/report_files.h"

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "compare/report/answer.h"
#include "compare/report/comparison_json.h"
#include "compare/report/curves_picture.h"
#include "compare/report/filters_file.h"
#include "compare/report/report_page.h"
#include "compare/report/tables_csv.h"
#include "core/base/file.h"
#include "core/base/names.h"

namespace weir {

std::vector<std::filesystem::path> write_report(const Comparison& comparison) {
  const std::filesystem::path& folder = comparison.experiment.folder;
  std::vector<std::filesystem::path> files;
  const auto write = [&](const std::string& name, std::string_view bytes) {
    files.push_back(folder / name);
    write_file_atomic(files.back(), bytes);
  };
  for (const CellResult& cell : comparison.cells) {
    for (const RunRecord& run : cell.runs) keep_filters(run.folder, run.filters);
  }
  using Json = nlohmann::ordered_json;
  const Json json = comparison_json(comparison);
  // Class names and messages need not be UTF-8, JSON must be.
  write(kComparisonFile, json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n");
  write(kPageFile, report_page(json));
  write("summary.csv", summary_csv(comparison));
  write("runs.csv", runs_csv(comparison));
  write("curves.csv", curves_csv(comparison));
  write("pairs.csv", pairs_csv(comparison));
  write("answer.txt", join(answer_lines(comparison), "\n") + "\n\n" + results_table(comparison));
  const size_t points = comparison.experiment.points();
  for (size_t point = 0; point < points; ++point) {
    const std::string name = points == 1 ? "curves.png" : fmt::format("curves-{}.png", point + 1);
    write(name, encode_png(draw_mean_curves(comparison, point)));
  }
  return files;
}

}  // namespace weir
