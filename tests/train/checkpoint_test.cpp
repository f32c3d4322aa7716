// Checkpoints that must survive: kill -9, a full disk, a folder that cannot be written to.
#include <algorithm>
#include <csignal>
#include <cstdlib>

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/file.h"
#include "core/io/safetensors.h"
#include "layers/layers.h"
#include "tests/train/expect_error.h"
#include "tests/train/tiny_run.h"
#include "train/checkpoint/named_tensors.h"
#include "train/run/run_folder.h"
#include "train/trainer/training_state.h"

namespace weir::testing {
namespace {

namespace fs = std::filesystem;

// A state whose tensors and progress all hold the same number, so that a mixture shows.
TrainingState numbered_state(int number) {
  TrainingState state;
  state.network = std::make_unique<Sequential>(Conv2d(3, 64, {.kernel_size = 5}), BatchNorm2d(64));
  const auto value = static_cast<float>(number);
  for (NamedParameter& parameter : state.network->parameters()) {
    std::fill_n(parameter.variable.value().data(), parameter.variable.value().numel(), value);
  }
  state.optimizer = make_optimizer({.momentum = 0.9f}, state.network->parameters());
  for (NamedTensor& named : state.optimizer->state()) {
    std::fill_n(named.tensor.data(), named.tensor.numel(), value);
  }
  state.best = copy_of(network_tensors(*state.network));
  state.progress.step = number;
  return state;
}

void expect_consistent(TrainingState& state) {
  const auto number = static_cast<float>(state.progress.step);
  for (const NamedParameter& parameter : state.network->parameters()) {
    for (int64_t i = 0; i < parameter.variable.value().numel(); ++i) {
      ASSERT_EQ(parameter.variable.value().data()[i], number);
    }
  }
  for (const NamedTensor& named : state.optimizer->state()) {
    ASSERT_EQ(named.tensor.data()[named.tensor.numel() - 1], number);
  }
}

// A child saves states 1, 2, 3, .. until it is killed in the middle, again and again.
TEST(CheckpointKill, TheStateIsAlwaysWholeAndNeverOlderThanTheLastOneSaved) {
  const TemporaryFolder folder;
  const fs::path path = folder.path() / "state.safetensors";
  TrainingState first = numbered_state(0);
  write_state(path, first, {"config", "sha"});
  for (int round = 0; round < 8; ++round) {
    int pipe_ends[2];
    ASSERT_EQ(pipe(pipe_ends), 0);
    const pid_t child = fork();
    if (child == 0) {
      for (int number = round * 1000 + 1;; ++number) {
        TrainingState state = numbered_state(number);
        write_state(path, state, {"config", "sha"});
        if (write(pipe_ends[1], &number, sizeof number) != sizeof number) _exit(1);
      }
    }
    close(pipe_ends[1]);
    int saved = 0, last_saved = 0;
    for (int k = 0; k < 3; ++k) ASSERT_EQ(read(pipe_ends[0], &saved, sizeof saved), sizeof saved);
    usleep(static_cast<useconds_t>(700 * round));  // somewhere inside the next save
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
    while (read(pipe_ends[0], &last_saved, sizeof last_saved) == sizeof last_saved)
      saved = last_saved;
    close(pipe_ends[0]);
    TrainingState state = numbered_state(-1);
    read_state(path, state);
    EXPECT_GE(state.progress.step, saved);
    EXPECT_LE(state.progress.step, saved + 1);
    expect_consistent(state);
  }
}

// Set in the processes that the test below starts of itself: they train until they are killed.
constexpr const char* kFolderVariable = "WEIR_TEST_KILL_FOLDER";

Config killed_config(const fs::path& folder) {
  return tiny_config(folder, {"train.epochs=30", "train.ema_decay=0.9", "train.resume=auto"});
}

pid_t start_child(const fs::path& folder) {
  setenv(kFolderVariable, folder.c_str(), 1);
  const pid_t child = fork();
  if (child == 0) {
    // A fresh program: a fork would lack the pool's threads.
    execl("/proc/self/exe", "train_tests", "--gtest_filter=CheckpointKill.ATraining*",
          "--gtest_brief=1", nullptr);
    _exit(127);
  }
  unsetenv(kFolderVariable);
  return child;
}

// Waits until a child has replaced the state once more, half a minute at most.
void wait_for_save(const fs::path& state) {
  std::error_code ignored;
  const fs::file_time_type before = fs::last_write_time(state, ignored);
  for (int k = 0; k < 60'000 && fs::last_write_time(state, ignored) == before; ++k) usleep(500);
}

// A training is killed soon after each of its checkpoints and resumed until it is done; the weights
// must be those of a training that nobody killed.
TEST(CheckpointKill, ATrainingThatIsKilledAgainAndAgainEndsTheSame) {
  if (const char* folder = std::getenv(kFolderVariable)) {
    train_tiny(killed_config(folder));
    return;
  }
  const TemporaryFolder straight, killed;
  const TrainResult whole = train_tiny(killed_config(straight.path()));
  const fs::path run = killed.path() / "tiny/0001";
  for (int round = 0; round < 5; ++round) {
    const pid_t child = start_child(killed.path());
    wait_for_save(run / "state.safetensors");
    usleep(static_cast<useconds_t>(3'000 * round));  // between checkpoints, or inside the next
    kill(child, SIGKILL);
    int status = 0;
    waitpid(child, &status, 0);
    ASSERT_TRUE(WIFSIGNALED(status)) << "30 epochs take longer than this";
  }
  const TrainResult result = train_tiny(killed_config(killed.path()));
  EXPECT_EQ(result.weights_sha256, whole.weights_sha256);
  EXPECT_EQ(result.folder, run);
  EXPECT_EQ(result.rows.size(), 30u);
  EXPECT_EQ(read_file(result.folder / "predictions.csv"),
            read_file(whole.folder / "predictions.csv"));
}

// While alive, files cannot grow beyond so many bytes: what a full disk looks like to a process.
class FullDisk {
 public:
  FullDisk() { std::signal(SIGXFSZ, SIG_IGN); }
  ~FullDisk() { limit(RLIM_INFINITY); }
  FullDisk(const FullDisk&) = delete;
  FullDisk& operator=(const FullDisk&) = delete;
  void limit(rlim_t bytes) {
    rlimit now{};
    getrlimit(RLIMIT_FSIZE, &now);
    now.rlim_cur = std::min(bytes, now.rlim_max);
    setrlimit(RLIMIT_FSIZE, &now);
  }
};

struct FillsTheDisk : TrainObserver {
  void on_epoch(const EpochRow& row, bool) override {
    if (row.epoch == 2) disk.limit(2'000);
  }
  FullDisk disk;
};

TEST(CheckpointDisk, FullInTheMiddleKeepsTheCheckpointBeforeAndResumes) {
  const TemporaryFolder straight, full;
  const TrainResult whole = train_tiny(tiny_config(straight.path()));
  {
    FillsTheDisk observer;
    expect_error(ErrorKind::kInternal, "epoch 3 could not be saved",
                 [&] { train(tiny_config(full.path()), observer, {.dataset = make_stripes4()}); });
  }
  const fs::path run = full.path() / "tiny/0001";
  EXPECT_EQ(read_state_summary(run / "state.safetensors").progress.epoch, 2);
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(run)) {
    EXPECT_EQ(entry.path().string().find(".tmp"), std::string::npos) << "left behind: " << entry;
  }
  const TrainResult resumed =
      train_tiny(tiny_config(full.path(), {"train.resume=" + run.string()}));
  EXPECT_EQ(resumed.weights_sha256, whole.weights_sha256);
}

TEST(CheckpointDisk, FullFromTheStartStopsBeforeTraining) {
  const TemporaryFolder folder;
  struct Counts : TrainObserver {
    void on_step(const StepReport&) override { ++steps; }
    int steps = 0;
  } observer;
  FullDisk disk;
  disk.limit(10);
  expect_error(ErrorKind::kInternal, "cannot write",
               [&] { train(tiny_config(folder.path()), observer, {.dataset = make_stripes4()}); });
  EXPECT_EQ(observer.steps, 0);
}

TEST(CheckpointDisk, AFolderThatCannotBeMadeStopsBeforeTraining) {
  const TemporaryFolder folder;
  write_file_atomic(folder.path() / "file", "x");
  // Root may write anywhere, but nobody can make a folder below a file.
  expect_error(ErrorKind::kInternal, "cannot create folder",
               [&] { train_tiny(tiny_config(folder.path() / "file")); });
}

TEST(CheckpointDisk, SpaceIsCheckedBeforeTraining) {
  const TemporaryFolder folder;
  const RunFolder run = RunFolder::create(folder.path(), "run");
  run.require_space(1);
  expect_error(ErrorKind::kInternal, "nearly full", [&] { run.require_space(uint64_t{1} << 60); });
}

TEST(StateFile, RefusesWhatIsNoState) {
  const TemporaryFolder folder;
  const fs::path path = folder.path() / "state.safetensors";
  write_safetensors(path, {});
  expect_error(ErrorKind::kData, "is not a training state", [&] { read_state_summary(path); });
  TrainingState state = numbered_state(1);
  write_state(path, state, {"config", "sha"});
  const std::string bytes = read_file(path);
  write_file_atomic(path, bytes.substr(0, bytes.size() - 1));
  expect_error(ErrorKind::kData, "truncated", [&] { read_state(path, state); });
  SafeTensors file = parse_safetensors(bytes, "state");
  file.metadata["progress"] = "{}";
  write_safetensors(path, file);
  expect_error(ErrorKind::kData, "progress is damaged", [&] { read_state(path, state); });
  file.tensors.pop_back();
  TrainingState other = numbered_state(2);
  other.network = std::make_unique<Sequential>(Conv2d(3, 64, {.kernel_size = 3}));
  expect_error(ErrorKind::kData, "do not fit the network", [&] { read_state(path, other); });
}

}  // namespace
}  // namespace weir::testing
