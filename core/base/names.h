// Suggestions for mistyped names.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace weir {

// The candidate nearest to `word` by edit distance (Damerau-Levenshtein, case-insensitive), or ""
// when none is near: at most a third of the longer word's letters may differ, and at least one may.
std::string nearest_name(std::string_view word, std::span<const std::string> candidates);

// "; did you mean 'momentum'?" or "" when nothing is near.
std::string did_you_mean(std::string_view word, std::span<const std::string> candidates);

// "a, b, c"
std::string join(std::span<const std::string> words, std::string_view separator = ", ");

}  // namespace weir
