#include "train/trainer/resume.h"

#include <algorithm>
#include <array>

#include "core/base/error.h"
#include "core/base/log.h"
#include "core/base/names.h"
#include "train/config/emit.h"
#include "train/config/load.h"
#include "train/config/settled.h"

namespace weir {
namespace {

// Keys, or sections ending with a dot, that change nothing of what was computed so far.
constexpr std::array<std::string_view, 10> kMayDiffer{
    "train.epochs", "train.threads", "train.resume", "train.patience", "train.save_every",
    "train.test",   "output.",       "expect.",      "data.root",      "train.fail_if_stuck."};

bool may_differ(const std::string& key) {
  return std::any_of(kMayDiffer.begin(), kMayDiffer.end(), [&](std::string_view allowed) {
    return allowed.ends_with('.') ? key.starts_with(allowed) : key == allowed;
  });
}

// These schedules stretch over all epochs.
void warn_of_another_length(const Config& saved, const Config& config) {
  const std::string& name = config.scheduler.name;
  if (saved.train.epochs == config.train.epochs || (name != "cosine" && name != "onecycle")) return;
  log_warning(
      "the {} schedule was planned for {} epochs and goes on as one for {}: the result differs "
      "from "
      "a training of {} epochs in one piece",
      name, saved.train.epochs, config.train.epochs, config.train.epochs);
}

std::vector<std::string> differences(const StateSummary& state, const std::string& name,
                                     const Config& config) {
  return resume_obstacles(load_config_text(state.origin.config, name).config, config);
}

// A process may end after its last epoch and before its results are written.
bool has_finished(const RunFolder& folder, const StateSummary& state, const Config& config) {
  return state.progress.epoch >= config.train.epochs && folder.is_complete();
}

std::optional<RunFolder> newest_matching(const Config& config) {
  const std::optional<RunFolder> newest = RunFolder::newest(config.output.dir, config.name);
  if (!newest) {
    log_info("train.resume=auto: no earlier run of '{}', starting a new one", config.name);
    return std::nullopt;
  }
  const std::string path = newest->path().string();
  const StateSummary state = read_state_summary(newest->state());
  const std::vector<std::string> lines = differences(state, path, config);
  if (!lines.empty()) {
    log_info("train.resume=auto: {} has another configuration ({}), starting a new run", path,
             join(lines));
    return std::nullopt;
  }
  if (has_finished(*newest, state, config)) {
    log_info("train.resume=auto: {} is finished, starting a new run", path);
    return std::nullopt;
  }
  return newest;
}

}  // namespace

std::vector<std::string> resume_obstacles(const Config& saved, const Config& config) {
  std::vector<std::string> lines;
  for (const ConfigDifference& difference : diff(saved, settled_as(config, saved))) {
    if (may_differ(difference.key)) continue;
    lines.push_back(
        fmt::format("{}: {} there, {} here", difference.key, difference.a, difference.b));
  }
  return lines;
}

std::optional<RunFolder> run_to_resume(const Config& config) {
  if (!config.train.resume) return std::nullopt;
  if (*config.train.resume == "auto") return newest_matching(config);
  RunFolder folder = RunFolder::open(*config.train.resume);
  const std::string path = folder.path().string();
  const StateSummary state = read_state_summary(folder.state());
  const std::vector<std::string> lines = differences(state, path, config);
  require(lines.empty(), "{} cannot be resumed with another configuration:\n  {}", path,
          join(lines, "\n  "));
  require(!has_finished(folder, state, config),
          "{} has finished its {} epochs: raise train.epochs to continue it", path,
          state.progress.epoch);
  return folder;
}

Config resumed_config(const Config& config, const RunFolder& folder) {
  const StateOrigin origin = read_state_summary(folder.state()).origin;
  return settled_as(config, load_config_text(origin.config, folder.state().string()).config);
}

void resume(const RunFolder& folder, Session& session) {
  const StateOrigin origin = read_state_summary(folder.state()).origin;
  if (origin.dataset_sha256 != session.data.sha256) {
    fail(ErrorKind::kData, "{} was trained on other pictures: sha256 {} there, {} here",
         folder.path().string(), origin.dataset_sha256, session.data.sha256);
  }
  warn_of_another_length(load_config_text(origin.config, folder.state().string()).config,
                         session.config);
  read_state(folder.state(), session.state);
  session.info.resumed_epochs = session.state.progress.epoch;
}

}  // namespace weir
