#include "conformance/runner.h"

#include <algorithm>
#include <cmath>

#include "conformance/case_files.h"
#include "conformance/check_case.h"
#include "conformance/compare.h"
#include "conformance/run_case.h"
#include "core/base/error.h"
#include "core/base/names.h"
#include "core/kernels/pool/chosen_kernel.h"
#include "core/runtime/cpu.h"
#include "models/layer_kinds.h"

namespace weir {
namespace {

// Where a case is run.
struct Condition {
  std::string isa, kernel;
};

// Goes back to the instruction set and the kernel in use before.
class KeepChoices {
 public:
  KeepChoices() : isa_(isa()), kernel_(kernels::chosen_pool_kernel().name) {}
  ~KeepChoices() {
    set_isa(isa_);
    kernels::set_pool_kernel(kernel_);
  }
  KeepChoices(const KeepChoices&) = delete;
  KeepChoices& operator=(const KeepChoices&) = delete;

 private:
  std::string isa_, kernel_;
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

  void run(const ConformanceCase& c, const std::vector<Condition>& conditions) {
    ++report_.cases;
    bool failed = !report_.built;
    for (const Condition& condition : conditions) {
      if (!report_.built) break;
      set_isa(condition.isa);
      kernels::set_pool_kernel(condition.kernel);
      for (const DType storage : storages_of(c)) failed |= !run_once(c, condition, storage, failed);
    }
    report_.failed += failed ? 1 : 0;
  }
  const OperatorReport& report() const { return report_; }

 private:
  // False when a result is wrong. A case is described by its first failure alone.
  bool run_once(const ConformanceCase& c, const Condition& condition, DType storage,
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
          {c.id, fmt::format("{}, {}, {}", condition.isa, condition.kernel, precision),
           join(result.failures, "\n    ")});
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

// The instruction sets with the fast kernel, and the reference, which has none, with the first.
std::vector<Condition> chosen_conditions(const ConformanceOptions& options) {
  std::vector<std::string> isas = available_isas();
  if (options.isa != "all") {
    set_isa(options.isa);  // throws for an unknown one
    isas = {options.isa};
  }
  std::vector<std::string> names;
  for (const kernels::PoolKernel& kernel : kernels::pool_kernels()) names.emplace_back(kernel.name);
  if (options.kernel != "all") {
    kernels::set_pool_kernel(options.kernel);
    names = {options.kernel};
  }
  std::vector<Condition> conditions;
  for (const std::string& kernel : names) {
    for (const std::string& isa_name : isas) {
      if (kernel == "reference" && isa_name != isas.front()) continue;
      conditions.push_back({isa_name, kernel});
    }
  }
  return conditions;
}

}  // namespace

void visit_cases(
    const ConformanceOptions& options,
    const std::function<void(const std::string& op, std::span<const ConformanceCase>)>& visit) {
  bool found = options.id.empty();
  for (const std::string& op : chosen_operators(options)) {
    std::vector<ConformanceCase> cases = read_cases(options.folder, op);
    if (!options.id.empty()) {
      std::erase_if(cases, [&](const ConformanceCase& c) { return c.id != options.id; });
    }
    if (cases.empty()) continue;
    found = true;
    visit(op, cases);
  }
  require(found, "no conformance case '{}'; they are called OPERATOR/NUMBER, as in max_pool2d/0001",
          options.id);
}

void run_conformance(const ConformanceOptions& options,
                     const std::function<void(const OperatorReport&)>& done) {
  const KeepChoices keep;
  const std::vector<Condition> conditions = chosen_conditions(options);
  visit_cases(options, [&](const std::string& op, std::span<const ConformanceCase> cases) {
    OperatorRun run(op);
    for (const ConformanceCase& c : cases) run.run(c, conditions);
    done(run.report());
  });
}

}  // namespace weir
