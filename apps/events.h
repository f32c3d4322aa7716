// What a command puts on stdout: text, or with --json one JSON object for each line.
#pragma once

#include <string_view>

#include <nlohmann/json.hpp>

namespace weir {

// Writes to stdout. Throws kInternal when that fails (a full disk behind a redirection).
void print_text(std::string_view text);

// One line {"event": <name>, "schema": 1, ...fields}.
void print_event(std::string_view name, const nlohmann::ordered_json& fields);

}  // namespace weir
