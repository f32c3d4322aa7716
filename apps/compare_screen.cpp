#include "apps/compare_screen.h"

#include <algorithm>
#include <cstdio>

#include <fmt/core.h>

#include "apps/progress_line.h"
#include "apps/terminal.h"
#include "core/base/log.h"

namespace weir {
namespace {

constexpr std::chrono::milliseconds kRedrawAfter{250};
constexpr size_t kMostRows = 16;  // with the lines around them they fit a terminal of 24

std::string percent(const std::optional<double>& share) {
  return share ? fmt::format("{:.1f}", 100 * *share) : "-";
}

std::string left_text(const ComparisonProgress& progress) {
  if (!progress.seconds_left) return "";
  return fmt::format("  about {} left", duration_text(*progress.seconds_left));
}

std::string counts_text(const ComparisonProgress& progress) {
  std::string text = fmt::format("{} of {}", progress.complete + progress.given_up, progress.runs);
  if (progress.restarts > 0) text += fmt::format("  restarts {}", progress.restarts);
  if (progress.given_up > 0) text += fmt::format("  given up {}", progress.given_up);
  return text + left_text(progress);
}

}  // namespace

std::string run_name(const Experiment& experiment, const PlannedRun& run) {
  const Cell& cell = experiment.cells[run.cell];
  const std::string trial = run.candidate ? fmt::format("  {} {}", experiment.plan.tune->key,
                                                        cell.candidates[*run.candidate].value)
                                          : "";
  return fmt::format("{}{}  seed {}", cell.str(), trial, run.seed);
}

CompareScreen::CompareScreen(const GlobalOptions& globals)
    : draws_(globals.quiet == 0 && is_live(Stream::kErr)) {}

CompareScreen::~CompareScreen() { clear(); }

std::string CompareScreen::name_of(const PlannedRun& run) const {
  return run_name(*experiment_, run);
}

// Of a run within its row.
std::string CompareScreen::short_name(const PlannedRun& run) const {
  const Cell& cell = experiment_->cells[run.cell];
  return run.candidate ? fmt::format("{} seed {}", cell.candidates[*run.candidate].value, run.seed)
                       : fmt::format("seed {}", run.seed);
}

void CompareScreen::on_start(const Experiment& experiment) {
  experiment_ = &experiment;
  log_info("compare  {}: {} nets, {} seeds, {} pairs to test  in {}", experiment.plan.name,
           experiment.cells.size(), experiment.plan.seeds.size(),
           experiment.plan.pairs.size() * experiment.points(), experiment.folder.string());
}

void CompareScreen::on_stage(ComparisonStage stage, const std::vector<PlannedRun>& runs) {
  stage_ = stage == ComparisonStage::kTuning ? "trials" : "runs";
  rows_.clear();
  for (const Cell& cell : experiment_->cells) rows_.push_back({cell.str(), 0, 0, {}});
  for (const PlannedRun& run : runs) ++rows_[run.cell].runs;
  if (stage == ComparisonStage::kTuning) {
    log_info("tuning   {}: {} trials of {} epochs, validation pictures only",
             experiment_->plan.tune->key, runs.size(), experiment_->plan.tune->epochs);
  }
}

void CompareScreen::on_run_start(const PlannedRun& run, int attempt, int resumed_epochs) {
  rows_[run.cell].now[&run] = fmt::format("{}{}  epoch {}/{}", short_name(run),
                                          attempt > 0 ? fmt::format(" restart {}", attempt) : "",
                                          resumed_epochs, run.config.train.epochs);
  log_debug("{}: begins{}", name_of(run),
            resumed_epochs > 0 ? fmt::format(" after epoch {}", resumed_epochs) : "");
}

void CompareScreen::on_epoch(const PlannedRun& run, const EpochRow& row,
                             const ComparisonProgress& progress) {
  rows_[run.cell].now[&run] =
      fmt::format("{}  epoch {}/{}  loss {:.3f}  val {}", short_name(run), row.epoch,
                  run.config.train.epochs, row.train_loss, percent(row.val_acc));
  log_debug("{}: epoch {}/{}  loss {:.4f}  val {}{}", name_of(run), row.epoch,
            run.config.train.epochs, row.train_loss, percent(row.val_acc), left_text(progress));
}

void CompareScreen::on_restart(const PlannedRun& run, int attempt, const std::string& why) {
  clear();
  log_warning("{}: {}; restart {} with seed {}", name_of(run), why.substr(0, why.find(';')),
              attempt, run.attempt_seed(attempt));
}

void CompareScreen::on_run_end(const PlannedRun& run, const RunEnd& end,
                               const ComparisonProgress& progress) {
  Row& row = rows_[run.cell];
  const bool was_here = row.now.erase(&run) > 0;
  ++row.ended;
  clear();
  if (!end.complete) {
    log_warning("{}: given up after {} attempts", name_of(run), end.restarts + 1);
  } else if (was_here) {  // else it was complete before
    log_info("{}: val {}   {} {}", name_of(run), percent(end.val_acc), stage_,
             counts_text(progress));
  }
}

void CompareScreen::on_choice(const Cell& cell, const std::string& value, double val_acc) {
  clear();
  log_info("{}: {} {} (validation accuracy {:.1f} in its trials)", cell.str(),
           experiment_->plan.tune->key, value, 100 * val_acc);
}

void CompareScreen::on_tick(const ComparisonProgress& progress) {
  const auto now = std::chrono::steady_clock::now();
  if (!draws_ || now - drawn_at_ < kRedrawAfter) return;
  drawn_at_ = now;
  draw(progress);
}

void CompareScreen::draw(const ComparisonProgress& progress) {
  size_t widest = 3, hidden = 0;
  for (const Row& row : rows_) widest = std::max(widest, row.name.size());
  std::vector<std::string> lines{fmt::format("{} {}", stage_, counts_text(progress))};
  const auto add = [&](bool active) {
    for (const Row& row : rows_) {
      if (row.now.empty() == active || row.runs == 0) continue;
      if (lines.size() > kMostRows) {
        ++hidden;
        continue;
      }
      std::string line = fmt::format("{:<{}}  {:>3}/{}", row.name, widest, row.ended, row.runs);
      for (const auto& [run, now] : row.now) line += "   " + now;
      lines.push_back(std::move(line));
    }
  };
  add(true);
  add(false);
  if (hidden > 0) lines.push_back(fmt::format(".. and {} more", hidden));
  const auto room = static_cast<size_t>(std::max(terminal_width() - 1, 1));
  std::string text = "\r\x1b[J";
  for (const std::string& line : lines) text += line.substr(0, room) + "\n";
  // The cursor goes back to the first line, so that a warning writes over the table.
  fmt::print(stderr, "{}\x1b[{}A", text, lines.size());
  std::fflush(stderr);
  is_drawn_ = true;
}

void CompareScreen::clear() {
  if (!is_drawn_) return;
  fmt::print(stderr, "\r\x1b[J");
  std::fflush(stderr);
  is_drawn_ = false;
}

}  // namespace weir
