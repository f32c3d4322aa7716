#include "compare/report/csv.h"

#include "train/metrics/confusion.h"

namespace weir {

std::vector<std::vector<std::string>> parse_csv(std::string_view text) {
  std::vector<std::vector<std::string>> rows;
  bool quoted = false, row_is_open = false;
  const auto field = [&]() -> std::string& {
    if (!row_is_open) rows.emplace_back(1);
    row_is_open = true;
    return rows.back().back();
  };
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted && c == '"' && i + 1 < text.size() && text[i + 1] == '"') {
      field() += text[++i];
    } else if (c == '"') {
      quoted = !quoted;
      field();
    } else if (quoted) {
      field() += c;
    } else if (c == ',') {
      field();
      rows.back().emplace_back();
    } else if (c == '\n') {
      field();
      row_is_open = false;
    } else if (c != '\r') {
      field() += c;
    }
  }
  return rows;
}

std::string csv_line(const std::vector<std::string>& fields) {
  std::string line;
  for (const std::string& field : fields) {
    if (&field != &fields.front()) line += ',';
    line += csv_field(field);
  }
  return line + "\n";
}

}  // namespace weir
