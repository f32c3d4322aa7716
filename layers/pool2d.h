// Pooling layers: options and shapes; the operators are in core/functions/pool2d.h.
#pragma once

#include <array>
#include <optional>
#include <string>

#include "core/functions/pool2d.h"
#include "layers/layer.h"
#include "layers/pair.h"

namespace weir {

// MaxPool2d{{.kernel_size = 3, .stride = 2, .padding = 1}}
class MaxPool2d : public Layer {
 public:
  struct Options {
    Pair kernel_size = 2;
    Pair stride = kernel_size;
    Pair padding = 0;  // at most half the extent of the kernel
    Pair dilation = 1;
    bool ceil_mode = false;
  };
  explicit MaxPool2d(const Options& options);

  std::string_view kind() const override { return "MaxPool2d"; }
  std::string options() const override;
  Variable forward(const Variable& x, const StepContext&) override { return max_pool2d(x, pool_); }
  // What forward() calls the function with.
  const MaxPool2dOptions& pool() const { return pool_; }
  FeatureShape output_shape(const FeatureShape& in) const override;
  Window2d window(const FeatureShape& in) const override {
    return window_of("max_pool2d", pool_, in.h, in.w);
  }

 private:
  Options options_;
  MaxPool2dOptions pool_;
};

// AvgPool2d{{.kernel_size = 2}}
class AvgPool2d : public Layer {
 public:
  struct Options {
    Pair kernel_size = 2;
    Pair stride = kernel_size;
    Pair padding = 0;
    bool ceil_mode = false;
    bool count_include_pad = true;
    std::optional<int> divisor_override = std::nullopt;
  };
  explicit AvgPool2d(const Options& options);

  std::string_view kind() const override { return "AvgPool2d"; }
  std::string options() const override;
  Variable forward(const Variable& x, const StepContext&) override { return avg_pool2d(x, pool_); }
  // What forward() calls the function with.
  const AvgPool2dOptions& pool() const { return pool_; }
  FeatureShape output_shape(const FeatureShape& in) const override;
  Window2d window(const FeatureShape& in) const override {
    return window_of("avg_pool2d", pool_.window(), in.h, in.w);
  }

 private:
  Options options_;
  AvgPool2dOptions pool_;
};

// AdaptiveAvgPool2d{1} is global average pooling: the network then takes any image size.
class AdaptiveAvgPool2d : public Layer {
 public:
  explicit AdaptiveAvgPool2d(Pair output_size);

  std::string_view kind() const override { return "AdaptiveAvgPool2d"; }
  std::string options() const override;
  Variable forward(const Variable& x, const StepContext&) override {
    return adaptive_avg_pool2d(x, output_size_);
  }
  FeatureShape output_shape(const FeatureShape& in) const override;
  // The largest cell; cells differ in size when the input is not a multiple of the output.
  Window2d window(const FeatureShape& in) const override;

 private:
  Pair output_size_;
};

}  // namespace weir
