#include "train/trainer/expectations.h"

#include "core/base/error.h"
#include "core/base/names.h"

namespace weir {
namespace {

void check(const char* name, const std::optional<Expectation>& expected,
           const std::optional<double>& found, std::vector<std::string>& failures) {
  if (!expected || (found && expected->holds(*found))) return;
  failures.push_back(fmt::format("{}: expected {}, found {}", name, expected->str(),
                                 found ? fmt::format("{:.6g}", *found) : "no value"));
}

EpochRow best_row(const TrainResult& result) {
  for (const EpochRow& row : result.rows) {
    if (row.epoch == result.best.epoch) return row;
  }
  return {};
}

}  // namespace

void check_expectations(const ExpectConfig& expect, const TrainResult& result) {
  if (result.status == TrainStatus::kInterrupted) return;
  const EpochRow best = best_row(result);
  std::optional<double> test_acc, test_loss;
  if (result.test) {
    test_acc = result.test->accuracy;
    test_loss = result.test->loss;
  }
  std::vector<std::string> failures;
  check("val_acc", expect.val_acc, best.val_acc, failures);
  check("val_loss", expect.val_loss, best.val_loss, failures);
  check("test_acc", expect.test_acc, test_acc, failures);
  check("test_loss", expect.test_loss, test_loss, failures);
  if (failures.empty()) return;
  fail(ErrorKind::kExpectation, "{} of the checks under expect: failed (run {}):\n  {}",
       failures.size(), result.folder.string(), join(failures, "\n  "));
}

}  // namespace weir
