// What a result depends on beside its configuration: program, machine, libraries.
#pragma once

#include <nlohmann/json_fwd.hpp>

namespace weir {

// {"weir", "compiler", "build", "cpu", "isa", "auto_precision", "cores", "threads", "os",
// "reproducibility"}: the content of env.json.
nlohmann::ordered_json describe_environment();

}  // namespace weir
