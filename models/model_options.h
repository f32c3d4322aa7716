// What a model is made from, as a configuration says it.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace weir {

// A value as the configuration spells it, with its place for error messages.
struct SpecValue {
  std::string text;                // scalar: "3", "true", "relu"
  std::vector<std::string> items;  // list: [3, 5] -> {"3", "5"}
  bool is_list = false;
  std::string place;  // "configs/vgg.yaml:12:5", may be empty
};

// One entry of `layers:` or `head:`. `kind` is the layer's name in YAML ("conv2d"); a bare value,
// as in {linear: 512}, is args[""].
struct LayerSpec {
  std::string kind;
  std::map<std::string, SpecValue> args;
  // Beside the layer's own mapping: {conv2d: {...}, batch_norm: true, act: relu, repeat: 2, name:
  // x}
  bool batch_norm = false;
  std::string act;  // "" or the name of an activation
  int repeat = 1;   // 1 to kMostRepeats
  std::string name;
  std::string place;
};
inline constexpr int kMostRepeats = 256;  // no net here is deeper; more is a slip of the finger

struct ModelOptions {
  std::string name = "lenet5";  // a row of the table in models/registry.h, or "layers"
  std::string base = "C";       // springenberg: A, B or C
  std::string downsample = "";  // "" = the model's own; see models/downsample.h for the words
  // all_conv: "average" begins its convolutions as average pooling; "" = as init says
  std::string downsample_init = "";
  double width = 1.0;  // scales the channels
  bool batch_norm = false;
  std::string act = "";  // "" = the model's own
  std::string init = "kaiming_normal";
  double input_dropout = 0.0;
  double dropout = 0.0;
  std::string head = "";          // a word of models/head.h; "" = the model's own
  int head_width = 512;           // vgg_mini, layers: width of the dense head
  int head_convs = 0;             // head gap or gmp: 3x3 convolutions in front of the pooling
  bool last_pool = true;          // false = the last stage does not downsample
  std::vector<LayerSpec> layers;  // name "layers": the body,
  std::vector<LayerSpec> tail;    // YAML `head:` as a list: what follows it
  int in_channels = 3, in_height = 32, in_width = 32, num_classes = 10;  // from the dataset
};

}  // namespace weir
