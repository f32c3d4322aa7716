// Where the cases are: a folder with one file for each operator, OPERATOR.jsonl.gz.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "conformance/case.h"

namespace weir {

// The suite beside the running program: installed as ../share/weir/conformance, or in the source
// tree that it was built in. Throws kData when there is none.
std::filesystem::path find_case_folder();

// Operators that the folder has cases of, sorted. Throws kData when it has none.
std::vector<std::string> operators_in(const std::filesystem::path& folder);

// Throws kData with file and line for what is no case.
std::vector<ConformanceCase> read_cases(const std::filesystem::path& folder, const std::string& op);

}  // namespace weir
