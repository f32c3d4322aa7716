// The methods by name.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "datasets/dataset.h"
#include "explain/heat_map.h"
#include "explain/methods/occlusion.h"
#include "train/trained_model.h"

namespace weir {

struct ExplainOptions {
  std::string method = "cam";  // a row of explain_methods()
  std::string layer;           // grad-cam and deconvnet; "": the last maps before the head
  OcclusionOptions occlusion;
};

// Why a picture is taken for a class.
struct Explanation {
  HeatMap map;
  // deconvnet only: row-major (channels, height, width), in normalised pixels.
  std::vector<float> pattern;
};

// A few pictures, and one class for each.
struct ExplainBatch {
  TrainedModel& model;
  const Images& pictures;    // bytes
  const Tensor& normalized;  // the same, (N, C, H, W)
  std::span<const int> classes;
};

struct ExplainMethod {
  std::string_view name;
  std::string_view help;     // what it shows, one line
  bool takes_layer, slides;  // which options it reads: ExplainOptions::layer, ::occlusion
  std::vector<Explanation> (*explain)(const ExplainBatch& batch, const ExplainOptions& options);
};

// cam, grad-cam, saliency, occlusion, deconvnet.
std::span<const ExplainMethod> explain_methods();
std::vector<std::string> explain_method_names();
// Throws kUsage with the nearest name.
const ExplainMethod& find_explain_method(const std::string& name);

}  // namespace weir
