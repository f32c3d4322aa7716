#include "train/optimizer/sgd.h"

#include "core/base/error.h"
#include "train/optimizer/elementwise.h"

namespace weir {
namespace {

struct SgdStep {
  float lr, weight_decay, momentum;
};

void plain_update(float* __restrict p, const float* __restrict g, int64_t count, SgdStep s) {
  for (int64_t i = 0; i < count; ++i) p[i] -= s.lr * (g[i] + s.weight_decay * p[i]);
}

template <bool kNesterov>
void momentum_update(float* __restrict p, const float* __restrict g, float* __restrict buf,
                     int64_t count, SgdStep s) {
  for (int64_t i = 0; i < count; ++i) {
    const float d = g[i] + s.weight_decay * p[i];
    buf[i] = s.momentum * buf[i] + d;
    p[i] -= s.lr * (kNesterov ? d + s.momentum * buf[i] : buf[i]);
  }
}

}  // namespace

Sgd::Sgd(std::vector<NamedParameter> parameters, const OptimizerOptions& options)
    : Optimizer(std::move(parameters), options) {
  require(!options.nesterov || options.momentum > 0.f,
          "optimizer sgd: nesterov needs momentum > 0, found {}", options.momentum);
  if (options.momentum > 0.f) momentum_ = zeros_like_parameters("momentum.");
}

void Sgd::step(float lr) {
  update_elements(element_counts(), [&](size_t k, int64_t begin, int64_t end) {
    Variable& variable = parameters_[k].variable;
    float* p = variable.value().data() + begin;
    const float* g = variable.grad().data() + begin;
    const SgdStep s{lr * rule(k).lr_scale, rule(k).weight_decay, options_.momentum};
    if (momentum_.empty()) return plain_update(p, g, end - begin, s);
    float* buf = momentum_[k].tensor.data() + begin;
    if (options_.nesterov) {
      momentum_update<true>(p, g, buf, end - begin, s);
    } else {
      momentum_update<false>(p, g, buf, end - begin, s);
    }
  });
}

}  // namespace weir
