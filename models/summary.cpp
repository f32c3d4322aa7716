#include "models/summary.h"

#include <algorithm>

#include "core/tensor/tensor.h"
#include "layers/state.h"

namespace weir {
namespace {

constexpr int64_t kFloatBytes = sizeof(float);

std::vector<std::string> formulas_of(const Window2d& window, const FeatureShape& out) {
  const bool slides = window != Window2d{{.in = window.y.in}, {.in = window.x.in}};
  const bool exact = window.y.out() == out.h && window.x.out() == out.w;
  if (!slides || !exact || out.flat) return {};
  return {formula(window.y), formula(window.x)};
}

SummaryRow row_of(const Sequential::Leaf& leaf, const FeatureShape& in, const Field2d& field) {
  const Layer& layer = *leaf.layer;
  const Window2d window = layer.window(in);
  SummaryRow row{.path = leaf.path,
                 .kind = std::string(layer.kind()),
                 .options = layer.options(),
                 .window = window,
                 .output = layer.output_shape(in),
                 .macs = layer.macs(in),
                 .field = field.through(window).enlarged(layer.enlarges())};
  row.formulas = formulas_of(window, row.output);
  row.params = parameter_count(*leaf.layer);
  // Flattening moves nothing.
  const bool view =
      !in.flat && row.output.flat && row.params == 0 && row.output.numel() == in.numel();
  if (!view) row.activation_bytes = row.output.numel() * kFloatBytes;
  return row;
}

// Images that a batch occupies in memory.
int64_t stored_images(int batch_size) {
  constexpr int kBlock = Tensor::kBlock;
  return batch_size < kBlock ? batch_size : int64_t{div_ceil(batch_size, kBlock)} * kBlock;
}

// The most that two neighbours hold together, for one image.
int64_t largest_neighbours(const Summary& summary) {
  int64_t most = 0, before = summary.input.numel() * kFloatBytes;
  for (const SummaryRow& row : summary.rows) {
    if (row.activation_bytes == 0) continue;
    most = std::max(most, before + row.activation_bytes);
    before = row.activation_bytes;
  }
  return most;
}

}  // namespace

Summary summarize(const Model& model) {
  Summary summary{.model = model.name, .input = model.input};
  FeatureShape shape = model.input;
  Field2d field;
  for (const Sequential::Leaf& leaf : model.net->leaves()) {
    SummaryRow row = row_of(leaf, shape, field);
    shape = row.output;
    field = row.field;
    if (!shape.flat && (shape.h > 1 || shape.w > 1)) summary.field = field;
    summary.params += row.params;
    summary.macs += row.macs;
    summary.activation_bytes += row.activation_bytes;
    summary.rows.push_back(std::move(row));
  }
  return summary;
}

MemoryEstimate estimate_memory(const Summary& summary, int batch_size, int optimizer_slots) {
  const int64_t images = stored_images(batch_size);
  const int64_t weights = summary.params * kFloatBytes;
  const int64_t neighbours = images * largest_neighbours(summary);
  const int64_t inputs = 2 * images * summary.input.numel() * kFloatBytes;
  return {.training = weights * (2 + optimizer_slots) + images * summary.activation_bytes +
                      neighbours + inputs,
          .inference = weights + neighbours};
}

}  // namespace weir
