#include "apps/diagnose_report.h"

#include <algorithm>
#include <optional>

#include <fmt/core.h>

#include "train/diagnose/report.h"

namespace weir {
namespace {

constexpr int kMostGridSide = 8;  // larger windows are in the files

std::string percent(const std::optional<double>& share) {
  return share ? fmt::format("{:.1f}%", 100 * *share) : "-";
}

// `name` is as wide as the widest.
std::string row(const PoolDiagnosis& layer, size_t name) {
  const PoolingLayer& where = layer.where;
  std::optional<double> ties, zero_ties;
  if (layer.maxima) ties = layer.maxima->ties;
  if (layer.maxima) zero_ties = layer.maxima->zero_ties;
  return fmt::format("{:<{}}  {:<18}{:>7}{:>8}{:>10}{:>8}{:>8}{:>9}{:>10}{:>10}\n", where.path,
                     name, where.layer->kind(), kernel_text(where), stride_text(where),
                     percent(layer.zero_gradient), percent(layer.never_reached), percent(ties),
                     percent(zero_ties), percent(layer.shift_change),
                     percent(layer.shift_beyond_motion));
}

std::string grid(const PoolDiagnosis& layer) {
  const Window2d& window = layer.where.window;
  std::string text = fmt::format("\nargmax in the window of {}\n", layer.where.path);
  for (int tap = 0; tap < window.taps(); ++tap) {
    text += fmt::format("{:>8}", percent(layer.maxima->winners[static_cast<size_t>(tap)]));
    if ((tap + 1) % window.x.kernel == 0) text += "\n";
  }
  return text;
}

bool has_grid(const PoolDiagnosis& layer) {
  const Window2d& window = layer.where.window;
  return layer.maxima && std::max(window.y.kernel, window.x.kernel) <= kMostGridSide;
}

nlohmann::ordered_json or_null(const std::optional<double>& value) {
  if (!value) return nullptr;
  return *value;
}

nlohmann::ordered_json json_of(const PoolDiagnosis& layer) {
  const PoolingLayer& where = layer.where;
  nlohmann::ordered_json json{{"layer", where.path},
                              {"kind", where.layer->kind()},
                              {"kernel", {where.window.y.kernel, where.window.x.kernel}},
                              {"stride", {where.window.y.stride, where.window.x.stride}},
                              {"input", {where.in.c, where.in.h, where.in.w}},
                              {"output", {where.out.c, where.out.h, where.out.w}},
                              {"zero_gradient", layer.zero_gradient},
                              {"never_reached", layer.never_reached},
                              {"ties", nullptr},
                              {"zero_ties", nullptr},
                              {"argmax", nullptr},
                              {"shift_change", or_null(layer.shift_change)},
                              {"shift_beyond_motion", or_null(layer.shift_beyond_motion)}};
  if (layer.maxima) {
    json["ties"] = layer.maxima->ties;
    json["zero_ties"] = layer.maxima->zero_ties;
    json["argmax"] = layer.maxima->winners;
  }
  return json;
}

}  // namespace

std::string diagnosis_table(const Diagnosis& diagnosis) {
  size_t name = 5;
  for (const PoolDiagnosis& layer : diagnosis.layers) {
    name = std::max(name, layer.where.path.size());
  }
  std::string text = fmt::format("{:{}}  {:33}{:>18}{:>17}{:>20}\n", "", name, "", "no gradient",
                                 "ties", "change by a shift");
  text += fmt::format("{:<{}}  {:<18}{:>7}{:>8}{:>10}{:>8}{:>8}{:>9}{:>10}{:>10}\n", "layer", name,
                      "kind", "kernel", "stride", "per batch", "never", "windows", "of zeros",
                      "as it is", "moved");
  for (const PoolDiagnosis& layer : diagnosis.layers) text += row(layer, name);
  for (const PoolDiagnosis& layer : diagnosis.layers) {
    if (has_grid(layer)) text += grid(layer);
  }
  return text +
         fmt::format("\nThe class changes for {} of the pictures when they move by a pixel.\n",
                     percent(diagnosis.prediction_changes));
}

nlohmann::ordered_json diagnosis_json(const Diagnosis& diagnosis) {
  nlohmann::ordered_json layers = nlohmann::ordered_json::array();
  for (const PoolDiagnosis& layer : diagnosis.layers) layers.push_back(json_of(layer));
  return {{"batches", diagnosis.batches},
          {"pictures", diagnosis.pictures},
          {"prediction_changes", diagnosis.prediction_changes},
          {"layers", std::move(layers)}};
}

}  // namespace weir
