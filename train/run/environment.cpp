#include "train/run/environment.h"

#include <fmt/core.h>
#include <nlohmann/json.hpp>
#include <sys/utsname.h>

#include "core/runtime/cpu.h"
#include "core/runtime/parallel.h"
#include "core/runtime/precision.h"

namespace weir {
namespace {

std::string auto_precision() {
  const PrecisionChoice best = best_precision();
  return fmt::format("{}: {}", name_of(best.precision), best.reason);
}

std::string operating_system() {
  utsname names{};
  if (uname(&names) != 0) return "unknown";
  return std::string(names.sysname) + " " + names.release + " " + names.machine;
}

}  // namespace

nlohmann::ordered_json describe_environment() {
  return {
      {"weir", WEIR_VERSION},
      {"compiler", __VERSION__},
      {"build", WEIR_BUILD_TYPE},
      {"cpu", cpu_model()},
      {"isa", isa()},
      {"auto_precision", auto_precision()},
      {"cores", usable_cores()},
      {"threads", threads()},
      {"os", operating_system()},
      {"reproducibility",
       "the same binary on the same kind of processor gives the same bytes, for any number of "
       "threads; another compiler or instruction set agrees within rounding only"},
  };
}

}  // namespace weir
