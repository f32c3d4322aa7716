#include "train/config/key_table.h"

#include <algorithm>
#include <utility>

#include "core/runtime/precision.h"
#include "datasets/normalize.h"
#include "layers/activation.h"
#include "layers/init.h"
#include "models/downsample.h"
#include "models/head.h"
#include "models/registry.h"
#include "train/config/key_builder.h"

namespace weir {
namespace {

using Words = std::vector<std::string>;

KeyRules one_of(Words choices) { return {.choices = std::move(choices)}; }
KeyRules at_least(double min) { return {.range = {.min = min}}; }
KeyRules above(double min) { return {.range = {.min = min, .min_open = true}}; }
KeyRules between(double min, double max) { return {.range = {.min = min, .max = max}}; }
// From 0, but below 1: a share that must leave something over.
KeyRules share() { return {.range = {.min = 0, .max = 1, .max_open = true}}; }

#define WEIR_FIELD(member) \
  [](Config & c) -> auto& { return c.member; }

Words normalize_words() {
  const auto methods = normalize_methods();
  return {methods.begin(), methods.end()};
}

// The names in a table of another folder.
template <class Row>
Words names_of(const std::vector<Row>& rows) {
  Words names;
  for (const Row& row : rows) names.emplace_back(row.name);
  return names;
}

// The models that read an option, in the words of their table; no condition when all do.
KeyCondition read_by_models(std::string_view option) {
  KeyCondition condition{"model.name", {}};
  for (const ModelEntry& entry : model_entries()) {
    const auto& reads = entry.reads;
    if (std::find(reads.begin(), reads.end(), option) != reads.end()) {
      condition.values.emplace_back(entry.name);
    }
  }
  if (condition.values.size() == model_entries().size()) return {};
  return condition;
}

void add_data_keys(std::vector<Key>& keys) {
  const KeyCondition gcn{"data.normalize", {"gcn", "gcn_zca"}};
  const KeyCondition zca{"data.normalize", {"gcn_zca"}};
  const KeyCondition folder{"data.name", {"image_folder"}};
  const KeyCondition synth{"data.name", {"synth10", "auto"}};
  const KeyCondition on_disk{"data.name", {"cifar10", "image_folder", "auto"}};
  const KeyRules pictures = at_least(1);
  keys.insert(
      keys.end(),
      {
          make_key("data.name", WEIR_FIELD(data.name),
                   "the pictures; auto takes cifar10 when it is there, else synth10",
                   one_of({"cifar10", "synth10", "image_folder", "auto"})),
          make_key("data.root", WEIR_FIELD(data.root),
                   "where they are, absolute or below one of: $WEIR_DATA, ./data, ~/.cache/weir",
                   {}, on_disk),
          make_key("data.val_split", WEIR_FIELD(data.val_split),
                   "share of the training pictures that validates, the same share of each class",
                   share()),
          make_key("data.limit", WEIR_FIELD(data.limit), "use only so many training pictures",
                   pictures),
          make_key("data.batch_size", WEIR_FIELD(data.batch_size), "pictures in a training step",
                   between(1, 65536)),
          make_key("data.normalize", WEIR_FIELD(data.normalize),
                   "how pixels become network inputs; fitted on the training pictures only",
                   one_of(normalize_words())),
          make_key("data.gcn_scale", WEIR_FIELD(data.gcn_scale), "length of a picture after GCN",
                   above(0), gcn),
          make_key("data.zca_bias", WEIR_FIELD(data.zca_bias),
                   "added to the eigenvalues before ZCA divides", at_least(0), zca),
          make_key("data.augment", WEIR_FIELD(data.augment), "random changes of training pictures"),
          make_key("data.image_size", WEIR_FIELD(data.image_size),
                   "pictures are resized to a square of this side", between(1, 1024), folder),
          make_key("data.resize", WEIR_FIELD(data.resize), "how they are resized",
                   one_of({"area", "bilinear", "nearest"}), folder),
          make_key("data.test_split", WEIR_FIELD(data.test_split),
                   "share that tests, when the folder has no train and test",
                   {.range = {.min = 0, .max = 1, .min_open = true, .max_open = true}}, folder),
          make_key("data.difficulty", WEIR_FIELD(data.difficulty),
                   "how hard the made-up pictures are", one_of({"easy", "default", "hard"}), synth),
          make_key("data.train_size", WEIR_FIELD(data.train_size), "training pictures to make",
                   between(1, 1e6), synth),
          make_key("data.test_size", WEIR_FIELD(data.test_size), "test pictures to make",
                   between(1, 1e6), synth),
      });
}

void add_model_keys(std::vector<Key>& keys) {
  const KeyCondition dense{"model.head", {"dense"}};
  const KeyCondition all_conv{"model.downsample", {"all_conv"}};
  keys.insert(
      keys.end(),
      {
          make_key("model.name", WEIR_FIELD(model.name),
                   "the network, or `layers` for an explicit list",
                   one_of(names_of(model_entries()))),
          make_key("model.base", WEIR_FIELD(model.base), "which of the three networks of the paper",
                   one_of({"A", "B", "C"}), read_by_models("base")),
          make_key("model.downsample", WEIR_FIELD(model.downsample),
                   "what halves the picture; null: the network's own",
                   one_of(names_of(downsample_words())), read_by_models("downsample")),
          make_key("model.downsample_init", WEIR_FIELD(model.downsample_init),
                   "average: the convolutions in place of poolings begin as average pooling",
                   one_of({"average"}), all_conv),
          make_key("model.width", WEIR_FIELD(model.width), "scales the channels of every layer",
                   {.range = {.min = 0, .max = 64, .min_open = true}}, read_by_models("width")),
          make_key("model.batch_norm", WEIR_FIELD(model.batch_norm),
                   "batch norm after each convolution", {}, read_by_models("batch_norm")),
          make_key("model.act", WEIR_FIELD(model.act), "activation; null: the network's own",
                   one_of(activation_names()), read_by_models("act")),
          make_key("model.init", WEIR_FIELD(model.init), "how weights start",
                   one_of(names_of(init_methods()))),
          make_key("model.input_dropout", WEIR_FIELD(model.input_dropout), "dropout on the picture",
                   share(), read_by_models("input_dropout")),
          make_key("model.dropout", WEIR_FIELD(model.dropout), "dropout in the network", share(),
                   read_by_models("dropout")),
          make_key("model.head", WEIR_FIELD(model), "what follows the body of the network",
                   one_of(names_of(head_words())), read_by_models("head")),
          make_key("model.head_width", WEIR_FIELD(model.head_width), "width of the dense head",
                   between(1, 65536), dense),
          make_key("model.head_convs", WEIR_FIELD(model.head_convs),
                   "3x3 convolutions in front of the global pooling of head gap or gmp",
                   between(0, 16), read_by_models("head_convs")),
          make_key("model.last_pool", WEIR_FIELD(model.last_pool),
                   "false: the last stage keeps the size of its maps", {},
                   read_by_models("last_pool")),
          make_key("model.layers", WEIR_FIELD(model.layers), "the network, layer by layer", {},
                   read_by_models("layers")),
      });
}

void add_optimizer_keys(std::vector<Key>& keys) {
  const KeyCondition sgd{"optimizer.name", {"sgd"}};
  const KeyCondition adamw{"optimizer.name", {"adamw"}};
  KeyRules betas = share();
  betas.count = 2;
  keys.insert(
      keys.end(),
      {
          make_key("optimizer.name", WEIR_FIELD(optimizer.name), "as PyTorch defines it",
                   one_of({"sgd", "adamw"})),
          make_key("optimizer.lr", WEIR_FIELD(optimizer.lr),
                   "learning rate; the highest one for onecycle", above(0)),
          make_key("optimizer.momentum", WEIR_FIELD(optimizer.momentum), "momentum", share(), sgd),
          make_key("optimizer.nesterov", WEIR_FIELD(optimizer.nesterov),
                   "Nesterov's form of momentum", {}, sgd),
          make_key("optimizer.weight_decay", WEIR_FIELD(optimizer.weight_decay),
                   "L2 penalty (sgd) or decoupled decay (adamw)", at_least(0)),
          make_key("optimizer.betas", WEIR_FIELD(optimizer.betas), "decay of the two averages",
                   std::move(betas), adamw),
          make_key("optimizer.eps", WEIR_FIELD(optimizer.eps), "added to the divisor", above(0),
                   adamw),
          make_key("optimizer.decay_bias_and_norm", WEIR_FIELD(optimizer.decay_bias_and_norm),
                   "weight decay on biases and batch norm too, as in PyTorch"),
          make_key("optimizer.groups", WEIR_FIELD(optimizer.groups),
                   "parameters with a rate or a decay of their own; the first that fits counts"),
      });
}

void add_scheduler_keys(std::vector<Key>& keys) {
  const KeyCondition multistep{"scheduler.name", {"multistep"}};
  const KeyCondition cosine{"scheduler.name", {"cosine"}};
  const KeyCondition onecycle{"scheduler.name", {"onecycle"}};
  const KeyCondition others{"scheduler.name", {"constant", "multistep", "cosine"}};
  const KeyCondition cycled{"scheduler.cycle_momentum", {"true"}};
  keys.insert(
      keys.end(),
      {
          make_key("scheduler.name", WEIR_FIELD(scheduler.name), "how the learning rate changes",
                   one_of({"constant", "multistep", "cosine", "onecycle"})),
          make_key("scheduler.milestones", WEIR_FIELD(scheduler.milestones),
                   "epochs at which the rate is multiplied by gamma", at_least(1), multistep),
          make_key("scheduler.gamma", WEIR_FIELD(scheduler.gamma), "factor at each milestone",
                   above(0), multistep),
          make_key("scheduler.min_lr", WEIR_FIELD(scheduler.min_lr), "rate at the end", at_least(0),
                   cosine),
          make_key("scheduler.pct_start", WEIR_FIELD(scheduler.pct_start),
                   "share of the steps in which the rate rises",
                   {.range = {.min = 0, .max = 1, .min_open = true, .max_open = true}}, onecycle),
          make_key("scheduler.div_factor", WEIR_FIELD(scheduler.div_factor),
                   "first rate = optimizer.lr / div_factor", above(0), onecycle),
          make_key("scheduler.final_div_factor", WEIR_FIELD(scheduler.final_div_factor),
                   "last rate = first rate / final_div_factor", above(0), onecycle),
          make_key("scheduler.cycle_momentum", WEIR_FIELD(scheduler.cycle_momentum),
                   "momentum falls while the rate rises, and back (PyTorch's default)", {},
                   onecycle),
          make_key("scheduler.base_momentum", WEIR_FIELD(scheduler.base_momentum),
                   "momentum at the highest rate", share(), cycled),
          make_key("scheduler.max_momentum", WEIR_FIELD(scheduler.max_momentum),
                   "momentum at the lowest rate", share(), cycled),
          make_key("scheduler.warmup_epochs", WEIR_FIELD(scheduler.warmup_epochs),
                   "epochs in which the rate rises linearly first", at_least(0), others),
      });
}

void add_train_keys(std::vector<Key>& keys) {
  keys.insert(
      keys.end(),
      {
          make_key("train.epochs", WEIR_FIELD(train.epochs), "passes over the training pictures",
                   between(1, 100000)),
          make_key("train.seed", WEIR_FIELD(train.seed),
                   "of weights, split, order, augmentation and dropout", at_least(0)),
          make_key("train.clip_grad_norm", WEIR_FIELD(train.clip_grad_norm),
                   "longest gradient; a longer one is scaled down", above(0)),
          make_key("train.ema_decay", WEIR_FIELD(train.ema_decay),
                   "also average the weights over the steps, and evaluate the average",
                   {.range = {.min = 0, .max = 1, .min_open = true, .max_open = true}}),
          make_key("train.patience", WEIR_FIELD(train.patience),
                   "stop after so many epochs without a better monitor", at_least(1)),
          make_key("train.monitor", WEIR_FIELD(train.monitor), "what chooses the best epoch",
                   one_of({"val_acc", "val_loss"})),
          make_key("train.test", WEIR_FIELD(train.test),
                   "look at the test pictures, once, at the end"),
          make_key("train.save_every", WEIR_FIELD(train.save_every),
                   "also keep the weights of every so many epochs; 0: only best and last",
                   at_least(0)),
          make_key("train.threads", WEIR_FIELD(train.threads),
                   "auto: every core; never changes a result",
                   {.range = {.min = 1, .max = 1024}, .none = "auto"}),
          make_key(
              "train.precision", WEIR_FIELD(train.precision),
              "of activations and their gradients; weights, statistics, loss and optimizer are "
              "always fp32; auto: the faster one on this machine",
              one_of(precision_words())),
          make_key("train.kernels", WEIR_FIELD(train.kernels),
                   "convolution kernels by a fixed rule, or as `weir bench --tune` measured",
                   one_of({"fixed", "measured"})),
          make_key("train.fail_if_stuck.after_epochs", WEIR_FIELD(train.fail_if_stuck.after_epochs),
                   "look after so many epochs; null: never", at_least(1)),
          make_key("train.fail_if_stuck.below", WEIR_FIELD(train.fail_if_stuck.below),
                   "training accuracy that counts as stuck; auto: 1.2 times chance",
                   {.range = {.min = 0, .max = 1}, .none = "auto"}),
          make_key("train.resume", WEIR_FIELD(train.resume),
                   "continue where a run stopped: a run folder, or `auto` for the newest run of "
                   "this name"),
      });
}

void add_finetune_keys(std::vector<Key>& keys) {
  keys.insert(
      keys.end(),
      {
          make_key("finetune.weights", WEIR_FIELD(finetune.weights),
                   "trained weights to begin with: a run folder (its best ones) or a weights file"),
          make_key("finetune.sha256", WEIR_FIELD(finetune.sha256),
                   "of that file: another one is refused; a run records what it began with"),
          make_key("finetune.strict", WEIR_FIELD(finetune.strict),
                   "every tensor must be loaded, and none may be left over"),
          make_key("finetune.skip", WEIR_FIELD(finetune.skip),
                   "patterns of parameters that are not loaded: backbone, head, \"classifier.*\""),
          make_key("finetune.freeze", WEIR_FIELD(finetune.freeze),
                   "patterns of parameters that hold still: backbone, head, \"features.[0-4].*\""),
          make_key("finetune.freeze_epochs", WEIR_FIELD(finetune.freeze_epochs),
                   "for so many epochs, then all are trained; null: to the end", at_least(1)),
          make_key("finetune.freeze_norm", WEIR_FIELD(finetune.freeze_norm),
                   "frozen batch norm keeps its running statistics and normalises by them"),
      });
}

void add_other_keys(std::vector<Key>& keys) {
  keys.insert(
      keys.end(),
      {
          make_key("output.dir", WEIR_FIELD(output.dir), "run folders are made below it"),
          make_key("output.images", WEIR_FIELD(output.images), "write contact sheets"),
          make_key("output.steps", WEIR_FIELD(output.steps),
                   "write steps.jsonl, a line for each step"),
          make_key("expect.val_acc", WEIR_FIELD(expect.val_acc),
                   "validation accuracy of the best epoch"),
          make_key("expect.val_loss", WEIR_FIELD(expect.val_loss),
                   "validation loss of the best epoch"),
          make_key("expect.test_acc", WEIR_FIELD(expect.test_acc),
                   "test accuracy of the best epoch"),
          make_key("expect.test_loss", WEIR_FIELD(expect.test_loss), "test loss of the best epoch"),
      });
}

std::vector<Key> make_table() {
  std::vector<Key> keys = {
      make_key("name", WEIR_FIELD(name), "of the run, and of its folder below output.dir")};
  add_data_keys(keys);
  add_model_keys(keys);
  keys.push_back(make_key("loss.name", WEIR_FIELD(loss.name), "what training lowers",
                          one_of({"cross_entropy"})));
  keys.push_back(make_key("loss.label_smoothing", WEIR_FIELD(loss.label_smoothing),
                          "share of the target spread over all classes", between(0, 1)));
  add_optimizer_keys(keys);
  add_scheduler_keys(keys);
  add_train_keys(keys);
  add_finetune_keys(keys);
  add_other_keys(keys);
  return keys;
}

#undef WEIR_FIELD

}  // namespace

const std::vector<Key>& config_keys() {
  static const std::vector<Key> table = make_table();
  return table;
}

const std::vector<KeySection>& config_sections() {
  static const std::vector<KeySection> sections = {
      {"data", "The pictures and how they reach the network."},
      {"model", "The network."},
      {"loss", "What training lowers."},
      {"optimizer", "How weights follow the gradient."},
      {"scheduler", "The learning rate over time."},
      {"train", "The run."},
      {"train.fail_if_stuck", "End with exit code 4 when training does not leave chance."},
      {"finetune", "Trained weights to begin with, and what of them holds still."},
      {"output", "What a run leaves behind."},
      {"expect", "Checks after training; one that does not hold ends with exit code 5."},
  };
  return sections;
}

}  // namespace weir
