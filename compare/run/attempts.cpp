#include "compare/run/attempts.h"

#include <system_error>

#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/names.h"
#include "train/config/emit.h"
#include "train/config/load.h"
#include "train/run/run_folder.h"
#include "train/trainer/resume.h"

namespace weir {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr const char* kFailedFile = "failed.json";

// Beside what resuming refuses: a comparison is of nets that were trained equally long.
void add_if_different(const std::string& key, const std::string& there, const std::string& here,
                      std::vector<std::string>& lines) {
  if (there != here) lines.push_back(fmt::format("{}: {} there, {} here", key, there, here));
}

void check_configuration(const PlannedRun& run, int attempt, const fs::path& folder) {
  Config planned = run.config;
  planned.train.seed = run.attempt_seed(attempt);
  const Config saved = load_config(folder / "config.yaml").config;
  std::vector<std::string> lines = resume_obstacles(saved, planned);
  for (const ConfigDifference& difference : diff(saved, planned)) {
    const std::string& key = difference.key;
    if (key != "train.epochs" && key != "train.patience") continue;
    add_if_different(key, difference.a, difference.b, lines);
  }
  require(lines.empty(),
          "{} was trained with another configuration:\n  {}\nGive the comparison another name, or "
          "remove that folder",
          folder.string(), join(lines, "\n  "));
}

std::string message_of_failure(const fs::path& file) {
  try {
    return Json::parse(read_file(file)).at("message").get<std::string>();
  } catch (const Json::exception& error) {
    fail(ErrorKind::kData, "{} is damaged: {}; remove it to train that run again", file.string(),
         error.what());
  }
}

void remove_folder(const fs::path& folder) {
  std::error_code error;
  fs::remove_all(folder, error);
  if (error) {
    fail(ErrorKind::kInternal, "cannot remove {}: {}", folder.string(), error.message());
  }
}

}  // namespace

RunState run_state(const PlannedRun& run) {
  RunState state;
  for (;; ++state.attempt) {
    state.folder = run.attempt_folder(state.attempt);
    const bool has_result = fs::exists(state.folder / kResultFile);
    const bool has_state = fs::exists(state.folder / "state.safetensors");
    const fs::path failed = state.folder / kFailedFile;
    if (!has_result && !has_state && !fs::exists(failed)) {
      remove_folder(state.folder);
      return state;
    }
    check_configuration(run, state.attempt, state.folder);
    if (!fs::exists(failed)) {
      state.stage = has_result ? RunStage::kComplete : RunStage::kUnfinished;
      return state;
    }
    state.failures.push_back(
        {run.attempt_seed(state.attempt), state.folder, message_of_failure(failed)});
    if (state.attempt == run.restarts) {
      state.stage = RunStage::kGivenUp;
      return state;
    }
  }
}

void mark_failed(const PlannedRun& run, int attempt, const std::string& message) {
  const fs::path folder = run.attempt_folder(attempt);
  make_folder(folder);
  const Json json{{"schema", 1}, {"seed", run.attempt_seed(attempt)}, {"message", message}};
  constexpr int kIndent = 2;
  write_file_atomic(folder / kFailedFile,
                    json.dump(kIndent, ' ', false, Json::error_handler_t::replace) + "\n");
}

}  // namespace weir
