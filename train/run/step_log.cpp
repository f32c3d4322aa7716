#include "train/run/step_log.h"

#include <fstream>
#include <sstream>

#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/base/file.h"

namespace weir {
namespace {

using Json = nlohmann::ordered_json;

// The lines of steps 1 .. steps_done; a torn last line counts as not written.
std::string kept_lines(const std::string& text, int64_t steps_done) {
  std::string kept, line;
  std::istringstream lines(text);
  while (std::getline(lines, line)) {
    const Json json = Json::parse(line, nullptr, false);
    if (!json.is_object() || json.value("step", steps_done + 1) > steps_done) break;
    kept += line + "\n";
  }
  return kept;
}

}  // namespace

StepLog::StepLog(std::filesystem::path path, int64_t steps_done) : path_(std::move(path)) {
  const bool continues = std::filesystem::exists(path_);
  write_file_atomic(path_, continues ? kept_lines(read_file(path_), steps_done) : "");
}

void StepLog::add(const StepReport& report) {
  const Json line{{"step", report.step},           {"epoch", report.epoch},
                  {"loss", report.loss},           {"lr", report.lr},
                  {"grad_norm", report.grad_norm}, {"running_acc", report.running_acc}};
  pending_ += line.dump() + "\n";
}

void StepLog::flush() {
  std::ofstream out(path_, std::ios::app | std::ios::binary);
  out << pending_ << std::flush;
  if (!out) fail(ErrorKind::kInternal, "cannot write {}: is the disk full?", path_.string());
  pending_.clear();
}

}  // namespace weir
