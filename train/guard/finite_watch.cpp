#include "train/guard/finite_watch.h"

#include <cmath>
#include <string>

#include "core/base/error.h"
#include "core/functions/cast.h"
#include "core/kernels/elementwise.h"

namespace weir {
namespace {

using kernels::all_finite;

// "" when every parameter is finite.
std::string bad_parameter(Sequential& network, bool gradients) {
  for (const NamedParameter& parameter : network.parameters()) {
    const Tensor& tensor = gradients ? parameter.variable.grad() : parameter.variable.value();
    if (tensor.defined() && !all_finite(tensor)) return parameter.name;
  }
  return "";
}

// "" when every output is finite. Batch statistics and precision are those of the step.
std::string bad_output(Sequential& network, const Tensor& images, const StepContext& context) {
  Variable x = cast(Variable(images), storage_of(network.precision()));
  for (const Sequential::Leaf& leaf : network.leaves()) {
    x = leaf.layer->forward(x, context);
    if (!all_finite(x.value())) return fmt::format("{} ({})", leaf.path, leaf.layer->kind());
  }
  return "";
}

std::string find_culprit(Sequential& network, const Tensor& images, const StepContext& context) {
  if (!all_finite(images)) return "the pictures themselves hold a value that is not finite";
  if (const std::string name = bad_parameter(network, false); !name.empty()) {
    return fmt::format("parameter {} is not finite", name);
  }
  if (const std::string name = bad_output(network, images, context); !name.empty()) {
    return fmt::format("the first output that is not finite is that of layer {}", name);
  }
  if (const std::string name = bad_parameter(network, true); !name.empty()) {
    return fmt::format("the gradient of {} is not finite", name);
  }
  return "all outputs are finite: the loss or the sum of the squared gradients overflowed";
}

}  // namespace

bool is_finite(const StepState& state) {
  return std::isfinite(state.loss) && std::isfinite(state.grad_norm);
}

void explain_not_finite(Sequential& network, const Tensor& images, const StepContext& context,
                        const StepState& state) {
  fail(ErrorKind::kTraining,
       "training diverged in epoch {}, step {}: loss {}, gradient norm {}, lr {:.3g}; {}. Try a "
       "lower optimizer.lr, scheduler.warmup_epochs, train.clip_grad_norm (2 is a good start) or "
       "model.batch_norm",
       state.epoch, state.step, state.loss, state.grad_norm, state.lr,
       find_culprit(network, images, context));
}

}  // namespace weir
