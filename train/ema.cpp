#include "train/ema.h"

#include <algorithm>

#include "core/base/error.h"
#include "train/optimizer/elementwise.h"

namespace weir {

Ema::Ema(std::vector<NamedParameter> parameters, double decay)
    : parameters_(std::move(parameters)), decay_(decay) {
  require(decay > 0 && decay < 1, "ema_decay must lie between 0 and 1, found {}", decay);
  for (const NamedParameter& parameter : parameters_) {
    averages_.push_back({parameter.name, parameter.variable.value().clone()});
  }
}

void Ema::update(int64_t step) {
  const auto t = static_cast<double>(step);
  const auto keep = static_cast<float>(std::min(decay_, (1.0 + t) / (10.0 + t)));
  std::vector<int64_t> counts;
  for (size_t k = 0; k < averages_.size(); ++k) {
    const bool trains = parameters_[k].variable.requires_grad();
    counts.push_back(trains ? averages_[k].tensor.numel() : 0);
  }
  update_elements(counts, [&](size_t k, int64_t begin, int64_t end) {
    const float* weights = parameters_[k].variable.value().data();
    float* average = averages_[k].tensor.data();
    for (int64_t i = begin; i < end; ++i) average[i] += (1.f - keep) * (weights[i] - average[i]);
  });
}

void Ema::swap() {
  for (size_t k = 0; k < parameters_.size(); ++k) {
    Tensor& average = averages_[k].tensor;
    std::swap_ranges(average.data(), average.data() + average.numel(),
                     parameters_[k].variable.value().data());
  }
}

}  // namespace weir
