#include <fmt/core.h>
#include <fmt/ranges.h>

#include "train/diagnose/report.h"
#include "train/metrics/confusion.h"

namespace weir {
namespace {

std::string size_text(const FeatureShape& shape) {
  return fmt::format("{}x{}x{}", shape.c, shape.h, shape.w);
}

std::string number(const std::optional<double>& value) {
  return value ? fmt::format("{:.6f}", *value) : "";
}

std::string maxima_fields(const std::optional<MaximaShares>& maxima) {
  if (!maxima) return ",";
  return number(maxima->ties) + "," + number(maxima->zero_ties);
}

std::string winners_field(const std::optional<MaximaShares>& maxima) {
  if (!maxima) return "";
  std::vector<std::string> shares;
  for (const double share : maxima->winners) shares.push_back(number(share));
  return fmt::format("{}", fmt::join(shares, " "));
}

std::string row(const PoolDiagnosis& layer, const Diagnosis& all) {
  const PoolingLayer& where = layer.where;
  return fmt::format(
      "{},{},{},{},{},{},{},{},{},{},{},{},{},{},{}\n", csv_field(where.path), where.layer->kind(),
      kernel_text(where), stride_text(where), size_text(where.in), size_text(where.out),
      number(layer.zero_gradient), number(layer.never_reached), maxima_fields(layer.maxima),
      number(layer.shift_change), number(layer.shift_beyond_motion), winners_field(layer.maxima),
      number(all.prediction_changes), all.batches, all.pictures);
}

}  // namespace

std::string kernel_text(const PoolingLayer& layer) {
  return fmt::format("{}x{}", layer.window.y.kernel, layer.window.x.kernel);
}

std::string stride_text(const PoolingLayer& layer) {
  return fmt::format("{}x{}", layer.window.y.stride, layer.window.x.stride);
}

std::string diagnosis_csv(const Diagnosis& diagnosis) {
  std::string text =
      "layer,kind,kernel,stride,input,output,zero_gradient,never_reached,ties,zero_ties,"
      "shift_change,shift_beyond_motion,argmax,prediction_changes,batches,pictures\n";
  for (const PoolDiagnosis& layer : diagnosis.layers) text += row(layer, diagnosis);
  return text;
}

}  // namespace weir
