// Keeps what goes into pooling layers, what comes out, and the gradient that comes back.
#pragma once

#include <span>
#include <vector>

#include "layers/layer.h"
#include "train/diagnose/pooling_layers.h"

namespace weir {

// Of one layer, in the last pass of the network.
struct PoolPass {
  Variable x, y;
  Tensor gradient;  // of x; undefined without a backward pass
};

// PoolWatch watch(layers);
// Tape tape(&watch);
// const Variable loss = ... network.forward(x, {.training = true, .observer = &watch});
// tape.backward(loss);
// watch.finish();
class PoolWatch : public LayerObserver, public TapeObserver {
 public:
  // `layers` must outlive the object.
  explicit PoolWatch(const std::vector<PoolingLayer>& layers)
      : layers_(layers), passes_(layers.size()) {}

  // A pooling that is part of its convolution's call has no input of its own.
  bool one_by_one() const override { return true; }
  void before_forward(std::span<Layer* const> layers, const Variable& x) override;
  void after_forward(const Variable& y) override;
  void before_backward(size_t node) override;

  // After the backward pass: gradients of what no operation computed, such as the pictures.
  void finish() { keep_gradients(); }
  // One for each layer, in their order.
  const std::vector<PoolPass>& passes() const { return passes_; }

 private:
  void keep_gradients();

  const std::vector<PoolingLayer>& layers_;
  std::vector<PoolPass> passes_;
  PoolPass* running_ = nullptr;  // null: not a pooling layer
};

}  // namespace weir
