// What a comparison leaves in its folder.
#pragma once

#include <filesystem>
#include <vector>

#include "compare/report/comparison.h"

namespace weir {

inline constexpr const char* kComparisonFile = "compare.json";
inline constexpr const char* kPageFile = "report.html";

// compare.json, report.html, summary.csv, runs.csv, curves.csv, pairs.csv, answer.txt and
// curves.png; with a grid one picture for each point, curves-1.png, .. Each replaces the one before
// atomically. Returns their paths. Runs get their filters.json (filters_file.h).
std::vector<std::filesystem::path> write_report(const Comparison& comparison);

}  // namespace weir
