// Keeps what goes into chosen layers, what comes out, and the gradient that comes back.
#pragma once

#include <span>
#include <utility>
#include <vector>

#include "layers/layer.h"

namespace weir {

// Of one layer, in the last pass of the network.
struct LayerPass {
  Variable x, y;
  Tensor gradient;  // of x; undefined without a backward pass
};

// LayerWatch watch({pool, head});
// Tape tape(&watch);
// const Variable loss = ... network.forward(x, {.training = true, .observer = &watch});
// tape.backward(loss);
// watch.finish();
class LayerWatch : public LayerObserver, public TapeObserver {
 public:
  // Layers of the network that will run.
  explicit LayerWatch(std::vector<const Layer*> layers)
      : layers_(std::move(layers)), passes_(layers_.size()) {}

  // A layer that is part of another one's call has no input of its own.
  bool one_by_one() const override { return true; }
  void before_forward(std::span<Layer* const> layers, const Variable& x) override;
  void after_forward(const Variable& y) override;
  void before_backward(size_t node) override;

  // After the backward pass: gradients of what no operation computed, such as the pictures.
  void finish() { keep_gradients(); }
  // One for each layer, in their order.
  const std::vector<LayerPass>& passes() const { return passes_; }

 private:
  void keep_gradients();

  std::vector<const Layer*> layers_;
  std::vector<LayerPass> passes_;
  LayerPass* running_ = nullptr;  // null: not one of the layers
};

}  // namespace weir
