// Questions about the key table.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "train/config/key_table.h"

namespace weir {

// The key with exactly this path, or nullptr.
const Key* find_key(std::string_view path);
bool is_section(std::string_view path);

// The names that may stand under a section ("" is the top), keys and sections.
std::vector<std::string> names_under(std::string_view section);

// "unknown key 'lrr' under optimizer; did you mean 'lr'?" A name that belongs elsewhere is found
// too: 'epochs' at the top gives 'train.epochs'.
std::string unknown_key_message(std::string_view name, std::string_view section);

// Does the key mean something in this configuration?
bool applies(const Key& key, const Config& config);

// Why it does not: the key itself, or the one it depends on, whose `only_with` is not met.
const Key& unmet_condition(const Key& key, const Config& config);

}  // namespace weir
