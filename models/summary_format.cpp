#include "models/summary_format.h"

#include <algorithm>
#include <array>

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/base/names.h"

namespace weir {
namespace {

using Json = nlohmann::ordered_json;
using Cells = std::vector<std::string>;

constexpr size_t kTextColumns = 3;  // left-aligned; the numbers behind them are right-aligned

// "1,369,738"
std::string grouped(int64_t number) {
  std::string digits = fmt::format("{}", number);
  for (ptrdiff_t at = static_cast<ptrdiff_t>(digits.size()) - 3; at > 0; at -= 3) {
    digits.insert(static_cast<size_t>(at), 1, ',');
  }
  return digits;
}

std::string mega(int64_t macs) { return fmt::format("{:.3f}", static_cast<double>(macs) / 1e6); }

std::string kibi(int64_t bytes) {
  return fmt::format("{:.1f}", static_cast<double>(bytes) / 1024.0);
}

// "27", or "27x15" when height and width differ
std::string both(int64_t h, int64_t w) {
  return h == w ? fmt::format("{}", h) : fmt::format("{}x{}", h, w);
}

std::string or_dash(int64_t number, const std::string& text) { return number == 0 ? "-" : text; }

// "3x3 stride 2 pad 1"; "" for a pixel alone, and for a linear layer, which takes all there is.
std::string window_text(const SummaryRow& row) {
  const auto& [y, x] = row.window;
  if (row.formulas.empty()) return "";
  std::string text = fmt::format(" {}x{}", y.kernel, x.kernel);
  if (y.stride != 1 || x.stride != 1) text += " stride " + both(y.stride, x.stride);
  if (y.pad != 0 || x.pad != 0) text += " pad " + both(y.pad, x.pad);
  if (y.dilation != 1 || x.dilation != 1) text += " dilation " + both(y.dilation, x.dilation);
  return text;
}

std::string torch_text(const SummaryRow& row) {
  return row.options.empty() ? row.kind : fmt::format("{}({})", row.kind, row.options);
}

Cells header() {
  return {"Layer", "Kind", "Output", "Params", "MMACs", "Memory KiB", "Receptive field", "Stride"};
}

Cells cells_of(const SummaryRow& row, const std::string& kind) {
  return {row.path,
          kind,
          row.output.str(),
          or_dash(row.params, grouped(row.params)),
          or_dash(row.macs, mega(row.macs)),
          or_dash(row.activation_bytes, kibi(row.activation_bytes)),
          both(row.field.y.size, row.field.x.size),
          both(row.field.y.stride, row.field.x.stride)};
}

Cells totals_of(const Summary& summary) {
  return {"total",
          summary.model,
          "",
          grouped(summary.params),
          mega(summary.macs),
          kibi(summary.activation_bytes),
          both(summary.field.y.size, summary.field.x.size),
          both(summary.field.y.stride, summary.field.x.stride)};
}

// `kind_text` says what a row is, as short or as completely as the format wants it.
template <class KindText>
std::vector<Cells> lines_of(const Summary& summary, KindText kind_text) {
  std::vector<Cells> lines{header()};
  for (const SummaryRow& row : summary.rows) lines.push_back(cells_of(row, kind_text(row)));
  lines.push_back(totals_of(summary));
  return lines;
}

std::vector<size_t> widths_of(const std::vector<Cells>& lines) {
  std::vector<size_t> widths(header().size());
  for (const Cells& line : lines) {
    for (size_t c = 0; c < line.size(); ++c) widths[c] = std::max(widths[c], line[c].size());
  }
  return widths;
}

std::string aligned(const Cells& line, const std::vector<size_t>& widths) {
  std::string text;
  for (size_t c = 0; c < line.size(); ++c) {
    if (c > 0) text += "  ";
    text += c < kTextColumns ? fmt::format("{:<{}}", line[c], widths[c])
                             : fmt::format("{:>{}}", line[c], widths[c]);
  }
  return text + "\n";
}

std::string footer(const Summary& summary) {
  return fmt::format(
      "input {}; MACs and memory for one image, fp32; receptive field and stride of the last map\n",
      summary.input.str());
}

std::string table(const Summary& summary) {
  const std::vector<Cells> lines =
      lines_of(summary, [](const SummaryRow& row) { return row.kind + window_text(row); });
  const std::vector<size_t> widths = widths_of(lines);
  const std::string head = aligned(lines.front(), widths);
  const std::string rule = std::string(head.size() - 1, '-') + "\n";
  std::string text = head + rule;
  for (size_t i = 1; i + 1 < lines.size(); ++i) text += aligned(lines[i], widths);
  return text + rule + aligned(lines.back(), widths) + footer(summary);
}

std::string markdown(const Summary& summary) {
  std::string text;
  const std::vector<Cells> lines = lines_of(summary, torch_text);
  for (size_t i = 0; i < lines.size(); ++i) {
    text += fmt::format("| {} |\n", join(lines[i], " | "));
    if (i == 0) text += "|---|---|---|--:|--:|--:|--:|--:|\n";
  }
  return text + "\n" + footer(summary);
}

Json shape_json(const FeatureShape& shape) {
  return shape.flat ? Json::array({shape.numel()}) : Json::array({shape.c, shape.h, shape.w});
}

void add_field(Json& object, const Field2d& field) {
  object["receptive_field"] = {field.y.size, field.x.size};
  object["stride"] = {field.y.stride, field.x.stride};
}

Json row_json(const SummaryRow& row) {
  Json object = {{"path", row.path},         {"kind", row.kind},
                 {"options", row.options},   {"output", shape_json(row.output)},
                 {"formulas", row.formulas}, {"params", row.params},
                 {"macs", row.macs},         {"activation_bytes", row.activation_bytes}};
  add_field(object, row.field);
  return object;
}

std::string json(const Summary& summary) {
  Json layers = Json::array();
  for (const SummaryRow& row : summary.rows) layers.push_back(row_json(row));
  Json total = {{"params", summary.params},
                {"macs", summary.macs},
                {"activation_bytes", summary.activation_bytes}};
  add_field(total, summary.field);
  const Json object = {{"schema", 1},
                       {"model", summary.model},
                       {"input", shape_json(summary.input)},
                       {"layers", layers},
                       {"total", total}};
  return object.dump(2) + "\n";
}

}  // namespace

SummaryFormat summary_format_named(const std::string& word) {
  const std::vector<std::string> words = {"table", "json", "md"};
  if (word == words[0]) return SummaryFormat::kTable;
  if (word == words[1]) return SummaryFormat::kJson;
  if (word == words[2]) return SummaryFormat::kMarkdown;
  fail(ErrorKind::kUsage, "unknown format '{}'{}; known: {}", word, did_you_mean(word, words),
       join(words));
}

std::string format_summary(const Summary& summary, SummaryFormat format) {
  switch (format) {
    case SummaryFormat::kTable:
      return table(summary);
    case SummaryFormat::kJson:
      return json(summary);
    case SummaryFormat::kMarkdown:
      return markdown(summary);
  }
  fail(ErrorKind::kInternal, "unknown summary format {}", static_cast<int>(format));
}

}  // namespace weir
