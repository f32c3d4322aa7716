// Is this text fit for a YAML parser?
#pragma once

#include <string>
#include <string_view>

#include "train/config/config_errors.h"

namespace weir {

// Reports the first byte that is not UTF-8 or is a control character, and the first tab that
// indents a line. Columns count characters.
void check_text(std::string_view text, const std::string& source, ProblemList& problems);

}  // namespace weir
