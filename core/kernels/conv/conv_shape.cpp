#include "core/kernels/conv/conv_shape.h"

#include <utility>

namespace weir::kernels {
namespace {

std::vector<TapRun> runs_along(const Axis& axis) {
  std::vector<TapRun> runs;
  for (int tap = 0; tap < axis.kernel; ++tap) {
    const Range outputs = axis.outputs(tap);
    if (outputs.size() == 0) continue;
    runs.push_back({.tap = tap,
                    .to = outputs.begin,
                    .from = axis.origin(outputs.begin) + tap * axis.dilation,
                    .count = outputs.size(),
                    .to_step = 1,
                    .from_step = axis.stride});
  }
  return runs;
}

}  // namespace

TapPlan TapPlan::forward(const Window2d& window) {
  TapPlan plan;
  plan.runs_ = runs_along(window.x);
  plan.rows_.resize(static_cast<size_t>(window.y.out()));
  for (const TapRun& run : runs_along(window.y)) {
    for (int i = 0; i < run.count; ++i) {
      plan.rows_[static_cast<size_t>(run.to + i)].push_back(
          {run.tap, run.from + i * run.from_step});
    }
  }
  return plan;
}

TapPlan TapPlan::backward(const Window2d& window) {
  TapPlan plan;
  plan.runs_ = runs_along(window.x);
  for (TapRun& run : plan.runs_) {
    std::swap(run.to, run.from);
    std::swap(run.to_step, run.from_step);
  }
  plan.rows_.resize(static_cast<size_t>(window.y.in));
  for (const TapRun& run : runs_along(window.y)) {
    for (int i = 0; i < run.count; ++i) {
      plan.rows_[static_cast<size_t>(run.from + i * run.from_step)].push_back(
          {run.tap, run.to + i});
    }
  }
  return plan;
}

TapTable TapTable::forward(const Axis& axis) {
  TapTable table;
  table.taps_.resize(static_cast<size_t>(axis.out()));
  for (int tap = 0; tap < axis.kernel; ++tap) {
    const Range outputs = axis.outputs(tap);
    for (int o = outputs.begin; o < outputs.end; ++o) {
      table.taps_[static_cast<size_t>(o)].push_back({tap, axis.origin(o) + tap * axis.dilation});
    }
  }
  return table;
}

TapTable TapTable::backward(const Axis& axis) {
  TapTable table;
  table.taps_.resize(static_cast<size_t>(axis.in));
  for (int tap = 0; tap < axis.kernel; ++tap) {
    const Range outputs = axis.outputs(tap);
    for (int o = outputs.begin; o < outputs.end; ++o) {
      const int in = axis.origin(o) + tap * axis.dilation;
      table.taps_[static_cast<size_t>(in)].push_back({tap, o});
    }
  }
  return table;
}

}  // namespace weir::kernels
