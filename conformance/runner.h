// Runs the cases of operators under every condition that must not change a result: instruction
// sets, kernels, and bf16 where the case's numbers fit it.
#pragma once

#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "conformance/case.h"

namespace weir {

struct ConformanceOptions {
  std::filesystem::path folder;             // of the case files
  std::vector<std::string> operators = {};  // empty: all that the folder has
  std::string id = "";                      // of the only case to run; "": all
  std::string isa = "all";                  // or one of available_isas()
  std::string kernel = "all";               // of pooling: or simd, reference
};

// Calls `visit` for each operator with the cases that `options` choose, in the order of their
// names. Throws kData for bad files, kUsage for an unknown operator or case.
void visit_cases(
    const ConformanceOptions& options,
    const std::function<void(const std::string& op, std::span<const ConformanceCase>)>& visit);

struct OperatorReport {
  struct Failure {
    std::string id, condition, text;  // condition: "avx2, simd, fp32"
  };
  std::string op;
  bool built = true;  // this build has a layer of that name
  int cases = 0, failed = 0;
  int runs = 0;  // cases times the conditions that apply to them
  // In fp32, of results that have a tolerance: the largest error in units of what is allowed.
  double worst = 0;
  std::vector<Failure> failures;  // at most kMostFailures, of different cases

  int passed() const { return cases - failed; }
  bool succeeded() const { return built && failed == 0; }
};
inline constexpr size_t kMostFailures = 5;

// Calls `done` with the report of each operator. Throws what visit_cases() throws, and kUsage for
// an unknown instruction set or kernel.
void run_conformance(const ConformanceOptions& options,
                     const std::function<void(const OperatorReport&)>& done);

}  // namespace weir
