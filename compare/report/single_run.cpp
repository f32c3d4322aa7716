#include "compare/report/single_run.h"

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "compare/report/comparison.h"
#include "compare/report/comparison_json.h"
#include "compare/run/shift_file.h"
#include "train/config/load.h"

namespace weir {
namespace {

namespace fs = std::filesystem;

double percent(double share) { return 100 * share; }

std::string answer_of(const RunRecord& run) {
  std::string text = fmt::format("test accuracy {:.2f}%", percent(run.test_acc));
  if (run.val_acc) text += fmt::format(", validation accuracy {:.2f}%", percent(*run.val_acc));
  return text + fmt::format(", with the weights of epoch {} of {}", run.best_epoch,
                            run.curve.empty() ? 0 : run.curve.back().epoch);
}

Comparison comparison_of(const fs::path& folder) {
  const Config config = load_config(folder / "config.yaml").config;
  const std::optional<MeasuredShift> shift = read_shift(folder);
  const int pixels = shift ? shift->pixels : 0;
  const PlannedRun planned{
      .seed = config.train.seed, .folder = folder, .config = config, .shift_consistency = pixels};
  const RunState state{.stage = RunStage::kComplete, .folder = folder};
  Cell cell{.variant = config.name, .folder = ".", .config = config};
  CellResult result{.runs = {read_run(planned, state)}};
  result.summarize();
  return {.experiment = {.plan = {.name = config.name,
                                  .seeds = {config.train.seed},
                                  .shift_consistency = pixels},
                         .folder = folder,
                         .cells = {std::move(cell)}},
          .cells = {std::move(result)},
          .pairs = {},
          .runs_planned = 1,
          .runs_complete = 1};
}

}  // namespace

nlohmann::ordered_json single_run_json(const fs::path& run) {
  const Comparison comparison = comparison_of(run);
  nlohmann::ordered_json json = comparison_json(comparison);
  json["is_run"] = true;
  json["answer"].push_back(answer_of(comparison.cells.front().runs.front()));
  return json;
}

}  // namespace weir
