#include "layers/layer_watch.h"

namespace weir {

void LayerWatch::before_forward(std::span<Layer* const> layers, const Variable& x) {
  running_ = nullptr;
  for (size_t i = 0; i < layers_.size(); ++i) {
    if (layers_[i] == layers.front()) running_ = &passes_[i];
  }
  if (running_ != nullptr) *running_ = {.x = x, .y = {}, .gradient = {}};
}

void LayerWatch::after_forward(const Variable& y) {
  if (running_ != nullptr) running_->y = y;
}

void LayerWatch::before_backward(size_t) { keep_gradients(); }

// A gradient is complete just before the operation that computed its variable takes it away. What
// is kept earlier is replaced; what is kept is shared, so nobody writes into it.
void LayerWatch::keep_gradients() {
  for (LayerPass& pass : passes_) {
    if (pass.x.defined() && pass.x.grad().defined()) pass.gradient = pass.x.grad();
  }
}

}  // namespace weir
