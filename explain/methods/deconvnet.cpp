#include "explain/methods/deconvnet.h"

#include <algorithm>
#include <memory>

#include "core/base/error.h"
#include "core/functions/conv_transpose2d.h"
#include "core/tensor/layout.h"
#include "explain/methods/grad_cam.h"
#include "explain/methods/map_layer.h"
#include "explain/methods/saliency.h"
#include "layers/activation.h"
#include "layers/conv2d.h"
#include "layers/dropout.h"
#include "layers/max_unpool2d.h"

namespace weir {
namespace {

// One layer and the way back through it. Made for one batch.
class Step {
 public:
  virtual ~Step() = default;
  virtual Variable forward(const Variable& x) = 0;
  virtual Variable back(const Variable& y) = 0;
};

class ConvStep : public Step {
 public:
  ConvStep(Conv2d& conv, const PlacedLayer& placed)
      : conv_(conv), window_(conv.window(placed.in)) {}

  Variable forward(const Variable& x) override { return conv_.forward(x, {}); }
  Variable back(const Variable& y) override {
    const Axis &rows = window_.y, &columns = window_.x;
    return conv_transpose2d(y, conv_.parameters().front().variable, Variable(),
                            {.stride = {rows.stride, columns.stride},
                             .padding = {rows.pad, columns.pad},
                             .output_padding = {unused(rows), unused(columns)},
                             .dilation = {rows.dilation, columns.dilation}});
  }

 private:
  // Pixels behind the last window.
  static int unused(const Axis& axis) {
    return axis.in + 2 * axis.pad - axis.extent() - (axis.out() - 1) * axis.stride;
  }

  Conv2d& conv_;
  Window2d window_;
};

class ReluStep : public Step {
 public:
  Variable forward(const Variable& x) override { return relu(x); }
  Variable back(const Variable& y) override { return relu(y); }
};

class PoolStep : public Step {
 public:
  PoolStep(const MaxPool2d& pool, const PlacedLayer& placed) : pool_(pool), undo_(placed.path) {
    undo_.undo(pool_, placed.in);
  }

  Variable forward(const Variable& x) override { return pool_.forward(x, {}); }
  Variable back(const Variable& y) override { return undo_.forward(y, {}); }

 private:
  MaxPool2dWithIndices pool_;
  MaxUnpool2d undo_;
};

class DropoutStep : public Step {
 public:
  Variable forward(const Variable& x) override { return x; }
  Variable back(const Variable& y) override { return y; }
};

std::unique_ptr<Step> step_of(const PlacedLayer& placed) {
  auto* conv = dynamic_cast<Conv2d*>(placed.layer);
  if (conv && conv->parameters().front().variable.value().shape()[1] == placed.in.c) {
    return std::make_unique<ConvStep>(*conv, placed);
  }
  if (dynamic_cast<ReLU*>(placed.layer)) return std::make_unique<ReluStep>();
  if (const auto* pool = dynamic_cast<MaxPool2d*>(placed.layer)) {
    return std::make_unique<PoolStep>(*pool, placed);
  }
  if (dynamic_cast<Dropout*>(placed.layer)) return std::make_unique<DropoutStep>();
  fail(ErrorKind::kUsage,
       "deconvnet: expected Conv2d without groups, ReLU, MaxPool2d and Dropout up to the layer; {} "
       "is {}({})\ngrad-cam, saliency and occlusion explain this network",
       placed.path, placed.layer->kind(), placed.layer->options());
}

// The maps of one batch with one value left in each image: the one that speaks most for its class.
Tensor strongest_alone(const Tensor& maps, const std::vector<WeightedMaps>& weighted) {
  std::vector<float> values = nchw_from_images(maps);
  const size_t size = values.size() / weighted.size();
  for (size_t n = 0; n < weighted.size(); ++n) {
    const std::vector<float>& weights = weighted[n].values;
    const auto best = std::max_element(weights.begin(), weights.end()) - weights.begin();
    for (size_t i = 0; i < size; ++i) {
      if (static_cast<std::ptrdiff_t>(i) != best) values[n * size + i] = 0;
    }
  }
  return images_from_nchw(values.data(), maps.n(), maps.c(), maps.h(), maps.w());
}

std::vector<Deconvolved> split_images(const Tensor& patterns) {
  const std::vector<float> values = nchw_from_images(patterns);
  const int c = patterns.c(), h = patterns.h(), w = patterns.w();
  const size_t size = values.size() / static_cast<size_t>(patterns.n());
  std::vector<Deconvolved> all;
  for (size_t i = 0; i < values.size(); i += size) {
    const std::span<const float> pattern{values.data() + i, size};
    all.push_back({.channels = c,
                   .height = h,
                   .width = w,
                   .pattern = {pattern.begin(), pattern.end()},
                   .map = largest_over_channels(pattern, h, w)});
  }
  return all;
}

}  // namespace

std::vector<Deconvolved> deconvnet(Sequential& network, const Tensor& images,
                                   std::span<const int> classes, const std::string& layer) {
  const std::vector<PlacedLayer> layers = placed_layers(network, shape_of(images));
  const size_t last = find_map_layer(layers, layer);
  std::vector<std::unique_ptr<Step>> steps;
  for (size_t i = 0; i <= last; ++i) steps.push_back(step_of(layers[i]));
  Variable y(images);
  for (const auto& step : steps) y = step->forward(y);
  y = Variable(
      strongest_alone(y.value(), weighted_maps(network, images, classes, layers[last].path)));
  for (size_t i = steps.size(); i-- > 0;) y = steps[i]->back(y);
  return split_images(y.value());
}

}  // namespace weir
