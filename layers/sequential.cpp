#include "layers/sequential.h"

#include <algorithm>
#include <span>
#include <typeinfo>

#include "core/base/error.h"
#include "core/functions/cast.h"
#include "layers/fusion.h"
#include "layers/weighted.h"

namespace weir {
namespace {

// The last convolution or linear layer; null without one.
const Layer* last_weighted(std::span<Layer* const> layers) {
  const auto found = std::find_if(layers.rbegin(), layers.rend(),
                                  [](const Layer* layer) { return is_weighted(*layer); });
  return found == layers.rend() ? nullptr : *found;
}

}  // namespace

Sequential& Sequential::add(LayerPtr layer) {
  return add(fmt::format("{}", children_.size()), std::move(layer));
}

Sequential& Sequential::add(std::string name, LayerPtr layer) {
  require(!name.empty() && name.find('.') == std::string::npos,
          "a layer's name must be a word without dots, got '{}'", name);
  for (const Child& child : children_) {
    require(child.name != name, "two layers have the name '{}'", name);
  }
  children_.push_back({std::move(name), std::move(layer)});
  // The last add() happens at the root, so in the end no two layers of a network share a stream.
  number_streams(0);
  return *this;
}

std::vector<Sequential::Leaf> Sequential::leaves() const {
  std::vector<Leaf> list;
  for (const Child& child : children_) {
    if (const auto* nested = dynamic_cast<const Sequential*>(child.layer.get())) {
      for (const Leaf& leaf : nested->leaves()) {
        list.push_back({child.name + "." + leaf.path, leaf.layer});
      }
    } else {
      list.push_back({child.name, child.layer.get()});
    }
  }
  return list;
}

Variable Sequential::forward(const Variable& x, const StepContext& context) {
  std::vector<Layer*> layers;
  unfold(layers);
  const bool bf16 = precision_ == Precision::kBf16;
  const Layer* last = bf16 ? last_weighted(layers) : nullptr;
  Variable y = bf16 ? cast(x, DType::kBF16) : x;
  for (std::span<Layer* const> rest = layers; !rest.empty();) {
    StepContext here = context;
    const bool alone = here.observer != nullptr && here.observer->one_by_one();
    const FusedForm& form = choose_form(alone ? rest.first(1) : rest);
    if (rest[0] == last) here.output = DType::kF32;
    if (here.observer != nullptr) here.observer->before_forward(rest.first(form.length), y);
    y = form.forward(rest, y, here);
    if (here.observer != nullptr) here.observer->after_forward(y);
    rest = rest.subspan(form.length);
  }
  return bf16 ? cast(y, DType::kF32) : y;
}

void Sequential::unfold(std::vector<Layer*>& layers) const {
  for (const Child& child : children_) {
    // Not a derived class, which may have a forward() of its own.
    if (typeid(*child.layer) == typeid(Sequential)) {
      static_cast<const Sequential&>(*child.layer).unfold(layers);
    } else {
      layers.push_back(child.layer.get());
    }
  }
}

FeatureShape Sequential::output_shape(const FeatureShape& in) const {
  FeatureShape shape = in;
  for (const Leaf& leaf : leaves()) {
    try {
      shape = leaf.layer->output_shape(shape);
    } catch (const Error& error) {
      throw Error(error.kind(), leaf.path + ": " + error.what());
    }
  }
  return shape;
}

std::vector<NamedParameter> Sequential::parameters() {
  std::vector<NamedParameter> list;
  for (const Leaf& leaf : leaves()) {
    for (NamedParameter parameter : leaf.layer->parameters()) {
      parameter.name = leaf.path + "." + parameter.name;
      list.push_back(std::move(parameter));
    }
  }
  return list;
}

std::vector<NamedBuffer> Sequential::buffers() {
  std::vector<NamedBuffer> list;
  for (const Leaf& leaf : leaves()) {
    for (const NamedBuffer& buffer : leaf.layer->buffers()) {
      list.push_back({leaf.path + "." + buffer.name, buffer.tensor});
    }
  }
  return list;
}

int64_t Sequential::macs(const FeatureShape& in) const {
  int64_t sum = 0;
  FeatureShape shape = in;
  for (const Leaf& leaf : leaves()) {
    sum += leaf.layer->macs(shape);
    shape = leaf.layer->output_shape(shape);
  }
  return sum;
}

uint32_t Sequential::number_streams(uint32_t first) {
  for (const Child& child : children_) first = child.layer->number_streams(first);
  return first;
}

}  // namespace weir
