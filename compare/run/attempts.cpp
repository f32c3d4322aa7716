#include "compare/run/attempts.h"

#include <system_error>

#include <nlohmann/json.hpp>

#include "compare/run/shift_file.h"
#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/names.h"
#include "train/config/emit.h"
#include "train/config/load.h"
#include "train/config/settled.h"
#include "train/run/run_folder.h"
#include "train/trainer/resume.h"

namespace weir {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr const char* kFailedFile = "failed.json";
constexpr const char* kConfigFile = "config.yaml";

Config config_of(const PlannedRun& run, int attempt) {
  Config config = run.config;
  config.train.seed = run.attempt_seed(attempt);
  return config;
}

// Beside what resuming refuses: a comparison is of nets that were trained equally long.
void add_if_different(const std::string& key, const std::string& there, const std::string& here,
                      std::vector<std::string>& lines) {
  if (there != here) lines.push_back(fmt::format("{}: {} there, {} here", key, there, here));
}

void check_configuration(const PlannedRun& run, int attempt, const fs::path& folder) {
  const Config planned = config_of(run, attempt);
  const Config saved = load_config(folder / kConfigFile).config;
  std::vector<std::string> lines = resume_obstacles(saved, planned);
  for (const ConfigDifference& difference : diff(saved, planned)) {
    const std::string& key = difference.key;
    if (key != "train.epochs" && key != "train.patience") continue;
    add_if_different(key, difference.a, difference.b, lines);
  }
  require(lines.empty(),
          "{} was trained with another configuration:\n  {}\nGive the comparison another name, or "
          "remove {}, which holds all attempts of that run",
          folder.string(), join(lines, "\n  "), run.folder.string());
}

std::string message_of_failure(const PlannedRun& run, const fs::path& file) {
  try {
    return Json::parse(read_file(file)).at("message").get<std::string>();
  } catch (const Json::exception& error) {
    fail(ErrorKind::kData, "{} is damaged: {}; remove {} to train that run again", file.string(),
         error.what(), run.folder.string());
  }
}

// A training takes the number after the highest one.
void check_is_next(const PlannedRun& run, const fs::path& attempt) {
  const fs::path next = RunFolder::next(run.folder.parent_path(), run.folder.filename().string());
  require(next == attempt,
          "the next training in {} would become {}, as later attempts than {} are there: remove "
          "that folder, with all attempts, to train that run again",
          run.folder.string(), next.filename().string(), attempt.filename().string());
}

void clear_away(const fs::path& path) {
  std::error_code error;
  fs::remove_all(path, error);
  if (error) fail(ErrorKind::kInternal, "cannot remove {}: {}", path.string(), error.message());
}

}  // namespace

RunState run_state(const PlannedRun& run) {
  RunState state;
  for (;; ++state.attempt) {
    state.folder = run.attempt_folder(state.attempt);
    const bool has_result = fs::exists(state.folder / kResultFile);
    const bool has_state = fs::exists(state.folder / "state.safetensors");
    const fs::path failed = state.folder / kFailedFile;
    if (!has_result && !has_state && !fs::exists(failed)) return state;
    check_configuration(run, state.attempt, state.folder);
    if (!fs::exists(failed)) {
      state.stage = has_result ? RunStage::kComplete : RunStage::kUnfinished;
      return state;
    }
    state.failures.push_back(
        {run.attempt_seed(state.attempt), state.folder, message_of_failure(run, failed)});
    if (state.attempt == run.restarts) {
      state.stage = RunStage::kGivenUp;
      return state;
    }
  }
}

void prepare_attempt(const PlannedRun& run, const RunState& state) {
  if (state.stage == RunStage::kUnfinished) clear_away(state.folder / kShiftFile);
  if (state.stage != RunStage::kNew) return;
  clear_away(state.folder);
  check_is_next(run, state.folder);
}

void mark_failed(const PlannedRun& run, int attempt, const std::string& message) {
  const fs::path folder = run.attempt_folder(attempt);
  make_folder(folder);
  if (!fs::exists(folder / kConfigFile)) {  // it failed while its net was built
    write_file_atomic(folder / kConfigFile, to_yaml(settled(config_of(run, attempt))));
  }
  const Json json{{"schema", 1}, {"seed", run.attempt_seed(attempt)}, {"message", message}};
  constexpr int kIndent = 2;
  write_file_atomic(folder / kFailedFile,
                    json.dump(kIndent, ' ', false, Json::error_handler_t::replace) + "\n");
}

}  // namespace weir
