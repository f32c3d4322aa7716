// filters.json of a run folder: what its convolutions with a stride have learned. It outlives the
// weights, which people remove when they keep results.
#pragma once

#include <filesystem>

#include <nlohmann/json_fwd.hpp>

namespace weir {

inline constexpr const char* kFiltersFile = "filters.json";

// What the file says; without one, what weights/best.safetensors say; null without either. A net
// without such convolutions has an empty list of layers. Throws kData for a damaged file.
nlohmann::ordered_json read_filters(const std::filesystem::path& run);

// Writes the file into `run`, unless it is there or `filters` is null.
void keep_filters(const std::filesystem::path& run, const nlohmann::ordered_json& filters);

}  // namespace weir
