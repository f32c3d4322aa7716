// Max unpooling as a layer, and the max pooling that it undoes.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>

#include "core/functions/max_unpool2d.h"
#include "layers/pool2d.h"

namespace weir {

// What a pooling leaves for its unpooling, within one forward pass.
struct UnpoolSlot {
  Tensor indices;             // undefined until the pooling ran, and again when they were taken
  std::array<int, 2> size{};  // of the map that was pooled
};

// A MaxPool2d that leaves its indices. Copies leave them in the same slot.
class MaxPool2dWithIndices : public MaxPool2d {
 public:
  explicit MaxPool2dWithIndices(const MaxPool2d& pool) : MaxPool2d(pool) {}

  Variable forward(const Variable& x, const StepContext&) override;
  const std::shared_ptr<UnpoolSlot>& slot() const { return slot_; }

 private:
  std::shared_ptr<UnpoolSlot> slot_ = std::make_shared<UnpoolSlot>();
};

// Takes indices and size from the pooling of the same forward pass; so each pooling can be undone
// once.
class MaxUnpool2d : public Layer {
 public:
  // `of` names the pooling in messages. undo() must follow.
  explicit MaxUnpool2d(std::string of) : of_(std::move(of)) {}
  // The pooling that this undoes, which takes maps of `pooled` when the network is built.
  void undo(const MaxPool2dWithIndices& pool, const FeatureShape& pooled);
  const std::string& of() const { return of_; }

  std::string_view kind() const override { return "MaxUnpool2d"; }
  std::string options() const override;
  // Throws kUsage when the pooling did not run before this in the same pass.
  Variable forward(const Variable& x, const StepContext&) override;
  // Throws kUsage unless `in` is what the pooling gave.
  FeatureShape output_shape(const FeatureShape& in) const override;
  std::array<int, 2> enlarges() const override;

 private:
  // The pooling, after undo().
  struct Undone {
    std::shared_ptr<UnpoolSlot> slot;
    MaxPool2dOptions pool;
    FeatureShape before, after;
  };
  const Undone& undone() const;

  std::string of_;
  std::optional<Undone> undone_;
};

}  // namespace weir
