#include "compare/report/answer.h"

#include <algorithm>

#include <fmt/core.h>

#include "core/base/names.h"

namespace weir {
namespace {

std::string percent(double share) { return fmt::format("{:.2f}", 100 * share); }

// "90.81 ± 0.40"
std::string with_deviation(const SampleSummary& sample) {
  if (sample.count < 2) return percent(sample.mean);
  return fmt::format("{} ± {}", percent(sample.mean), percent(sample.deviation));
}

std::string p_text(double p) { return p < 0.001 ? "below 0.001" : fmt::format("{:.2g}", p); }

std::string interval_text(const std::optional<Interval>& interval) {
  if (!interval) return "no interval from one seed";
  return fmt::format("95% interval {:+.2f} to {:+.2f}", 100 * interval->low, 100 * interval->high);
}

std::string seeds_text(int a, int b) {
  if (a != b) return fmt::format("{} and {} seeds", a, b);
  return a == 1 ? "1 seed" : fmt::format("{} seeds", a);
}

std::string test_text(const PairResult& pair, const std::optional<Interval>& interval) {
  return fmt::format("{}, p = {}, {} after Holm", interval_text(interval), p_text(pair.test.p),
                     p_text(pair.p_adjusted));
}

std::string equal_text(const PlanPair& pair) {
  if (pair.equal.empty()) return "";
  return pair.equal == "macs" ? " (equal multiply-adds)" : " (equal parameters)";
}

// " at data.limit 5000"
std::string point_text(const Cell& cell) {
  std::vector<std::string> words;
  for (const auto& [key, value] : cell.point) words.push_back(key + " " + value);
  return words.empty() ? "" : " at " + join(words);
}

std::string shown_sentence(const PairResult& pair, const std::string& where) {
  const SampleSummary &a = pair.sample_a, &b = pair.sample_b;
  const bool a_is_better = pair.difference > 0;
  std::optional<Interval> gain = pair.interval;  // of the better one
  if (gain && !a_is_better) gain = Interval{-gain->high, -gain->low};
  return fmt::format(
      "{} is better than {}{} by {:.2f} points: {} against {} ({}; {}).",
      a_is_better ? pair.pair.a : pair.pair.b, a_is_better ? pair.pair.b : pair.pair.a, where,
      100 * std::abs(pair.difference), with_deviation(a_is_better ? a : b),
      with_deviation(a_is_better ? b : a), seeds_text(a.count, b.count), test_text(pair, gain));
}

std::string power_text(const Comparison& comparison, const PairResult& pair) {
  const std::string seeds = seeds_text(pair.sample_a.count, pair.sample_b.count);
  if (pair.smallest_difference) {
    return fmt::format("the smallest difference that {} can show is {:.2f} points", seeds,
                       100 * *pair.smallest_difference);
  }
  return fmt::format(
      "{} cannot show any: the smallest p they can give is {:.2g}, and {:.2g} is "
      "needed",
      seeds, pair.test.smallest_p, comparison.first_alpha);
}

std::string not_shown_sentence(const Comparison& comparison, const PairResult& pair,
                               const std::string& where) {
  return fmt::format(
      "no difference shown between {} and {}{}: {} against {}, {:+.2f} points ({}); "
      "{}.",
      pair.pair.a, pair.pair.b, where, with_deviation(pair.sample_a), with_deviation(pair.sample_b),
      100 * pair.difference, test_text(pair, pair.interval), power_text(comparison, pair));
}

// How pairs were tested, each way once.
std::vector<std::string> method_lines(const Comparison& comparison) {
  std::vector<std::string> lines;
  for (const PairResult& pair : comparison.pairs) {
    if (!pair.is_tested) continue;
    const std::string line = fmt::format(
        "test: permutation, {} ({}), {}", pair.is_paired ? "paired by seed" : "unpaired",
        pair.reason, pair.test.exact ? "exact" : fmt::format("{} random draws", pair.test.ways));
    if (std::find(lines.begin(), lines.end(), line) == lines.end()) lines.push_back(line);
  }
  return lines;
}

void add_failures(const Comparison& comparison, std::vector<std::string>& lines) {
  for (const CellResult& cell : comparison.cells) {
    const std::string name = comparison.cell_of(cell).str();
    if (cell.restarts > 0) {
      lines.push_back(fmt::format("{}: {} restarts of nets that were stuck at chance or diverged",
                                  name, cell.restarts));
    }
    if (!cell.given_up.empty()) {
      lines.push_back(fmt::format("{}: {} of {} seeds never trained; its numbers are of the others",
                                  name, cell.given_up.size(),
                                  cell.given_up.size() + cell.runs.size()));
    }
  }
}

std::string optional_percent(const std::optional<SampleSummary>& sample) {
  return sample ? percent(sample->mean) : "-";
}

std::string mean_interval_text(const std::optional<SampleSummary>& sample) {
  if (!sample || !sample->interval) return "-";
  return fmt::format("{} to {}", percent(sample->interval->low), percent(sample->interval->high));
}

// Columns of the table: a head, and what stands below it.
struct Column {
  std::string head;
  std::vector<std::string> cells;
};

std::string lay_out(const std::vector<Column>& columns) {
  std::string text;
  const size_t rows = columns.front().cells.size();
  for (size_t row = 0; row <= rows; ++row) {
    for (size_t i = 0; i < columns.size(); ++i) {
      const Column& column = columns[i];
      const auto width_of = [](const std::string& word) {
        // UTF-8: continuation bytes take no column.
        return static_cast<size_t>(std::count_if(word.begin(), word.end(), [](char c) {
          return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
        }));
      };
      size_t width = width_of(column.head);
      for (const std::string& cell : column.cells) width = std::max(width, width_of(cell));
      const std::string& word = row == 0 ? column.head : column.cells[row - 1];
      const std::string space(width - width_of(word), ' ');
      text += (i == 0 ? "" : "  ") + (i == 0 ? word + space : space + word);
    }
    while (text.ends_with(' ')) text.pop_back();
    text += '\n';
  }
  return text;
}

}  // namespace

std::string pair_sentence(const Comparison& comparison, const PairResult& pair) {
  const Cell& cell = comparison.cell_of(comparison.cells[pair.a]);
  const std::string where = point_text(cell) + equal_text(pair.pair);
  if (!pair.is_tested) {
    return fmt::format("{} and {}{} were not tested: {}.", pair.pair.a, pair.pair.b, where,
                       pair.reason);
  }
  if (pair.is_shown) return shown_sentence(pair, where);
  return not_shown_sentence(comparison, pair, where);
}

std::vector<std::string> answer_lines(const Comparison& comparison) {
  std::vector<std::string> lines;
  for (const PairResult& pair : comparison.pairs) {
    lines.push_back(pair_sentence(comparison, pair));
  }
  if (!comparison.is_whole()) {
    lines.push_back(fmt::format("{} of {} runs are complete: numbers below are of these",
                                comparison.runs_complete, comparison.runs_planned));
  }
  add_failures(comparison, lines);
  for (std::string& line : method_lines(comparison)) lines.push_back(std::move(line));
  return lines;
}

std::string results_table(const Comparison& comparison) {
  std::vector<Column> columns{{"net", {}},         {"seeds", {}},   {"test acc", {}},
                              {"95% of mean", {}}, {"val acc", {}}, {"same class", {}},
                              {"parameters", {}},  {"M MACs", {}},  {"s/run", {}},
                              {"restarts", {}}};
  for (const CellResult& result : comparison.cells) {
    const NetCost cost = comparison.cost_of(result);
    const std::vector<std::string> row{
        comparison.cell_of(result).str(),
        fmt::format("{}", result.runs.size()),
        result.test_acc ? with_deviation(*result.test_acc) : "-",
        mean_interval_text(result.test_acc),
        optional_percent(result.val_acc),
        optional_percent(result.shift_consistency),
        fmt::format("{}", cost.parameters),
        fmt::format("{:.1f}", static_cast<double>(cost.macs) * 1e-6),
        result.seconds ? fmt::format("{:.1f}", result.seconds->mean) : "-",
        fmt::format("{}", result.restarts)};
    for (size_t i = 0; i < columns.size(); ++i) columns[i].cells.push_back(row[i]);
  }
  return lay_out(columns);
}

}  // namespace weir
