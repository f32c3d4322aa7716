// Where the time of a training step goes, layer by layer.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/autograd/variable.h"
#include "core/base/stopwatch.h"
#include "layers/sequential.h"
#include "train/trainer/training_step.h"

namespace weir {

// One direction of a layer, for one batch.
struct PassCost {
  double seconds = 0;
  double flop = 0;   // nominal: taps in the padding count, savings such as Winograd's do not
  double bytes = 0;  // each tensor once that is read or written
};

// A layer, or several that one call computes.
struct LayerCost {
  std::string name;  // path of the first: "features.3"
  std::string kind;  // "Conv2d + ReLU"
  // Of the convolution in it, else empty: "panels", or "winograd/panels/panels" for forward,
  // backward data and backward weights.
  std::string kernel;
  PassCost forward, backward;
};

// The mean of values[i] over these i.
double mean_of(std::span<const double> values, std::span<const size_t> indices);

// Watches whole steps: step.run(batch, clock.observers()).
class LayerClock : public LayerObserver, public TapeObserver {
 public:
  // `network` gets inputs of this shape, and must outlive the clock.
  LayerClock(Sequential& network, const FeatureShape& input);

  StepObservers observers() { return {.forward = this, .backward = this}; }
  // Between steps: what follows is a new one.
  void start_step();

  // Means over these steps, numbered from 0; the rows are in order of execution.
  std::vector<LayerCost> costs(std::span<const size_t> steps) const;

  void before_forward(std::span<Layer* const> layers, const Variable& x) override;
  void after_forward(const Variable& y) override;
  void on_record() override;
  void before_backward(size_t node) override;
  void after_backward() override;

 private:
  struct Row {
    LayerCost cost;                             // without seconds
    std::vector<double> forward_s, backward_s;  // of each step
  };
  struct Place {
    std::string path;
    FeatureShape in;
  };
  // All of it but the seconds and what the output adds.
  LayerCost describe(std::span<Layer* const> layers, const Variable& x) const;

  void add_output(LayerCost& cost, const Variable& y) const;

  std::map<const Layer*, Place> places_;
  std::vector<Row> rows_;
  size_t calls_ = 0;                  // so far in this step: the row of the next one
  std::optional<size_t> inside_;      // the row whose layers are running
  const std::byte* input_ = nullptr;  // its memory: Flatten gives it on as it is
  // For each node of this step's tape, the row that recorded it; none for the loss.
  std::vector<std::optional<size_t>> row_of_node_;
  Stopwatch watch_;
};

}  // namespace weir
