// A chain of named layers, itself a layer.
//
//   Sequential net{Conv2d{3, 96, {.kernel_size = 3, .padding = 1}}, ReLU{}, Flatten{}};
//   net.forward(x, {.training = true, .seed = 1, .step = 0});
#pragma once

#include <concepts>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "core/runtime/precision.h"
#include "layers/layer.h"

namespace weir {

// Children are named by their position ("0", "1", ...) unless a name is given; parameters carry the
// path as PyTorch's state_dict does: "features.3.weight".
class Sequential : public Layer {
 public:
  // A layer that is no Sequential, with its path from this one.
  struct Leaf {
    std::string path;
    Layer* layer;  // owned by the network
  };

  Sequential() = default;
  // From layers by value, which are moved in.
  template <std::derived_from<Layer>... Layers>
  explicit Sequential(Layers... layers) {
    (add(std::make_unique<Layers>(std::move(layers))), ...);
  }

  // Appends a layer. Throws kUsage for a name that is taken, empty or has a dot.
  Sequential& add(LayerPtr layer);
  Sequential& add(std::string name, LayerPtr layer);
  template <std::derived_from<Layer> T>
  Sequential& add(std::string name, T layer) {
    return add(std::move(name), std::make_unique<T>(std::move(layer)));
  }

  int size() const { return static_cast<int>(children_.size()); }
  // The layers in order of execution, nested ones unfolded.
  std::vector<Leaf> leaves() const;

  // How forward() of this one computes; what nested ones say does not matter. With kBf16 the input
  // is rounded to bf16, the last convolution or linear layer writes floats, and floats come out:
  // logits are not rounded. With kFp32, the default, nothing is converted.
  void set_precision(Precision precision) { precision_ = precision; }
  Precision precision() const { return precision_; }

  std::string_view kind() const override { return "Sequential"; }
  // Nested ones unfolded; neighbours that fit together run as one call (layers/fusion.h).
  Variable forward(const Variable& x, const StepContext& context) override;
  // Errors start with the path of the layer: "classifier.0: expected 4096 inputs, got 9216; ..."
  FeatureShape output_shape(const FeatureShape& in) const override;
  std::vector<NamedParameter> parameters() override;
  std::vector<NamedBuffer> buffers() override;
  int64_t macs(const FeatureShape& in) const override;
  uint32_t number_streams(uint32_t first) override;

 private:
  struct Child {
    std::string name;
    LayerPtr layer;
  };
  // Appends the layers that forward() runs, in order.
  void unfold(std::vector<Layer*>& layers) const;

  std::vector<Child> children_;
  Precision precision_ = Precision::kFp32;
};

}  // namespace weir
