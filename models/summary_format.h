// A summary as text.
#pragma once

#include <string>

#include "models/summary.h"

namespace weir {

enum class SummaryFormat { kTable, kJson, kMarkdown };

// "table", "json" or "md". Throws kUsage with the nearest word.
SummaryFormat summary_format_named(const std::string& word);

// Ends with a newline.
std::string format_summary(const Summary& summary, SummaryFormat format);

}  // namespace weir
