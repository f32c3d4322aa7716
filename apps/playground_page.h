// The Pooling Playground: one HTML file that needs nothing else (web/README.md).
#pragma once

#include <string_view>

namespace weir {

// web/dist/playground.html, which is built into the command.
extern const std::string_view kPlaygroundPage;

}  // namespace weir
