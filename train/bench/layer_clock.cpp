#include "train/bench/layer_clock.h"

#include <utility>

#include <fmt/core.h>

#include "core/kernels/conv/conv_choice.h"
#include "layers/freeze.h"
#include "train/bench/conv_shapes.h"

namespace weir {
namespace {

double bytes_of(const Variable& variable) { return static_cast<double>(variable.value().bytes()); }

const std::byte* memory_of(const Variable& variable) { return variable.value().data<std::byte>(); }

double parameter_bytes(Layer& layer) {
  double sum = 0;
  for (const NamedParameter& parameter : layer.parameters()) sum += bytes_of(parameter.variable);
  return sum;
}

// "winograd", or "winograd/panels/panels" when the passes differ.
std::string kernels_text(const kernels::ConvShape& shape, DType type) {
  const auto [forward, data, weights] = kernels::conv2d_kernels_for(shape, type);
  if (forward == data && data == weights) return std::string(forward->name);
  return fmt::format("{}/{}/{}", forward->name, data->name, weights->name);
}

}  // namespace

double mean_of(std::span<const double> values, std::span<const size_t> indices) {
  double sum = 0;
  for (const size_t i : indices) sum += values[i];
  return sum / static_cast<double>(indices.size());
}

LayerClock::LayerClock(Sequential& network, const FeatureShape& input) {
  FeatureShape shape = input;
  for (const Sequential::Leaf& leaf : network.leaves()) {
    places_[leaf.layer] = {leaf.path, shape};
    shape = leaf.layer->output_shape(shape);
  }
}

void LayerClock::start_step() {
  calls_ = 0;
  row_of_node_.clear();
}

LayerCost LayerClock::describe(std::span<Layer* const> layers, const Variable& x) const {
  LayerCost cost{.name = places_.at(layers[0]).path};
  double weights = 0, trained_weights = 0;
  for (Layer* layer : layers) {
    const FeatureShape& in = places_.at(layer).in;
    cost.kind += (cost.kind.empty() ? "" : " + ") + std::string(layer->kind());
    cost.forward.flop += 2.0 * static_cast<double>(layer->macs(in)) * x.value().n();
    weights += parameter_bytes(*layer);
    if (is_trainable(*layer)) trained_weights += parameter_bytes(*layer);
    if (const auto shape = conv_shape_of(*layer, in)) {
      cost.kernel = kernels_text(*shape, x.value().dtype());
    }
  }
  const int passes = (x.requires_grad() ? 1 : 0) + (trained_weights > 0 ? 1 : 0);
  cost.backward.flop = passes * cost.forward.flop;
  cost.forward.bytes = bytes_of(x) + weights;
  cost.backward.bytes = weights;
  if (trained_weights > 0) cost.backward.bytes += bytes_of(x) + trained_weights;  // their gradient
  if (x.requires_grad()) cost.backward.bytes += bytes_of(x);
  return cost;
}

void LayerClock::before_forward(std::span<Layer* const> layers, const Variable& x) {
  if (calls_ == rows_.size()) rows_.push_back({.cost = describe(layers, x)});
  inside_ = calls_++;
  input_ = memory_of(x);
  rows_[*inside_].backward_s.push_back(0);  // a layer without a node has no backward pass
  watch_.restart();
}

void LayerClock::after_forward(const Variable& y) {
  Row& row = rows_[*inside_];
  row.forward_s.push_back(watch_.seconds());
  if (row.forward_s.size() == 1) add_output(row.cost, y);
  inside_.reset();
}

void LayerClock::add_output(LayerCost& cost, const Variable& y) const {
  const bool is_view = memory_of(y) == input_;
  const bool goes_back = !is_view && y.requires_grad();
  cost.forward.bytes = is_view ? 0 : cost.forward.bytes + bytes_of(y);
  cost.backward.bytes = goes_back ? cost.backward.bytes + bytes_of(y) : 0;
}

void LayerClock::on_record() { row_of_node_.push_back(inside_); }

void LayerClock::before_backward(size_t node) {
  inside_ = row_of_node_[node];
  watch_.restart();
}

void LayerClock::after_backward() {
  if (inside_) rows_[*inside_].backward_s.back() += watch_.seconds();
  inside_.reset();
}

std::vector<LayerCost> LayerClock::costs(std::span<const size_t> steps) const {
  std::vector<LayerCost> costs;
  for (const Row& row : rows_) {
    LayerCost cost = row.cost;
    cost.forward.seconds = mean_of(row.forward_s, steps);
    cost.backward.seconds = mean_of(row.backward_s, steps);
    costs.push_back(std::move(cost));
  }
  return costs;
}

}  // namespace weir
