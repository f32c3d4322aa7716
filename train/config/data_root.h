// Where `data.root` is on this machine.
#pragma once

#include <filesystem>
#include <string>

namespace weir {

// "~/pets" is below the home folder. Another relative path is taken from the working folder when it
// exists there, else from the first of $WEIR_DATA, ./data and ~/.cache/weir that holds it. Throws
// kData with the places that were searched.
std::filesystem::path find_data_root(const std::string& root);

}  // namespace weir
