#include "conformance/runner.h"

#include <algorithm>
#include <cmath>

#include "conformance/case_files.h"
#include "conformance/check_case.h"
#include "conformance/compare.h"
#include "conformance/run_case.h"
#include "core/base/error.h"
#include "core/base/names.h"
#include "core/runtime/cpu.h"
#include "models/layer_kinds.h"

namespace weir {
namespace {

// Goes back to the instruction set in use before.
class KeepIsa {
 public:
  KeepIsa() : before_(isa()) {}
  ~KeepIsa() { set_isa(before_); }
  KeepIsa(const KeepIsa&) = delete;
  KeepIsa& operator=(const KeepIsa&) = delete;

 private:
  std::string before_;
};

std::vector<DType> storages_of(const ConformanceCase& c) {
  if (fits_bfloat16(c.input) && fits_bfloat16(c.upstream)) return {DType::kF32, DType::kBF16};
  return {DType::kF32};
}

CheckedCase checked(const ConformanceCase& c, DType storage) {
  try {
    return check_case(c, run_case(c, storage), storage);
  } catch (const Error& error) {
    return {.failures = {error.what()}};
  }
}

class OperatorRun {
 public:
  explicit OperatorRun(const std::string& op) {
    report_.op = op;
    report_.built = find_layer_kind(op) != nullptr;
  }

  void run(const ConformanceCase& c, const std::vector<std::string>& isas) {
    ++report_.cases;
    bool failed = !report_.built;
    for (const std::string& name : isas) {
      if (!report_.built) break;
      set_isa(name);
      for (const DType storage : storages_of(c)) failed |= !run_once(c, name, storage, failed);
    }
    report_.failed += failed ? 1 : 0;
  }
  const OperatorReport& report() const { return report_; }

 private:
  // False when a result is wrong. A case is described by its first failure alone.
  bool run_once(const ConformanceCase& c, const std::string& isa_name, DType storage,
                bool described) {
    const CheckedCase result = checked(c, storage);
    ++report_.runs;
    if (storage == DType::kF32 && std::isfinite(result.worst)) {
      report_.worst = std::max(report_.worst, result.worst);
    }
    if (result.failures.empty()) return true;
    if (!described && report_.failures.size() < kMostFailures) {
      const char* precision = storage == DType::kF32 ? "fp32" : "bf16";
      report_.failures.push_back(
          {c.id, fmt::format("{}, {}", isa_name, precision), join(result.failures, "\n    ")});
    }
    return false;
  }

  OperatorReport report_;
};

std::vector<std::string> chosen_operators(const ConformanceOptions& options) {
  const std::vector<std::string> known = operators_in(options.folder);
  for (const std::string& op : options.operators) {
    require(std::find(known.begin(), known.end(), op) != known.end(),
            "no conformance cases of '{}'{}; there are: {}", op, did_you_mean(op, known),
            join(known));
  }
  return options.operators.empty() ? known : options.operators;
}

std::vector<std::string> chosen_isas(const std::string& name) {
  if (name == "all") return available_isas();
  set_isa(name);  // throws for an unknown one
  return {name};
}

}  // namespace

void run_conformance(const ConformanceOptions& options,
                     const std::function<void(const OperatorReport&)>& done) {
  const KeepIsa keep;
  const std::vector<std::string> isas = chosen_isas(options.isa);
  bool found = options.id.empty();
  for (const std::string& op : chosen_operators(options)) {
    OperatorRun run(op);
    for (const ConformanceCase& c : read_cases(options.folder, op)) {
      if (!options.id.empty() && c.id != options.id) continue;
      found = true;
      run.run(c, isas);
    }
    if (run.report().cases > 0) done(run.report());
  }
  require(found, "no conformance case '{}'; they are called OPERATOR/NUMBER, as in max_pool2d/0001",
          options.id);
}

}  // namespace weir
