// What every layer is: parameters and options, one forward function, and the arithmetic that
// `weir summary` prints. The mathematics is in core/functions.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/autograd/variable.h"
#include "core/window.h"

namespace weir {

// Shape of one image's features between layers. `flat` after Flatten: PyTorch's (N, C*H*W). The
// memory stays in panels, so h and w are kept for the layer that follows.
struct FeatureShape {
  int c = 0, h = 1, w = 1;
  bool flat = false;
  int64_t numel() const { return int64_t{c} * h * w; }
  // "(96, 16, 16)" or "(4096)"
  std::string str() const;
  bool operator==(const FeatureShape&) const = default;
};

// A tensor with a state_dict name, relative to the layer that owns it ("weight", "running_mean").
struct NamedParameter {
  std::string name;
  Variable variable;  // shared with the layer; PyTorch's layout
  bool decay = true;  // false for biases, scales and shifts: optimizers may spare them
  // Fills the value as the layer begins; none: as the initialiser chooses (layers/init.h).
  std::function<void(Tensor&)> start = nullptr;
};
struct NamedBuffer {
  std::string name;
  Tensor* tensor;  // owned by the layer
};

class LayerObserver;

// What a training step tells its layers.
struct StepContext {
  bool training = false;
  uint64_t seed = 0;
  uint32_t step = 0;                  // global step: the counter of dropout's random numbers
  LayerObserver* observer = nullptr;  // null: nobody watches
  // What layers with a matrix of weights store their output as; none: like their input. Sequential
  // says F32 to the one where the bf16 part of a network ends.
  std::optional<DType> output = std::nullopt;
};

class Layer;

// Is told what a Sequential computes, for measuring.
class LayerObserver {
 public:
  virtual ~LayerObserver() = default;
  // True: every layer is a call of its own, none is fused with its neighbours.
  virtual bool one_by_one() const { return false; }
  // One call is about to compute `layers` from x, and computed y.
  virtual void before_forward(std::span<Layer* const> layers, const Variable& x) = 0;
  virtual void after_forward(const Variable& y) = 0;
};

class Layer {
 public:
  virtual ~Layer() = default;
  // PyTorch's class name: "Conv2d".
  virtual std::string_view kind() const = 0;
  // PyTorch's extra_repr: "3, 96, kernel_size=(3, 3), padding=(1, 1)"; may be empty.
  virtual std::string options() const { return ""; }
  virtual Variable forward(const Variable& x, const StepContext& context) = 0;
  // Throws kUsage when the layer cannot take `in`; for windows the message holds the master
  // formula.
  virtual FeatureShape output_shape(const FeatureShape& in) const = 0;

  virtual std::vector<NamedParameter> parameters() { return {}; }
  virtual std::vector<NamedBuffer> buffers() { return {}; }
  // Multiply-adds for one image.
  virtual int64_t macs(const FeatureShape&) const { return 0; }
  // The window that the layer slides over `in`: receptive field and stride follow from it. Layers
  // without one look at each pixel alone, which is a 1x1 window.
  virtual Window2d window(const FeatureShape& in) const { return {{.in = in.h}, {.in = in.w}}; }
  // Pixels of the output for one of the input along each axis, where the layer enlarges maps: the
  // distance of its outputs in pixels of the image shrinks by that.
  virtual std::array<int, 2> enlarges() const { return {1, 1}; }
  // Layers that draw random numbers take the stream `first`, so that no two of a network share one.
  // Returns the next free stream.
  virtual uint32_t number_streams(uint32_t first) { return first; }
};

using LayerPtr = std::unique_ptr<Layer>;

}  // namespace weir
