#include "train/trainer.h"

#include "core/base/digest.h"
#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/log.h"
#include "core/base/stopwatch.h"
#include "core/runtime/cpu.h"
#include "core/runtime/parallel.h"
#include "train/checkpoint/named_tensors.h"
#include "train/guard/stuck_watch.h"
#include "train/measured_kernels.h"
#include "train/metrics/evaluate.h"
#include "train/trainer/checkpoints.h"
#include "train/trainer/epoch_loop.h"
#include "train/trainer/expectations.h"
#include "train/trainer/resume.h"
#include "train/trainer/run_files.h"

namespace weir {
namespace {

Dataset dataset_for(const Config& config, const TrainOptions& options) {
  return options.dataset ? *options.dataset : open_configured_dataset(config);
}

double peak_megabytes() {
  constexpr double kMegabyte = 1e6;
  return static_cast<double>(peak_resident_bytes()) / kMegabyte;
}

std::optional<std::filesystem::path> folder_of(const std::optional<RunFolder>& run) {
  return run ? std::optional(run->path()) : std::nullopt;
}

class Trainer {
 public:
  Trainer(const Config& config, TrainObserver& observer, const TrainOptions& options)
      : observer_(observer),
        options_(options),
        resumed_(run_to_resume(config)),
        choices_(kernel_choices(config, folder_of(resumed_))),
        session_(resumed_ ? resumed_config(config, *resumed_) : config,
                 dataset_for(config, options), resumed_ ? Beginning::kResumed : Beginning::kNew),
        monitor_(config.train.monitor, config.train.patience),
        folder_(resumed_ ? *resumed_ : RunFolder::create(config.output.dir, config.name)),
        checkpoints_(folder_, session_) {}

  TrainResult run() {
    start();
    const TrainStatus status = train_epochs();
    TrainResult result = describe(status);
    if (status != TrainStatus::kInterrupted) finish(result);
    log_debug("ended after {} epochs, {:.1f} s", result.rows.size(), result.seconds);
    observer_.on_end(result);
    check_expectations(session_.config.expect, result);
    return result;
  }

 private:
  void start() {
    folder_.require_space(Checkpoints::space_needed(session_));
    set_log_file(folder_.path() / "log.txt");
    if (resumed_) {
      resume(folder_, session_);
      checkpoints_.rewrite_weights(session_);
      remove_final_files(folder_);  // of fewer epochs, when train.epochs was raised
    }
    session_.info.folder = folder_.path();
    write_start_files(folder_, session_, options_.command);
    if (session_.config.train.kernels == "measured") {
      folder_.write(kRunKernelsFile, choices_.text());
    }
    if (session_.config.output.steps) {
      steps_.emplace(folder_.path() / "steps.jsonl", session_.state.progress.step);
    }
    log_debug("{} {}: {} pictures, {} parameters, seed {}", resumed_ ? "resumed" : "started",
              folder_.path().string(), session_.info.train_pictures, session_.info.parameters,
              session_.info.seed);
    observer_.on_start(session_.info);
    // The process before may have ended between saving an epoch and looking at it.
    if (!session_.state.progress.rows.empty()) check_progress(session_.state.progress.rows.back());
  }

  void check_progress(const EpochRow& row) const {
    const StuckConfig& stuck = session_.config.train.fail_if_stuck;
    check_not_stuck({.after_epochs = stuck.after_epochs, .below = stuck.below}, row.epoch,
                    row.train_acc, row.train_loss, session_.data.class_count());
  }

  TrainStatus train_epochs() {
    const Progress& progress = session_.state.progress;
    while (progress.epoch < session_.config.train.epochs) {
      if (monitor_.exhausted(progress.best)) return TrainStatus::kStoppedEarly;
      if (!one_epoch()) return TrainStatus::kInterrupted;
    }
    return TrainStatus::kFinished;
  }

  // False when it was interrupted.
  bool one_epoch() {
    const EpochSetup setup{.config = session_.config,
                           .schedule = session_.schedule,
                           .loader = *session_.train_loader,
                           .memory = session_.memory,
                           .observer = observer_,
                           .steps = steps_ ? &*steps_ : nullptr,
                           .stop = options_.stop};
    const bool whole = train_epoch(session_.state, setup);
    if (!whole) {
      save(false);
      return false;
    }
    EpochRow row = close_epoch();
    const bool best = keep_if_best(row);
    save(best);
    log_debug("epoch {}: train_loss {:.6f}, train_acc {:.4f}, val_acc {:.4f}, lr {:.3g}{}",
              row.epoch, row.train_loss, row.train_acc, row.val_acc.value_or(0), row.lr,
              best ? ", the best so far" : "");
    observer_.on_epoch(row, best);
    check_progress(row);
    return true;
  }

  // Validates, enters the epoch into the progress and returns its row.
  EpochRow close_epoch() {
    Progress& progress = session_.state.progress;
    const int64_t steps = progress.batch;
    EpochRow row{.epoch = progress.epoch + 1,
                 .step = progress.step,
                 .lr = session_.schedule.lr(progress.step - 1),
                 .train_loss = progress.running.loss(),
                 .train_acc = progress.running.accuracy(),
                 .grad_norm = progress.grad_norm_sum / static_cast<double>(steps),
                 .img_per_s = static_cast<double>(progress.running.count) / progress.train_seconds,
                 .data_wait_s = progress.data_wait_s};
    const double validation_seconds = validate(row);
    row.time_s = progress.seconds + progress.train_seconds + validation_seconds;
    row.peak_rss_mb = peak_megabytes();
    progress.rows.push_back(row);
    progress = {.epoch = row.epoch,
                .step = progress.step,
                .seconds = row.time_s,
                .best = progress.best,
                .rows = std::move(progress.rows)};
    return row;
  }

  // Seconds that it took.
  double validate(EpochRow& row) {
    if (session_.validation_loader == nullptr) return 0;
    const Stopwatch watch;
    const AveragedWeights averaged(session_.state.ema.get());
    const Scores scores =
        evaluate(*session_.state.network, *session_.validation_loader,
                 {.classes = session_.data.class_count(), .memory = &session_.memory})
            .scores;
    row.val_loss = scores.loss();
    row.val_acc = scores.accuracy();
    row.val_acc_top5 = scores.accuracy_top5();
    return watch.seconds();
  }

  // Without validation pictures every epoch takes the place of the one before.
  bool keep_if_best(const EpochRow& row) {
    TrainingState& state = session_.state;
    const auto& value = monitor_.metric() == "val_acc" ? row.val_acc : row.val_loss;
    if (!value) state.progress.best = {.epoch = row.epoch, .value = row.train_loss};
    if (value && !monitor_.update(state.progress.best, row.epoch, *value)) return false;
    const AveragedWeights averaged(state.ema.get());
    state.best = copy_of(network_tensors(*state.network));
    return true;
  }

  void save(bool best) {
    checkpoints_.save(session_, best);
    if (steps_) steps_->flush();
  }

  TrainResult describe(TrainStatus status) const {
    const Progress& progress = session_.state.progress;
    TrainResult result{.status = status,
                       .folder = folder_.path(),
                       .rows = progress.rows,
                       .best = progress.best,
                       .seconds = progress.seconds + progress.train_seconds,
                       .peak_rss_mb = peak_megabytes()};
    if (!session_.state.best.empty()) {
      result.weights_sha256 = sha256_hex(read_file(folder_.weights("best")));
    }
    return result;
  }

  // The one look at the test pictures, with the best weights.
  void finish(TrainResult& result) {
    load_network(*session_.state.network, session_.state.best);
    Evaluation test;
    const bool looks = session_.config.train.test;
    if (const auto loader =
            looks ? evaluation_loader(session_.data.test.get(), session_.config) : nullptr) {
      test = evaluate(*session_.state.network, *loader,
                      {.classes = session_.data.class_count(),
                       .keep_predictions = true,
                       .memory = &session_.memory});
      result.test = {.loss = test.scores.loss(),
                     .accuracy = test.scores.accuracy(),
                     .accuracy_top5 = test.scores.accuracy_top5()};
    }
    write_final_files(folder_, session_, result, test);
  }

  TrainObserver& observer_;
  const TrainOptions& options_;
  std::optional<RunFolder> resumed_;
  kernels::ConvChoices choices_;
  kernels::UseConvChoices use_choices_{choices_};
  Session session_;
  Monitor monitor_;
  RunFolder folder_;
  Checkpoints checkpoints_;
  std::optional<StepLog> steps_;
};

// log.txt belongs to one run, however it ends.
struct LogFileGuard {
  LogFileGuard() = default;
  LogFileGuard(const LogFileGuard&) = delete;
  LogFileGuard& operator=(const LogFileGuard&) = delete;
  ~LogFileGuard() { set_log_file({}); }
};

}  // namespace

TrainResult train(const Config& config, TrainObserver& observer, const TrainOptions& options) {
  const FlushDenormals flush;
  const LogFileGuard log_file;
  set_threads(config.train.threads.value_or(0));
  try {
    return Trainer(config, observer, options).run();
  } catch (const Error& error) {
    log_debug("failed: {}", error.what());  // for log.txt; the caller shows it on the screen
    throw;
  }
}

}  // namespace weir
