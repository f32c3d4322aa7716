#include "compare/report/tables_csv.h"

#include "compare/report/csv.h"
#include "train/config/numbers.h"

namespace weir {
namespace {

using Fields = std::vector<std::string>;

std::string field(double value) { return shortest(value); }
std::string field(int64_t value) { return std::to_string(value); }
std::string field(const std::optional<double>& value) { return value ? shortest(*value) : ""; }

void append(Fields& row, const Fields& more) { row.insert(row.end(), more.begin(), more.end()); }

// The columns that say which net a row is about: its variant, then a column for each axis.
Fields net_head(const Comparison& comparison) {
  Fields names{"variant"};
  for (const PlanAxis& axis : comparison.experiment.plan.grid) names.push_back(axis.key);
  return names;
}

Fields net_fields(const Cell& cell) {
  Fields values{cell.variant};
  for (const auto& [key, value] : cell.point) values.push_back(value);
  return values;
}

Fields head(const Comparison& comparison, const Fields& more) {
  Fields names = net_head(comparison);
  append(names, more);
  return names;
}

// mean, deviation, low and high end of the interval
Fields sample_fields(const std::optional<SampleSummary>& sample) {
  if (!sample) return {"", "", "", ""};
  const std::optional<Interval>& interval = sample->interval;
  return {field(sample->mean), field(sample->deviation), interval ? field(interval->low) : "",
          interval ? field(interval->high) : ""};
}

std::string mean_field(const std::optional<SampleSummary>& sample) {
  return sample ? field(sample->mean) : "";
}

Fields run_fields(const RunRecord& run, const Comparison& comparison) {
  return {field(static_cast<int64_t>(run.seed)),
          field(static_cast<int64_t>(run.trained_seed)),
          field(static_cast<int64_t>(run.failures.size())),
          field(run.test_acc),
          field(run.test_loss),
          field(run.val_acc),
          field(int64_t{run.best_epoch}),
          field(run.shift_consistency),
          field(run.parameters),
          field(run.macs),
          field(run.seconds),
          field(run.img_per_s),
          field(run.peak_rss_mb),
          run.precision,
          run.folder.lexically_relative(comparison.experiment.folder).string(),
          run.weights_sha256};
}

}  // namespace

std::string summary_csv(const Comparison& comparison) {
  std::string text = csv_line(
      head(comparison, {"runs", "given_up", "missing", "restarts", "test_acc", "test_acc_deviation",
                        "test_acc_low", "test_acc_high", "val_acc", "shift_consistency",
                        "parameters", "macs", "seconds", "img_per_s", "peak_rss_mb"}));
  for (const CellResult& result : comparison.cells) {
    const NetCost cost = comparison.cost_of(result);
    Fields row = net_fields(comparison.cell_of(result));
    append(row, {field(static_cast<int64_t>(result.runs.size())),
                 field(static_cast<int64_t>(result.given_up.size())),
                 field(int64_t{result.missing}), field(int64_t{result.restarts})});
    append(row, sample_fields(result.test_acc));
    append(row, {mean_field(result.val_acc), mean_field(result.shift_consistency),
                 field(cost.parameters), field(cost.macs), mean_field(result.seconds),
                 mean_field(result.img_per_s), mean_field(result.peak_rss_mb)});
    text += csv_line(row);
  }
  return text;
}

std::string runs_csv(const Comparison& comparison) {
  std::string text = csv_line(
      head(comparison, {"seed", "trained_seed", "restarts", "test_acc", "test_loss", "val_acc",
                        "best_epoch", "shift_consistency", "parameters", "macs", "seconds",
                        "img_per_s", "peak_rss_mb", "precision", "folder", "weights_sha256"}));
  for (const CellResult& result : comparison.cells) {
    for (const RunRecord& run : result.runs) {
      Fields row = net_fields(comparison.cell_of(result));
      append(row, run_fields(run, comparison));
      text += csv_line(row);
    }
  }
  return text;
}

std::string curves_csv(const Comparison& comparison) {
  std::string text = csv_line(head(comparison, {"seed", "epoch", "time_s", "lr", "train_loss",
                                                "train_acc", "val_loss", "val_acc"}));
  for (const CellResult& result : comparison.cells) {
    for (const RunRecord& run : result.runs) {
      for (const EpochRow& epoch : run.curve) {
        Fields row = net_fields(comparison.cell_of(result));
        append(row, {field(static_cast<int64_t>(run.seed)), field(int64_t{epoch.epoch}),
                     field(epoch.time_s), field(epoch.lr), field(epoch.train_loss),
                     field(epoch.train_acc), field(epoch.val_loss), field(epoch.val_acc)});
        text += csv_line(row);
      }
    }
  }
  return text;
}

std::string pairs_csv(const Comparison& comparison) {
  Fields names{"pair", "a", "b", "equal"};
  for (const PlanAxis& axis : comparison.experiment.plan.grid) names.push_back(axis.key);
  append(names,
         {"method", "difference", "low", "high", "p", "p_holm", "shown", "smallest_difference"});
  std::string text = csv_line(names);
  for (const PairResult& pair : comparison.pairs) {
    if (!pair.is_tested) continue;
    Fields row{pair.pair.name, pair.pair.a, pair.pair.b, pair.pair.equal};
    for (const auto& [key, value] : comparison.cell_of(comparison.cells[pair.a]).point) {
      row.push_back(value);
    }
    append(row, {pair.is_paired ? "paired" : "unpaired", field(pair.difference),
                 pair.interval ? field(pair.interval->low) : "",
                 pair.interval ? field(pair.interval->high) : "", field(pair.test.p),
                 field(pair.p_adjusted), pair.is_shown ? "true" : "false",
                 field(pair.smallest_difference)});
    text += csv_line(row);
  }
  return text;
}

}  // namespace weir
