#include "compare/run/run_job.h"

#include <csignal>

#include <nlohmann/json.hpp>
#include <poll.h>

#include "core/base/error.h"
#include "core/base/file.h"
#include "train/config/emit.h"

namespace weir {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr const char* kConfigFile = "config.yaml";
constexpr int kTrainingFailed = static_cast<int>(ErrorKind::kTraining);
constexpr size_t kMostOtherText = 4000;

// On a command line "a=b/seed1" would be KEY=VALUE, and "-a" an option; "./a=b/seed1" is a path.
std::string as_argument(const fs::path& path) {
  return path.is_absolute() ? path.string() : (fs::path(".") / path).string();
}

bool was_interrupted(int exit_code) {
  return exit_code == 128 + SIGINT || exit_code == 128 + SIGTERM;
}

std::optional<double> number_at(const Json& json, const char* name) {
  const auto found = json.find(name);
  if (found == json.end() || !found->is_number()) return std::nullopt;
  return found->get<double>();
}

ErrorKind kind_of(int exit_code) {
  const bool known = exit_code >= static_cast<int>(ErrorKind::kInternal) &&
                     exit_code <= static_cast<int>(ErrorKind::kExpectation);
  return known ? static_cast<ErrorKind>(exit_code) : ErrorKind::kInternal;
}

}  // namespace

RunJob::RunJob(const PlannedRun& run, const JobOptions& options, ComparisonObserver& observer,
               TimeLeft& time_left, ComparisonProgress& progress)
    : run_(run),
      options_(options),
      observer_(observer),
      time_left_(time_left),
      progress_(progress),
      kind_{run.cell, run.candidate.has_value()} {}

bool RunJob::start_next() {
  state_ = run_state(run_);
  if (state_.stage == RunStage::kNew || state_.stage == RunStage::kUnfinished) {
    prepare_attempt(run_, state_);
    make_folder(run_.folder);
    write_file_atomic(run_.folder / kConfigFile, to_yaml(run_.config));
    epochs_ = 0;
    end_ = {};
    return start(Work::kTrain, train_command());
  }
  const int pixels = run_.shift_consistency;
  if (state_.stage == RunStage::kComplete && pixels > 0 && !shift_share(state_.folder, pixels)) {
    check_can_be_measured();
    return start(Work::kMeasure, measure_command());
  }
  tell_end(state_.stage);
  return false;
}

// Results may be kept without their weights.
void RunJob::check_can_be_measured() const {
  if (fs::exists(state_.folder / "weights" / "best.safetensors")) return;
  const std::optional<MeasuredShift> measured = read_shift(state_.folder);
  fail(ErrorKind::kUsage,
       "{} has no weights any more, so shift_consistency: {} cannot be measured; {}",
       state_.folder.string(), run_.shift_consistency,
       measured ? fmt::format("give {}, which was measured, or 0 for none", measured->pixels)
                : "give 0 for none");
}

bool RunJob::start(Work work, const std::vector<std::string>& words) {
  interrupted_ = options_.asked_to_stop();
  if (interrupted_) return false;
  work_ = work;
  error_.clear();
  other_lines_.clear();
  shift_.reset();
  child_ = std::make_unique<ChildProcess>(words);
  was_asked_ = false;
  return true;
}

std::vector<std::string> RunJob::train_command() const {
  std::vector<std::string> words = options_.program;
  words.insert(words.end(), {"train", as_argument(run_.folder / kConfigFile), "--json", "-qq"});
  add_threads(words);
  if (state_.attempt > 0) {
    words.insert(words.end(), {"--seed", std::to_string(run_.attempt_seed(state_.attempt))});
  }
  if (state_.stage == RunStage::kUnfinished) {
    words.insert(words.end(), {"--resume", as_argument(state_.folder)});
  }
  return words;
}

std::vector<std::string> RunJob::measure_command() const {
  std::vector<std::string> words = options_.program;
  words.insert(words.end(), {"eval", as_argument(state_.folder), "--shift",
                             std::to_string(run_.shift_consistency), "--json", "-qq"});
  add_threads(words);
  return words;
}

void RunJob::add_threads(std::vector<std::string>& words) const {
  std::optional<int> threads = run_.config.train.threads;
  if (!threads) threads = options_.share;
  if (options_.threads) threads = options_.threads;
  if (threads) words.insert(words.end(), {"--threads", std::to_string(*threads)});
}

bool RunJob::pump() {
  std::vector<std::string> lines;
  const bool more = child_->read_lines(lines);
  for (const std::string& line : lines) hear(line);
  if (more) return true;
  const int exit_code = child_->wait();
  return after_end(exit_code);
}

void RunJob::ask_to_stop() {
  if (!was_asked_) child_->send(SIGTERM);
  was_asked_ = true;
}

void RunJob::wait() {
  std::vector<std::string> lines;
  while (child_->read_lines(lines)) {
    pollfd file{.fd = child_->descriptor(), .events = POLLIN, .revents = 0};
    ::poll(&file, 1, -1);
  }
  child_->wait();
}

void RunJob::hear(const std::string& line) {
  const Json event = Json::parse(line, nullptr, false);
  if (event.is_object() && event.contains("event")) {
    hear_event(event);
  } else if (other_lines_.size() < kMostOtherText) {
    other_lines_ += line + "\n";
  }
}

void RunJob::hear_event(const Json& event) {
  const std::string name = event.at("event").get<std::string>();
  if (name == "start") {
    const std::optional<double> resumed = number_at(event, "resumed_epochs");
    epochs_ = static_cast<int>(resumed.value_or(0));
    epoch_start_ = resumed ? std::nullopt : std::optional(0.0);
    time_left_.expect(kind_, -epochs_);
    observer_.on_run_start(run_, state_.attempt, epochs_);
  } else if (name == "epoch") {
    hear_epoch(event);
  } else if (name == "eval") {
    shift_ = {.pixels = event.at("shift_pixels").get<int>(),
              .pictures = event.at("count").get<int64_t>(),
              .share = event.at("shift_consistency").get<double>()};
  } else if (name == "end" && event.contains("test") && event["test"].is_object()) {
    end_.test_acc = number_at(event["test"], "acc");
  } else if (name == "error") {
    error_ = event.at("message").get<std::string>();
  }
}

void RunJob::hear_epoch(const Json& event) {
  const EpochRow row = epoch_row_from_json(event);
  if (epoch_start_) time_left_.measure(kind_, row.time_s - *epoch_start_);
  epoch_start_ = row.time_s;
  time_left_.expect(kind_, -1);
  epochs_ = row.epoch;
  if (event.value("best", false)) end_.val_acc = row.val_acc;
  progress_.seconds_left = time_left_.seconds();
  observer_.on_epoch(run_, row, progress_);
}

bool RunJob::after_end(int exit_code) {
  child_.reset();
  if (was_interrupted(exit_code)) {
    interrupted_ = true;
    return false;
  }
  if (work_ == Work::kTrain && exit_code == kTrainingFailed) {
    after_failed_attempt();
    return start_next();
  }
  if (exit_code != 0) give_up(exit_code);
  if (work_ == Work::kMeasure) {
    if (!shift_) give_up(exit_code);
    write_shift(state_.folder, *shift_);
  } else {
    time_left_.expect(kind_, epochs_ - run_.config.train.epochs);  // stopped early
    // A program that ends well and leaves no results would be started for ever.
    if (run_state(run_).stage != RunStage::kComplete) give_up(exit_code);
  }
  return start_next();
}

void RunJob::after_failed_attempt() {
  mark_failed(run_, state_.attempt, what_was_said());
  if (state_.attempt == run_.restarts) {
    time_left_.expect(kind_, epochs_ - run_.config.train.epochs);
    return;
  }
  time_left_.expect(kind_, epochs_);
  ++progress_.restarts;
  observer_.on_restart(run_, state_.attempt + 1, what_was_said());
}

std::string RunJob::what_was_said() const {
  if (!error_.empty()) return error_;
  return other_lines_.empty() ? "it said nothing" : other_lines_;
}

void RunJob::give_up(int exit_code) const {
  std::string said = what_was_said();
  if (exit_code == 128 + SIGKILL) said += " (it was killed, perhaps for want of memory)";
  fail(kind_of(exit_code), "{} ended with exit code {}: {}\n(its folder: {})", title(), exit_code,
       said, state_.folder.string());
}

void RunJob::tell_end(RunStage stage) {
  end_.complete = stage == RunStage::kComplete;
  end_.folder = state_.folder;
  end_.restarts = state_.attempt;
  ++(end_.complete ? progress_.complete : progress_.given_up);
  progress_.seconds_left = time_left_.seconds();
  observer_.on_run_end(run_, end_, progress_);
}

std::string RunJob::title() const {
  return (work_ == Work::kTrain ? "the training of " : "the evaluation of ") + run_.folder.string();
}

}  // namespace weir
