#include "explain/method.h"

#include <algorithm>
#include <array>

#include "core/base/error.h"
#include "core/base/names.h"
#include "explain/methods/cam.h"
#include "explain/methods/deconvnet.h"
#include "explain/methods/grad_cam.h"
#include "explain/methods/saliency.h"

namespace weir {
namespace {

std::vector<Explanation> without_patterns(std::vector<HeatMap> maps) {
  std::vector<Explanation> explanations;
  for (HeatMap& map : maps) explanations.push_back({.map = std::move(map), .pattern = {}});
  return explanations;
}

std::vector<Explanation> by_cam(const ExplainBatch& batch, const ExplainOptions&) {
  const Tensor maps = class_activation_maps(*batch.model.network, batch.normalized);
  std::vector<HeatMap> chosen;
  for (size_t i = 0; i < batch.classes.size(); ++i) {
    chosen.push_back(map_of(maps, static_cast<int>(i), batch.classes[i]));
  }
  return without_patterns(std::move(chosen));
}

std::vector<Explanation> by_grad_cam(const ExplainBatch& batch, const ExplainOptions& options) {
  return without_patterns(
      grad_cam(*batch.model.network, batch.normalized, batch.classes, {.layer = options.layer}));
}

std::vector<Explanation> by_saliency(const ExplainBatch& batch, const ExplainOptions&) {
  return without_patterns(saliency(*batch.model.network, batch.normalized, batch.classes));
}

std::vector<Explanation> by_occlusion(const ExplainBatch& batch, const ExplainOptions& options) {
  return without_patterns(occlusion(batch.model, batch.pictures, batch.classes, options.occlusion));
}

std::vector<Explanation> by_deconvnet(const ExplainBatch& batch, const ExplainOptions& options) {
  std::vector<Explanation> explanations;
  for (Deconvolved& found :
       deconvnet(*batch.model.network, batch.normalized, batch.classes, options.layer)) {
    explanations.push_back({.map = std::move(found.map), .pattern = std::move(found.pattern)});
  }
  return explanations;
}

constexpr std::array<ExplainMethod, 5> kMethods{{
    {.name = "cam",
     .help = "the last maps, weighted by the class: needs global average pooling",
     .takes_layer = false,
     .slides = false,
     .explain = by_cam},
    {.name = "grad-cam",
     .help = "the maps of any layer, weighted by their gradient: for every head",
     .takes_layer = true,
     .slides = false,
     .explain = by_grad_cam},
    {.name = "saliency",
     .help = "the gradient of the score in the picture's pixels",
     .takes_layer = false,
     .slides = false,
     .explain = by_saliency},
    {.name = "occlusion",
     .help = "how far the probability falls when a grey square covers a place",
     .takes_layer = false,
     .slides = true,
     .explain = by_occlusion},
    {.name = "deconvnet",
     .help = "what the strongest activation comes from: convolutions, ReLU and max pooling only",
     .takes_layer = true,
     .slides = false,
     .explain = by_deconvnet},
}};

}  // namespace

std::span<const ExplainMethod> explain_methods() { return kMethods; }

std::vector<std::string> explain_method_names() {
  std::vector<std::string> names;
  for (const ExplainMethod& method : kMethods) names.emplace_back(method.name);
  return names;
}

const ExplainMethod& find_explain_method(const std::string& name) {
  const auto found = std::find_if(kMethods.begin(), kMethods.end(),
                                  [&](const ExplainMethod& method) { return method.name == name; });
  if (found != kMethods.end()) return *found;
  const std::vector<std::string> names = explain_method_names();
  fail(ErrorKind::kUsage, "there is no method '{}'{}; known: {}", name, did_you_mean(name, names),
       join(names));
}

}  // namespace weir
