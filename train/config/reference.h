// The key table for people, editors and shells.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace weir {

// One line for each key: path, default, what it takes, help.
std::string keys_as_text();
// docs/configuration.md, which is committed; a test compares the two.
std::string keys_as_markdown();
// JSON Schema (draft 07), for `# yaml-language-server: $schema=weir.schema.json`.
std::string config_schema();
// What may follow `prefix` on the command line: "optimizer.lr=", and after the "=" of a key with
// known words, "optimizer.name=adamw".
std::vector<std::string> complete_override(std::string_view prefix);

}  // namespace weir
