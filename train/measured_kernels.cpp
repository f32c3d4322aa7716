#include "train/measured_kernels.h"

#include <cctype>
#include <string>

#include "core/base/file.h"
#include "core/base/log.h"
#include "core/runtime/cpu.h"
#include "datasets/cache_folder.h"

namespace weir {
namespace fs = std::filesystem;
namespace {

bool is_there(const fs::path& file) {
  std::error_code ignored;
  return fs::exists(file, ignored);
}

kernels::ConvChoices read_choices(const fs::path& file) {
  return kernels::ConvChoices::parse(read_file(file), file.string());
}

}  // namespace

fs::path measured_kernels_file() {
  std::string name = cpu_model() + "-" + isa() + "-" + WEIR_VERSION;
  for (char& c : name) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '-' && c != '.') c = '_';
  }
  return cache_folder("kernels") / (name + ".json");
}

void store_measured_kernels(const kernels::ConvChoices& choices) {
  const fs::path file = measured_kernels_file();
  kernels::ConvChoices all = is_there(file) ? read_choices(file) : kernels::ConvChoices();
  all.merge(choices);
  make_folder(file.parent_path());
  write_file_atomic(file, all.text());
}

kernels::ConvChoices kernel_choices(const Config& config, const std::optional<fs::path>& run) {
  if (config.train.kernels == "fixed") return {};
  const fs::path file = run ? *run / kRunKernelsFile : measured_kernels_file();
  if (is_there(file)) return read_choices(file);
  log_warning(
      "train.kernels is measured, but {} is not there: the fixed rule chooses the kernels{}",
      file.string(), run ? "" : "; measure with:  weir bench CONFIG --tune");
  return {};
}

}  // namespace weir
