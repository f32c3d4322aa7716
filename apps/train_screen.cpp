#include "apps/train_screen.h"

#include <fmt/format.h>

#include "apps/events.h"
#include "apps/progress_line.h"
#include "apps/terminal.h"
#include "core/base/log.h"

namespace weir {
namespace {

constexpr std::chrono::milliseconds kRedrawAfter{100};  // faster than this only costs time

std::string millions(int64_t count) {
  return fmt::format("{:.1f} M", static_cast<double>(count) * 1e-6);
}

std::string percent(const std::optional<double>& share) {
  return share ? fmt::format("{:.1f}", 100 * *share) : "-";
}

std::string loss_text(const std::optional<double>& loss) {
  return loss ? fmt::format("{:.4f}", *loss) : "-";
}

constexpr const char* kRowFormat = "{:>5}  {:>10}  {:>9}  {:>8}  {:>7}  {:>6}  {:>7}  {:>6}  {:>5}";

std::string table_head() {
  return fmt::format(kRowFormat, "epoch", "train_loss", "train_acc", "val_loss", "val_acc", "best",
                     "lr", "img/s", "time");
}

// The star marks the best epoch so far.
std::string table_row(const EpochRow& row, const EpochRow& best, double seconds) {
  return fmt::format(kRowFormat, row.epoch, loss_text(row.train_loss), percent(row.train_acc),
                     loss_text(row.val_loss), percent(row.val_acc),
                     percent(best.val_acc) + (best.epoch == row.epoch ? "*" : " "),
                     fmt::format("{:.1e}", row.lr), fmt::format("{:.0f}", row.img_per_s),
                     clock_text(seconds));
}

double seconds_left(const RunInfo& info, const StepReport& report) {
  if (report.img_per_s <= 0) return 0;
  const int64_t steps = int64_t{info.epochs} * info.steps_per_epoch - report.step;
  return static_cast<double>(steps) * info.batch_size / report.img_per_s;
}

}  // namespace

TrainScreen::TrainScreen(const GlobalOptions& globals)
    : draws_bar_(globals.quiet == 0 && is_live(Stream::kErr)), prints_results_(!globals.json) {}

TrainScreen::~TrainScreen() { clear_bar(); }

void TrainScreen::describe(const RunInfo& info) const {
  log_info("data   {} ({})  {} train / {} val / {} test", info.dataset_id, info.dataset_source,
           info.train_pictures, info.val_pictures, info.test_pictures);
  log_info("model  {}  {} parameters  {} MACs for a picture", info.model,
           fmt::group_digits(info.parameters), millions(info.macs));
  log_info("run    epochs {}  batch {}  seed {}  threads {}  {}{}{}", info.epochs, info.batch_size,
           info.seed, info.threads, info.precision, info.folder.empty() ? "" : "  ",
           info.folder.string());
  if (!info.precision_reason.empty()) {
    log_info("auto   precision {}: {}", info.precision, info.precision_reason);
  }
  if (info.start) {
    for (const std::string& line : weir::describe(*info.start)) log_info("{}", line);
  }
  if (info.resumed_epochs) log_info("resumed after epoch {}", *info.resumed_epochs);
  for (const std::string& note : info.notes) log_warning("{}", note);
}

void TrainScreen::on_start(const RunInfo& info) {
  info_ = info;
  epoch_watch_.restart();
  describe(info);
  log_info("{}", table_head());
}

void TrainScreen::on_step(const StepReport& report) {
  const auto now = std::chrono::steady_clock::now();
  if (!draws_bar_ || now - drawn_at_ < kRedrawAfter) return;
  drawn_at_ = now;
  draw_bar(report);
}

void TrainScreen::draw_bar(const StepReport& report) {
  const std::string line = progress_line({.epoch = report.epoch,
                                          .epochs = info_.epochs,
                                          .batch = report.batch,
                                          .batches = report.batches,
                                          .loss = report.running_loss,
                                          .accuracy = report.running_acc,
                                          .lr = report.lr,
                                          .images_per_s = report.img_per_s,
                                          .eta_s = seconds_left(info_, report),
                                          .data_share = report.data_wait_share},
                                         terminal_width());
  // The cursor goes back to the start, so that a warning writes over the bar.
  fmt::print(stderr, "\r\x1b[K{}\r", line);
  std::fflush(stderr);
  bar_is_drawn_ = true;
}

void TrainScreen::clear_bar() {
  if (!bar_is_drawn_) return;
  fmt::print(stderr, "\r\x1b[K");
  std::fflush(stderr);
  bar_is_drawn_ = false;
}

void TrainScreen::on_epoch(const EpochRow& row, bool best_so_far) {
  clear_bar();
  if (best_so_far) best_ = row;
  // Not from row.time_s: after resuming, this process does not know when the epoch before ended.
  log_info("{}", table_row(row, best_, epoch_watch_.restart()));
}

void TrainScreen::on_end(const TrainResult& result) {
  clear_bar();
  if (!prints_results_ || result.status == TrainStatus::kInterrupted) return;
  std::string best = fmt::format("epoch {}", result.best.epoch);
  for (const EpochRow& row : result.rows) {
    if (row.epoch == result.best.epoch && row.val_acc) {
      best += fmt::format("  val_acc {}", percent(row.val_acc));
    }
  }
  if (result.test) best += fmt::format("  test_acc {}", percent(result.test->accuracy));
  const std::string folder = result.folder.string();
  print_text(fmt::format(
      "\nbest    {}\ntook    {}, {:.0f} MB at most\nsha256  {}  (of the weights; "
      "any --threads gives the same)\nrun     {}\n",
      best, duration_text(result.seconds), result.peak_rss_mb, result.weights_sha256, folder));
  const auto curves = result.folder / "images" / "curves.png";
  if (std::filesystem::exists(curves)) print_text(fmt::format("curves  {}\n", curves.string()));
  print_text(fmt::format("next    weir eval {0}   |   weir predict {0} photo.png\n", folder));
}

}  // namespace weir
