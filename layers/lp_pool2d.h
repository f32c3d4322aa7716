// Pooling by the p-norm as a layer; the three forms are in core/functions/lp_pool2d.h.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/functions/lp_pool2d.h"
#include "layers/sliding_pool2d.h"

namespace weir {

// LPPool2d{{.slide = {.kernel_size = 3}, .p = 4}}. With `learnable` it owns p, of shape (1).
class LPPool2d : public SlidingPool2d {
 public:
  struct Options {
    PoolSlide slide;
    LpForm form = LpForm::kSum;
    float p = 2;
    bool absolute = true;
    bool learnable = false;
    std::optional<float> sigma = std::nullopt;
    std::optional<float> floor = std::nullopt;
  };
  // Throws kUsage for p, sigma <= 0, or a learnable p for powers of negative numbers.
  explicit LPPool2d(const Options& options);

  // GeM: the mean of powers, of inputs of at least eps (Radenovic, Tolias, Chum, TPAMI 2019,
  // arXiv:1711.02512).
  struct GeMOptions {
    PoolSlide slide{.kernel_size = 0};  // 0: the whole map, as in the paper
    float p = 3;
    float eps = 1e-6f;
    bool learnable = true;
  };
  static Options gem(const GeMOptions& options);

  std::string_view kind() const override;
  Variable forward(const Variable& x, const StepContext& context) override;
  std::vector<NamedParameter> parameters() override;

 private:
  std::string reducer_options() const override;

  Options options_;
  Variable p_;  // undefined unless learnable
};

}  // namespace weir
