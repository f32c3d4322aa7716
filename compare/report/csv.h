// Comma-separated values (RFC 4180).
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace weir {

// Rows of fields; quotes are taken away, and quoted fields may hold commas and line ends. An end of
// line at the very end begins no row.
std::vector<std::vector<std::string>> parse_csv(std::string_view text);

// One line with its end; fields are quoted where needed.
std::string csv_line(const std::vector<std::string>& fields);

}  // namespace weir
