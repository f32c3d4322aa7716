// What a configuration says, typed: one plain struct for each section of the YAML file. The keys,
// their ranges and their help are in train/config/key_table.cpp; the defaults are the ones here.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "datasets/augment.h"
#include "models/model_options.h"

namespace weir {

struct DataConfig {
  std::string name = "cifar10";     // cifar10 | synth10 | image_folder | auto
  std::optional<std::string> root;  // none: $WEIR_DATA, ./data, ~/.cache/weir
  double val_split = 0.1;           // share of the training pictures that validates, stratified
  std::optional<int> limit;         // use only so many training pictures
  int batch_size = 128;
  std::string normalize = "mean_std";  // none | mean_std | gcn | gcn_zca
  double gcn_scale = 55.0;             // length of a picture after GCN
  double zca_bias = 0.1;               // added to the eigenvalues
  AugmentOptions augment;              // of training pictures
  int image_size = 32;          // image_folder: pictures are resized to a square of this side
  std::string resize = "area";  // image_folder: area | bilinear | nearest
  double test_split = 0.15;     // image_folder without a test folder: share that tests
  std::string difficulty = "default";  // synth10: easy | default | hard
  int train_size = 50000;              // synth10
  int test_size = 10000;               // synth10
};

struct LossConfig {
  std::string name = "cross_entropy";
  double label_smoothing = 0.0;
};

// The parameters that a pattern fits (layers/name_pattern.h), and what is theirs alone.
struct GroupConfig {
  std::string match;
  double lr_scale = 1.0;               // the schedule's rate times this
  std::optional<double> weight_decay;  // none: the optimizer's
};

// PyTorch's torch.optim.SGD and torch.optim.AdamW.
struct OptimizerConfig {
  std::string name = "sgd";  // sgd | adamw
  double lr = 0.05;          // for onecycle this is PyTorch's max_lr
  double momentum = 0.9;     // sgd
  bool nesterov = false;     // sgd
  double weight_decay = 5e-4;
  std::vector<double> betas = {0.9, 0.999};  // adamw
  double eps = 1e-8;                         // adamw
  bool decay_bias_and_norm = true;           // PyTorch decays every parameter
  std::vector<GroupConfig> groups;           // the first that fits a parameter counts
};

// The learning rate over time, as train/schedule/schedule.h defines it.
struct SchedulerConfig {
  std::string name = "constant";  // constant | multistep | cosine | onecycle
  std::vector<int> milestones;    // multistep: epochs after which lr is multiplied by gamma
  double gamma = 0.1;             // multistep
  double min_lr = 0.0;            // cosine: PyTorch's eta_min
  double pct_start = 0.3;         // onecycle: share of the steps that lr rises
  double div_factor = 25.0;       // onecycle: first lr = max_lr / div_factor
  double final_div_factor = 1e4;  // onecycle: last lr = first lr / final_div_factor
  bool cycle_momentum = false;  // onecycle: momentum falls while lr rises; PyTorch's default is on
  double base_momentum = 0.85;  // onecycle with cycle_momentum
  double max_momentum = 0.95;   // onecycle with cycle_momentum
  double warmup_epochs = 0.0;   // linear rise of lr from 0; not for onecycle, which has its own
};

// Stop with exit code 4 when training does not leave chance.
struct StuckConfig {
  std::optional<int> after_epochs = 10;  // none: never
  std::optional<double> below;           // training accuracy; none: 1.2 times chance
};

struct TrainConfig {
  int epochs = 30;
  uint64_t seed = 1;
  std::optional<double> clip_grad_norm;
  std::optional<double> ema_decay;
  std::optional<int> patience;      // epochs without a better `monitor` before training stops
  std::string monitor = "val_acc";  // val_acc | val_loss
  bool test = true;                 // false: the test pictures are never looked at
  int save_every = 0;               // epochs between kept checkpoints; 0: only best and last
  std::optional<int> threads;       // none: every core of the machine
  std::string precision = "fp32";   // fp32 | bf16 | auto
  std::string kernels = "fixed";    // fixed | measured: how convolution kernels are chosen
  StuckConfig fail_if_stuck;
  std::optional<std::string> resume;  // "auto", or a run folder
};

// Beginning with trained weights, and holding some of them still.
struct FinetuneConfig {
  std::optional<std::string> weights;  // run folder or weights file; none: model.init alone
  std::optional<std::string> sha256;   // of that file; a run fills it in
  bool strict = false;                 // everything must be loaded
  std::vector<std::string> skip;       // patterns of parameters that are not loaded
  std::vector<std::string> freeze;     // patterns of parameters that hold still
  std::optional<int> freeze_epochs;    // the first so many; none: all
  bool freeze_norm = true;             // frozen batch norm keeps its statistics
};

struct OutputConfig {
  std::string dir = "runs";
  bool images = true;  // contact sheets of training and validation pictures
  bool steps = false;  // steps.jsonl: one line for each step
};

// "<relation><number>", as in ">=0.60".
struct Expectation {
  std::string relation = ">=";  // >= | > | <= | <
  double bound = 0.0;
  bool holds(double value) const;
  std::string str() const;
  bool operator==(const Expectation&) const = default;
};
// Throws kUsage when `text` is not an expectation.
Expectation parse_expectation(std::string_view text);

// Checked after training; one that does not hold ends the command with exit code 5.
struct ExpectConfig {
  std::optional<Expectation> val_acc, val_loss, test_acc, test_loss;
};

struct Config {
  std::string name = "run";  // the run folder is <output.dir>/<name>/<number>
  DataConfig data;
  ModelOptions model;
  LossConfig loss;
  OptimizerConfig optimizer;
  SchedulerConfig scheduler;
  TrainConfig train;
  FinetuneConfig finetune;
  OutputConfig output;
  ExpectConfig expect;
};

}  // namespace weir
