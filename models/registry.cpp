#include "models/registry.h"

#include <algorithm>
#include <utility>

#include "core/base/error.h"
#include "core/base/names.h"
#include "models/layer_list.h"
#include "models/lenet5.h"
#include "models/springenberg.h"
#include "models/vgg_mini.h"

namespace weir {
namespace {

const ModelEntry& entry_named(const std::string& name) {
  std::vector<std::string> names;
  for (const ModelEntry& entry : model_entries()) {
    if (entry.name == name) return entry;
    names.emplace_back(entry.name);
  }
  fail(ErrorKind::kUsage, "unknown model '{}'{}; known: {}", name, did_you_mean(name, names),
       join(names));
}

// The options that differ from their defaults.
std::vector<std::string_view> options_set(const ModelOptions& o) {
  const ModelOptions unset;
  const std::pair<std::string_view, bool> rows[] = {
      {"base", o.base != unset.base},
      {"downsample", o.downsample != unset.downsample},
      {"downsample_init", o.downsample_init != unset.downsample_init},
      {"width", o.width != unset.width},
      {"batch_norm", o.batch_norm != unset.batch_norm},
      {"act", o.act != unset.act},
      {"input_dropout", o.input_dropout != unset.input_dropout},
      {"dropout", o.dropout != unset.dropout},
      {"head", o.head != unset.head},
      {"head_width", o.head_width != unset.head_width},
      {"head_convs", o.head_convs != unset.head_convs},
      {"last_pool", o.last_pool != unset.last_pool},
      {"layers", !o.layers.empty()},
      {"head (a list)", !o.tail.empty()},
  };
  std::vector<std::string_view> set;
  for (const auto& [name, is_set] : rows) {
    if (is_set) set.push_back(name);
  }
  return set;
}

void check_options(const ModelEntry& entry, const ModelOptions& options) {
  for (const std::string_view name : options_set(options)) {
    const auto& reads = entry.reads;
    require(std::find(reads.begin(), reads.end(), name) != reads.end(),
            "model '{}' has no option '{}'; it reads: {}", entry.name, name, join(reads));
  }
  require(options.width > 0 && options.width <= 64, "width must be in (0, 64], got {}",
          options.width);
  for (const double p : {options.dropout, options.input_dropout}) {
    require(p >= 0 && p < 1, "a dropout probability must be in [0, 1), got {}", p);
  }
  require(options.downsample_init.empty() || options.downsample_init == "average",
          "unknown downsample_init '{}'; known: average", options.downsample_init);
  require(options.downsample_init.empty() || options.downsample == "all_conv",
          "downsample_init belongs to downsample: all_conv, whose convolutions begin so; got {}",
          options.downsample.empty() ? "none" : options.downsample);
  require(options.num_classes >= 1, "num_classes must be at least 1, got {}", options.num_classes);
}

void check_output(const FeatureShape& out, int num_classes) {
  require(out.h == 1 && out.w == 1 && out.c == num_classes,
          "the network ends with {}, but the data has {} classes; end it with linear: num_classes, "
          "or with a convolution to num_classes channels and adaptive_avg_pool2d: 1",
          out.str(), num_classes);
}

}  // namespace

const std::vector<ModelEntry>& model_entries() {
  static const std::vector<ModelEntry> entries = {
      {"lenet5",
       "LeNet-5 (LeCun et al. 1998) with max pooling and ReLU; downsample and act change them",
       {"downsample", "downsample_init", "width", "batch_norm", "act", "input_dropout", "dropout",
        "head", "head_convs", "last_pool"},
       lenet5},
      {"vgg_mini",
       "64-64, 128-128, 256-256 3x3 convolutions; head: gap (default), gmp or dense with "
       "head_width",
       {"downsample", "downsample_init", "width", "batch_norm", "act", "input_dropout", "dropout",
        "head", "head_width", "head_convs", "last_pool"},
       vgg_mini},
      {"springenberg",
       "base A, B or C (Springenberg et al. 2015); downsample all_conv (default) is All-CNN",
       {"base", "downsample", "downsample_init", "width", "batch_norm", "act", "input_dropout",
        "dropout"},
       springenberg},
      {"layers",
       "an explicit list in `layers:`, and in `head:` what follows it: a list, gap, gmp or dense",
       {"layers", "head (a list)", "downsample", "downsample_init", "head", "head_width",
        "head_convs", "last_pool"},
       layer_list},
  };
  return entries;
}

Model build_model(const ModelOptions& options) {
  const ModelEntry& entry = entry_named(options.name);
  check_options(entry, options);
  Model model{.net = std::make_unique<Sequential>(entry.build(options)),
              .input = {.c = options.in_channels, .h = options.in_height, .w = options.in_width},
              .num_classes = options.num_classes,
              .name = options.name};
  check_output(model.net->output_shape(model.input), options.num_classes);
  return model;
}

}  // namespace weir
