#include "apps/conformance_report.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include "apps/events.h"
#include "apps/terminal.h"

namespace weir {
namespace {

constexpr const char* kRow = "{:<24}{:>7}{:>9}{:>9}{:>9}{:>12}\n";

std::string verdict_row(const OperatorReport& r) {
  if (!r.built) return fmt::format(kRow, r.op, r.cases, "", "", "", "not built");
  return fmt::format(kRow, r.op, r.cases, r.passed(), r.failed, r.runs,
                     fmt::format("{:.2f}", r.worst));
}

nlohmann::ordered_json json_of(const OperatorReport& r) {
  nlohmann::ordered_json failures = nlohmann::ordered_json::array();
  for (const OperatorReport::Failure& failure : r.failures) {
    failures.push_back(
        {{"case", failure.id}, {"condition", failure.condition}, {"message", failure.text}});
  }
  return {{"op", r.op},         {"built", r.built},
          {"cases", r.cases},   {"passed", r.passed()},
          {"failed", r.failed}, {"runs", r.runs},
          {"worst", r.worst},   {"failures", std::move(failures)}};
}

std::string failure_text(const OperatorReport::Failure& failure) {
  return fmt::format("{} ({})\n    {}\n", styled(failure.id, Style::kRed, Stream::kOut),
                     failure.condition, failure.text);
}

}  // namespace

void ConformanceReport::add(const OperatorReport& report) {
  if (json_) {
    print_event("conformance", json_of(report));
  } else {
    if (reports_.empty()) {
      print_text(fmt::format(kRow, "operator", "cases", "passed", "failed", "runs", "worst error"));
    }
    const std::string row = verdict_row(report);
    print_text(report.succeeded() ? row : styled(row, Style::kRed, Stream::kOut));
  }
  reports_.push_back(report);
}

bool ConformanceReport::finish() const {
  int cases = 0, failed = 0, runs = 0;
  for (const OperatorReport& report : reports_) {
    cases += report.cases;
    failed += report.failed;
    runs += report.runs;
  }
  if (json_) {
    print_event(
        "conformance_sum",
        {{"operators", reports_.size()}, {"cases", cases}, {"failed", failed}, {"runs", runs}});
    return failed == 0;
  }
  for (const OperatorReport& report : reports_) {
    for (const OperatorReport::Failure& failure : report.failures)
      print_text(failure_text(failure));
  }
  print_text(fmt::format("{} cases, {} passed, {} failed, in {} runs\n", cases, cases - failed,
                         failed, runs));
  return failed == 0;
}

void list_operator(const std::string& op, size_t cases, bool json) {
  if (json) return print_event("operator", {{"op", op}, {"cases", cases}});
  print_text(fmt::format("{:<24}{:>6} cases\n", op, cases));
}

// "max_pool2d/0017  pytorch 1.13.0  (3, 1, 7, 5) to (3, 1, 3, 2)  ties"
void list_case(const ConformanceCase& c, bool json) {
  const std::vector<int>&from = c.input.shape, &to = c.output.tensor.shape;
  if (json) {
    return print_event(
        "case",
        {{"id", c.id}, {"source", c.source}, {"input", from}, {"output", to}, {"note", c.note}});
  }
  print_text(fmt::format("{:<30}{:<16}({}) to ({})  {}\n", c.id, c.source, fmt::join(from, ", "),
                         fmt::join(to, ", "), c.note));
}

}  // namespace weir
