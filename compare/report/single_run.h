// One run of `weir train` as a comparison of one net with one seed, so that it has a page too.
#pragma once

#include <filesystem>

#include <nlohmann/json_fwd.hpp>

namespace weir {

// As comparison_json(), with `is_run` true and no pairs; the answer is its accuracies. Throws kData
// when the run is damaged, and when it never looked at test pictures.
nlohmann::ordered_json single_run_json(const std::filesystem::path& run);

}  // namespace weir
