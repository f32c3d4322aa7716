#include "train/trainer/training_state.h"

#include "core/base/error.h"
#include "train/checkpoint/named_tensors.h"

namespace weir {
namespace {

constexpr const char* kNetwork = "network.";
constexpr const char* kOptimizer = "optimizer.";
constexpr const char* kEma = "ema.";
constexpr const char* kBest = "best.";
constexpr const char* kFormat = "weir_state";
constexpr const char* kVersion = "1";

SafeTensors read_checked(const std::filesystem::path& path) {
  SafeTensors file = read_safetensors(path);
  const auto format = file.metadata.find(kFormat);
  const bool known = format != file.metadata.end() && format->second == kVersion;
  if (!known || !file.metadata.contains("config") || !file.metadata.contains("progress") ||
      !file.metadata.contains("dataset_sha256")) {
    fail(ErrorKind::kData, "{} is not a training state of format {}", path.string(), kVersion);
  }
  return file;
}

void restore_all(const SafeTensors& file, TrainingState& state) {
  load_network(*state.network, with_prefix(file, kNetwork));
  restore(state.optimizer->state(), file, kOptimizer);
  if (state.ema) restore(state.ema->state(), file, kEma);
  state.best = with_prefix(file, kBest);
  state.progress = progress_from_text(file.metadata.at("progress"));
}

}  // namespace

void write_state(const std::filesystem::path& path, TrainingState& state,
                 const StateOrigin& origin) {
  SafeTensors file;
  append(file, network_tensors(*state.network), kNetwork);
  append(file, state.optimizer->state(), kOptimizer);
  if (state.ema) append(file, state.ema->state(), kEma);
  append(file, state.best, kBest);
  file.metadata = {{kFormat, kVersion},
                   {"config", origin.config},
                   {"dataset_sha256", origin.dataset_sha256},
                   {"progress", to_text(state.progress)}};
  write_safetensors(path, file);
}

StateSummary read_state_summary(const std::filesystem::path& path) {
  const SafeTensors file = read_checked(path);
  return {.origin = {file.metadata.at("config"), file.metadata.at("dataset_sha256")},
          .progress = progress_from_text(file.metadata.at("progress"))};
}

void read_state(const std::filesystem::path& path, TrainingState& state) {
  const SafeTensors file = read_checked(path);
  try {
    restore_all(file, state);
  } catch (const Error& error) {
    fail(ErrorKind::kData, "{}: {}", path.string(), error.what());
  }
}

}  // namespace weir
