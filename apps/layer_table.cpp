#include "apps/layer_table.h"

#include <algorithm>
#include <vector>

#include <fmt/core.h>

namespace weir {
namespace {

using Cells = std::vector<std::string>;

constexpr double kGiga = 1e9, kMilli = 1e-3;
constexpr size_t kTextColumns = 3;  // left-aligned; the numbers behind them are right-aligned

std::string milliseconds(double seconds) { return fmt::format("{:.2f}", seconds / kMilli); }

// "512", "91%"; dashes where there is nothing to do, as in layers without arithmetic.
void add_rate(Cells& row, double amount, double seconds, double ceiling) {
  const bool none = amount == 0 || seconds == 0;
  const double rate = none ? 0 : amount / seconds;
  row.push_back(none ? "-" : fmt::format("{:.0f}", rate / kGiga));
  row.push_back(none ? "-" : fmt::format("{:.0f}%", 100 * rate / ceiling));
}

void add_pass(Cells& row, const PassCost& pass, const Ceilings& ceilings) {
  row.push_back(milliseconds(pass.seconds));
  add_rate(row, pass.flop, pass.seconds, ceilings.flop_per_s);
  add_rate(row, pass.bytes, pass.seconds, ceilings.copy_bytes_per_s);
}

Cells header() {
  Cells row = {"layer", "", "kernel"};
  for (const char* pass : {"forward", "backward"}) {
    row.insert(row.end(), {fmt::format("{} ms", pass), "GFLOP/s", "peak", "GB/s", "copy"});
  }
  return row;
}

std::vector<Cells> rows_of(const StepProfile& profile, const Ceilings& ceilings) {
  std::vector<Cells> rows = {header()};
  PassCost forward, backward;
  for (const LayerCost& layer : profile.layers) {
    Cells row = {layer.name, layer.kind, layer.kernel};
    add_pass(row, layer.forward, ceilings);
    add_pass(row, layer.backward, ceilings);
    rows.push_back(std::move(row));
    forward.seconds += layer.forward.seconds;
    forward.flop += layer.forward.flop;
    backward.seconds += layer.backward.seconds;
    backward.flop += layer.backward.flop;
  }
  Cells sum = {"layers", "", ""};
  add_pass(sum, forward, ceilings);
  add_pass(sum, backward, ceilings);
  rows.push_back(std::move(sum));
  return rows;
}

std::vector<size_t> widths_of(const std::vector<Cells>& rows) {
  std::vector<size_t> widths(rows.front().size());
  for (const Cells& row : rows) {
    for (size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  return widths;
}

std::string line_of(const Cells& row, const std::vector<size_t>& widths) {
  std::string line;
  for (size_t i = 0; i < row.size(); ++i) {
    line += i < kTextColumns ? fmt::format("{:<{}}  ", row[i], widths[i])
                             : fmt::format("{:>{}}  ", row[i], widths[i]);
  }
  return line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
}

}  // namespace

std::string layer_table(const StepProfile& profile, const Ceilings& ceilings) {
  const std::vector<Cells> rows = rows_of(profile, ceilings);
  const std::vector<size_t> widths = widths_of(rows);
  std::string text;
  for (const Cells& row : rows) text += line_of(row, widths);
  return text + fmt::format("the step takes {} ms, of which loss, update and waiting {} ms\n",
                            milliseconds(profile.step_s), milliseconds(profile.rest_s));
}

}  // namespace weir
