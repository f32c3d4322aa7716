#include "train/measured_kernels.h"

#include <algorithm>
#include <cctype>
#include <string>
#include <vector>

#include "core/base/file.h"
#include "core/base/log.h"
#include "core/base/names.h"
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

kernels::ConvChoices read_usable_choices(const fs::path& file) {
  std::vector<std::string> missing;
  kernels::ConvChoices choices =
      kernels::ConvChoices::parse(read_file(file), file.string(), &missing);
  std::sort(missing.begin(), missing.end());
  missing.erase(std::unique(missing.begin(), missing.end()), missing.end());
  if (!missing.empty()) {
    log_warning("{} names kernels that cannot be used here ({}): the fixed rule replaces them",
                file.string(), join(missing));
  }
  return choices;
}

kernels::ConvChoices measured_so_far() {
  const fs::path file = measured_kernels_file();
  return is_there(file) ? read_choices(file) : kernels::ConvChoices();
}

// The table of a configuration, if it asks for one that is there.
std::optional<fs::path> table_file(const Config& config, const std::optional<fs::path>& run) {
  if (config.train.kernels == "fixed") return std::nullopt;
  const fs::path file = run ? *run / kRunKernelsFile : measured_kernels_file();
  if (is_there(file)) return file;
  log_warning(
      "train.kernels is measured, but {} is not there: the fixed rule chooses the kernels{}",
      file.string(), run ? "" : "; measure with:  weir bench CONFIG --tune");
  return std::nullopt;
}

}  // namespace

fs::path measured_kernels_file() {
  std::string name = cpu_model() + "-" + isa() + "-" + WEIR_VERSION;
  for (char& c : name) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '-' && c != '.') c = '_';
  }
  return cache_folder("kernels") / (name + ".json");
}

void check_measured_kernels() { measured_so_far(); }

void store_measured_kernels(const kernels::ConvChoices& choices) {
  kernels::ConvChoices all = measured_so_far();
  all.merge(choices);
  const fs::path file = measured_kernels_file();
  make_folder(file.parent_path());
  write_file_atomic(file, all.text());
}

kernels::ConvChoices kernel_choices(const Config& config, const std::optional<fs::path>& run) {
  const auto file = table_file(config, run);
  return file ? read_choices(*file) : kernels::ConvChoices();
}

kernels::ConvChoices evaluation_choices(const Config& config, const fs::path& run) {
  const auto file = table_file(config, run);
  return file ? read_usable_choices(*file) : kernels::ConvChoices();
}

}  // namespace weir
