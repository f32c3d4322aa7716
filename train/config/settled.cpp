#include "train/config/settled.h"

#include <algorithm>
#include <utility>

#include "core/base/error.h"
#include "models/registry.h"

namespace weir {
namespace {

// The share of multiply-adds in layers that are too narrow for the instructions of bf16.
double narrow_share(const ModelOptions& options) {
  constexpr int kNarrow = 16;
  const Model model = build_model(options);
  FeatureShape in = model.input;
  double narrow = 0, all = 0;
  for (const Sequential::Leaf& leaf : model.net->leaves()) {
    const FeatureShape out = leaf.layer->output_shape(in);
    const auto macs = static_cast<double>(leaf.layer->macs(in));
    all += macs;
    if (std::min(in.c, out.c) < kNarrow) narrow += macs;
    in = out;
  }
  return all > 0 ? narrow / all : 0;
}

bool mostly_narrow(const ModelOptions& options) {
  try {
    return narrow_share(options) > 0.5;
  } catch (const Error&) {
    return false;  // for pictures of another size, or wrong: building it for the data will tell
  }
}

}  // namespace

PrecisionChoice automatic_precision(const Config& config) {
  PrecisionChoice choice = best_precision();
  if (choice.precision == Precision::kBf16 && mostly_narrow(config.model)) {
    return {Precision::kFp32, "most of the network has too few channels to gain by bf16"};
  }
  return choice;
}

Config settled(Config config) {
  std::string& word = config.train.precision;
  if (word == "auto") word = name_of(automatic_precision(config).precision);
  return config;
}

Config settled_as(Config config, const Config& begun) {
  std::string& word = config.train.precision;
  if (word == "auto") word = begun.train.precision;
  if (!config.finetune.sha256) config.finetune.sha256 = begun.finetune.sha256;
  return settled(std::move(config));
}

}  // namespace weir
